import type { Identifier } from '@qihui/shared/identity'
import { tiers, type TierCode, type TierStanding } from '@qihui/shared/tier'
import { newId } from '../../security/newId.ts'
import type { Tx } from '../../db/pool.ts'
import { enqueue } from '../../jobs/enqueue.ts'
import { linkIdentity } from '../identity/jobs.ts'
import { touchActivity } from '../lifecycle/steps.ts'
import { settleTier } from '../tier/steps.ts'
import { insertGrowthEntry, insertTimelineEntry } from './tables.ts'

/** A member locked for a change of growth. */
export interface LockedMember {
  readonly member_id: string
  readonly person_id: string
  readonly growth_value: number
  readonly tier: TierCode
  readonly registered_at: Date
}

/** The same with the days its tier is waiting for, for an answer that shows them. */
export interface StandingMember extends LockedMember {
  /** Local days, `YYYY-MM-DD`. */
  readonly review_on: string | null
  readonly grace_until: string | null
}

/** One line for the ledger; one (source, sourceId, kind) counts once for ever. */
export interface GrowthPosting {
  readonly kind: 'earn' | 'reverse'
  readonly amount: number
  readonly source: string
  readonly sourceId: string
  /** Business time. A reversal carries that of the entry it reverses, so that both leave the window together. */
  readonly occurredAt: Date
  /** The entry a reversal takes back. */
  readonly reverses?: string
  /** Money behind it, in fen. */
  readonly moneyFen?: number
  /** The earning rules it was computed by; a reversal names those of what it reverses. */
  readonly rulesVersion?: string
  /** The identifier it came through, so that it goes with it when a merge is undone (domain rules a 6). */
  readonly via?: Identifier
}

/**
 * Posts one line and lets the tier follow at once (R44, R47; domain rules b 1, 4). The member must be locked by the caller.
 * A business time in the future is taken as now: nothing may count before it is known.
 * @returns the standing afterwards, or null when this source event was already posted.
 */
export async function postGrowth(tx: Tx, member: LockedMember, posting: GrowthPosting, at: Date): Promise<TierStanding | null> {
  const occurredAt = posting.occurredAt > at ? at : posting.occurredAt
  const { kind, amount, source, sourceId } = posting
  const [entry] = await tx.run<{ posted_at: Date; via_namespace: string | null; via_value: string | null }>(insertGrowthEntry, [newId(), member.member_id, kind, amount, source, sourceId, occurredAt, at, posting.reverses ?? null, posting.moneyFen ?? null, posting.via?.namespace ?? null, posting.via?.value ?? null, posting.rulesVersion ?? null])
  if (entry === undefined) return null
  const via = [entry.via_namespace, entry.via_value]
  const standing = await settleTier(tx, member, entry.posted_at)
  if (kind === 'earn') await touchActivity(tx, member.member_id, at)
  await tx.run(insertTimelineEntry, [newId(), member.person_id, at, 'growth.earned', JSON.stringify({ amount, source }), ...via])
  if (standing.tier !== member.tier) {
    await tx.run(insertTimelineEntry, [newId(), member.person_id, at, 'tier.changed', JSON.stringify({ tierName: tiers.find(({ code }) => code === standing.tier)?.name }), ...via])
    await enqueue(tx, linkIdentity, { personId: member.person_id })
  }
  return standing
}
