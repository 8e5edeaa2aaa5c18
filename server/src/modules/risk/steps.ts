import { assessRisk, fastFormSeconds, type RiskAssessment, type RiskFacts, type RiskOutcome } from '@qihui/shared/risk'
import { bytesInSet, type Tx } from '../../db/pool.ts'
import { newId } from '../../security/newId.ts'
import type { Services } from '../../services.ts'
import { pairKeys, signalKeys, type AttemptTraces } from './signalKeys.ts'
import { countAttempts, insertAlarms, insertDecision } from './tables.ts'

const hourLength = '2026-01-01T00'.length

/** The draft this attempt belongs to; its phone comes sealed. */
export interface AttemptDraft {
  readonly draftId: string
  readonly dataKeySealed: Buffer
  readonly phoneSealed: Buffer | null
  readonly formVersion: string
  readonly expiresAt: Date
}

/** What the counters know of one attempt, this one included. */
export type CountedFacts = Omit<RiskFacts, 'vendorRank' | 'allowedPer10Min' | 'formSeconds'>

interface CountRow {
  /** By signal: in ten minutes, in an hour, fast ones in ten minutes. */
  readonly counts: Readonly<Record<string, readonly [number, number, number]>>
  readonly other_phones: number
  readonly other_accounts: number
}

/** Keeps the phone and counts the attempt; a repeat of the same draft is not counted again. */
export async function recordAttempt(
  { db, cipher }: Pick<Services, 'db' | 'cipher'>,
  attempt: { readonly traces: AttemptTraces; readonly draft: AttemptDraft; readonly formSeconds: number | null; readonly visitId: string | null; readonly at: Date },
): Promise<CountedFacts> {
  const { traces, draft, formSeconds, at } = attempt
  const { signals, keys } = signalKeys(cipher, traces)
  const pair = pairKeys(cipher, traces)
  const [row] = await db.runInSet<CountRow>(countAttempts, {
    namespace: traces.namespace, open_id: traces.openId, draft_id: draft.draftId, channel_token: traces.channelToken, form_version: draft.formVersion,
    data_key: bytesInSet(draft.dataKeySealed), phone: draft.phoneSealed && bytesInSet(draft.phoneSealed), at, expires_at: draft.expiresAt,
    signals, keys: keys.map(bytesInSet), is_fast: formSeconds !== null && formSeconds < fastFormSeconds,
    account_key: bytesInSet(pair.account), phone_key: pair.phone && bytesInSet(pair.phone), attempt_id: newId(), visit_id: attempt.visitId,
  })
  if (row === undefined) throw new Error('the attempt was not counted')
  const of = (signal: string) => row.counts[signal] ?? [0, 0, 0]
  return {
    ipIn10Min: of('ip')[0],
    ipInHour: of('ip')[1],
    networkIn10Min: of('network')[0],
    segmentIn10Min: of('segment')[0],
    channelIn10Min: of('channel')[0],
    fastInChannelIn10Min: of('channel')[2],
    repIn10Min: of('rep')[0],
    clientIn10Min: of('client')[0],
    phonesOfAccountInDay: row.other_phones + (traces.phone === null ? 0 : 1),
    accountsOfPhoneIn30Days: row.other_accounts + (traces.phone === null ? 0 : 1),
  }
}

/** Assesses an attempt and raises the alarms its thresholds call for, once per threshold and hour (R95). */
export async function assessAttempt(tx: Tx, facts: RiskFacts, at: Date): Promise<RiskAssessment> {
  const assessment = assessRisk(facts)
  if (assessment.signals.length > 0) {
    const hour = at.toISOString().slice(0, hourLength)
    await tx.run(insertAlarms, [assessment.signals.map(({ rule }) => `${rule}:${hour}`), at, assessment.reasons])
  }
  return assessment
}

/** Keeps why somebody was challenged or denied; a hold is kept with the member it holds. */
export async function keepDecision(
  tx: Tx,
  decided: { readonly outcome: RiskOutcome; readonly reasons: readonly string[]; readonly namespace: string; readonly openId: string; readonly channelId: string | null; readonly at: Date },
): Promise<void> {
  await tx.run(insertDecision, [newId(), decided.at, decided.outcome, decided.reasons, decided.namespace, decided.openId, decided.channelId])
}
