import { firstTierRules, localDateOf, tierStanding, type LedgerEntry, type TierRules, type TierStanding } from '@qihui/shared/tier'
import type { Tx } from '../../db/pool.ts'
import { beginBenefitPeriods } from '../benefit/steps.ts'
import { insertTierEvents, selectLedger, selectTierRules, updateStanding } from './tables.ts'

type RuleVersions = readonly [TierRules, ...TierRules[]]

/** Every version of the rules, oldest first; the ones a new installation starts with when there are none. */
export async function loadTierRules(tx: Tx): Promise<RuleVersions> {
  const rows = await tx.run<{ version: string; effective_from: Date; definition: Omit<TierRules, 'version' | 'effectiveFrom'> }>(selectTierRules, [])
  const [first = firstTierRules, ...others] = rows.map((row) => ({ ...row.definition, version: row.version, effectiveFrom: row.effective_from.toISOString() }))
  return [first, ...others]
}

/** A member whose tier may change: locked by the caller. */
export interface TierSubject {
  readonly member_id: string
  readonly registered_at: Date
}

/** The whole ledger of one member as the engine reads it. */
export async function loadLedger(tx: Tx, memberId: string): Promise<LedgerEntry[]> {
  const rows = await tx.run<{ amount: number; occurred_at: Date; posted_at: Date }>(selectLedger, [memberId])
  return rows.map((row) => ({ amount: row.amount, occurredAt: row.occurred_at.toISOString(), postedAt: row.posted_at.toISOString() }))
}

/**
 * Lets the engine decide about one member and keeps what it says: the posting and its upgrade are one transaction (domain rules b 4).
 * A review or an end of grace that was due before this posting is decided on the way, so a late night changes nothing. What the first day
 * of a tier gives is given here.
 */
export async function settleTier(tx: Tx, subject: TierSubject, at: Date): Promise<TierStanding> {
  const standing = tierStanding(await loadLedger(tx, subject.member_id), await loadTierRules(tx), subject.registered_at.toISOString(), at.toISOString())
  const { reasons } = standing
  await tx.run(updateStanding, [subject.member_id, standing.tier, standing.since, standing.growthValue, standing.anchor, standing.reviewOn, standing.graceUntil])
  await tx.run(insertTierEvents, [
    subject.member_id,
    reasons.map((reason) => reason.at),
    reasons.map((reason) => reason.kind),
    reasons.map((reason) => reason.tier),
    reasons.map((reason) => reason.growthValue),
    reasons.map((reason) => reason.rulesVersion),
  ])
  // Grace is the period it follows, with everything it has (R51).
  const began = reasons.findLast(({ kind }) => kind !== 'graceStarted')?.at ?? standing.since
  await beginBenefitPeriods(tx, [subject.member_id], localDateOf(began), at)
  return standing
}
