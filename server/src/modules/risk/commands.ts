import { AppError } from '@qihui/shared/errors'
import { growthRulesAt, type GrowthRules } from '@qihui/shared/growth'
import type { BodyOf, ResponseOf } from '@qihui/shared/http'
import type { createRiskAllowance as createRiskAllowanceContract, RiskDecision, RiskOutcome } from '@qihui/shared/risk'
import type { Tx } from '../../db/pool.ts'
import type { StaffActor } from '../../http/actor.ts'
import { newId } from '../../security/newId.ts'
import type { Services } from '../../services.ts'
import { auditActorOf, recordAudit } from '../audit/steps.ts'
import { postGrowth, type LockedMember } from '../growth/steps.ts'
import { getRiskDecision } from './queries.ts'
import { insertAllowance, insertAudit, lockDecision, lockHeldMember, selectRegistrationGrowth, updateHeld, updateVerdict } from './tables.ts'

type HeldMember = LockedMember & { readonly held_at: Date | null; readonly confirmed_at: Date | null }
interface LedgerRow {
  readonly growth_entry_id: string
  readonly kind: 'earn' | 'reverse'
  readonly amount: number
  readonly source_id: string
  readonly occurred_at: Date
}

/** What registering gave comes with the release and goes with the hold; the ledger is only ever added to. */
async function settleGrowth(tx: Tx, growthVersions: readonly [GrowthRules, ...GrowthRules[]], member: HeldMember, isHeld: boolean, at: Date): Promise<void> {
  const entries = await tx.run<LedgerRow>(selectRegistrationGrowth, [member.member_id])
  const balance = entries.reduce((sum, { amount }) => sum + amount, 0)
  const sourceId = `${member.member_id}:${entries.length}`
  if (!isHeld && balance === 0 && member.confirmed_at !== null) {
    // What joining was worth on the day it happened.
    const { registration } = growthRulesAt(growthVersions, member.registered_at.toISOString())
    if (registration === 0) return
    const source = entries.length === 0 ? { source: 'registration', sourceId: member.member_id } : { source: 'riskReview', sourceId }
    await postGrowth(tx, member, { kind: 'earn', amount: registration, ...source, occurredAt: member.registered_at }, at)
  }
  const earned = entries.filter(({ kind }) => kind === 'earn').at(-1)
  if (isHeld && balance > 0 && earned !== undefined) {
    await postGrowth(tx, member, { kind: 'reverse', amount: -balance, source: 'riskReview', sourceId, occurredAt: earned.occurred_at, reverses: earned.growth_entry_id }, at)
  }
}

/**
 * A person's look at a decision of the rules (PIPL 24, R95). `released` counts growth from the registration on, and lets somebody who was
 * denied try again; `confirmed` keeps the hold. Deciding the other way takes it back; the same way twice changes nothing.
 * @throws AppError `request.notFound`
 */
export async function reviewRiskDecision(
  services: Pick<Services, 'db' | 'now' | 'cipher' | 'growthRules'>,
  actor: StaffActor,
  review: { readonly decisionId: string; readonly verdict: 'released' | 'confirmed'; readonly note?: string | undefined; readonly requestId: string },
): Promise<RiskDecision> {
  const at = services.now()
  const { decisionId, verdict } = review
  const growthVersions = await services.growthRules.versions()
  await services.db.transaction(async (tx) => {
    const [decision] = await tx.run<{ outcome: RiskOutcome; verdict: string | null; member_id: string | null }>(lockDecision, [decisionId])
    if (decision === undefined) throw new AppError('request.notFound')
    if (decision.verdict === verdict) return
    await tx.run(updateVerdict, [decisionId, verdict, actor.staffUserId, at, review.note ?? null])
    const [member] = decision.member_id === null ? [] : await tx.run<HeldMember>(lockHeldMember, [decision.member_id])
    await tx.run(insertAudit, [newId(), at, actor.staffUserId, `riskDecision.${verdict}`, `riskDecision:${decisionId}`, member?.person_id ?? null, review.requestId])
    if (member === undefined) return
    const isHeld = verdict === 'confirmed'
    await tx.run(updateHeld, [member.member_id, isHeld ? (member.held_at ?? at) : null])
    await settleGrowth(tx, growthVersions, member, isHeld, at)
  })
  return getRiskDecision(services, decisionId)
}

/**
 * Registers a higher limit for an event, for its channel and time only (domain rules g 4).
 * @throws AppError `channel.notFound`, `request.invalid` when it ends before it begins
 */
export async function createRiskAllowance(
  { db, now }: Pick<Services, 'db' | 'now'>,
  actor: StaffActor,
  input: BodyOf<typeof createRiskAllowanceContract>,
): Promise<ResponseOf<typeof createRiskAllowanceContract>> {
  const [from, until] = [new Date(input.from), new Date(input.until)]
  if (until <= from) throw new AppError('request.invalid', undefined, [{ path: 'body.until', message: '结束时间须晚于开始时间' }])
  const allowanceId = newId()
  await db.transaction(async (tx) => {
    const inserted = await tx.run(insertAllowance, [allowanceId, input.name, input.channelId, input.maxPerTenMinutes, from, until, actor.staffUserId])
    if (inserted.length === 0) throw new AppError('channel.notFound')
    await recordAudit(tx, { at: now(), actor: auditActorOf(actor), action: 'riskAllowance.create', subject: `riskAllowance:${allowanceId}` })
  })
  return { allowanceId, name: input.name, channelId: input.channelId, maxPerTenMinutes: input.maxPerTenMinutes, from: from.toISOString(), until: until.toISOString(), createdBy: actor.staffUserId }
}
