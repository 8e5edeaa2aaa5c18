import { tierFor, type TierCode } from '@qihui/shared/tier'
import { newId } from '../../security/newId.ts'
import type { Tx } from '../../db/pool.ts'
import { enqueue } from '../../jobs/enqueue.ts'
import { linkIdentity } from '../identity/jobs.ts'
import { insertGrowthEntry, insertTimelineEntry, updateMemberGrowth } from './tables.ts'

/** A member locked for a change of growth. */
export interface LockedMember {
  readonly member_id: string
  readonly person_id: string
  readonly growth_value: number
  readonly tier: TierCode
}

/** Why growth is earned; one (source, sourceId) counts once for ever. */
export interface GrowthAward {
  readonly amount: number
  readonly source: string
  readonly sourceId: string
  readonly occurredAt: Date
}

/**
 * Adds growth and moves the tier up at once when the value supports it (R44, R47). The member must be locked by the caller.
 * @returns the new value, or null when this source event was already counted.
 */
export async function awardGrowth(tx: Tx, member: LockedMember, award: GrowthAward, at: Date): Promise<number | null> {
  const entry = await tx.run(insertGrowthEntry, [newId(), member.member_id, award.amount, award.source, award.sourceId, award.occurredAt, at])
  if (entry.length === 0) return null
  const growthValue = member.growth_value + award.amount
  const tier = tierFor(growthValue)
  await tx.run(updateMemberGrowth, [member.member_id, growthValue, tier.code, at])
  await tx.run(insertTimelineEntry, [newId(), member.person_id, at, 'growth.earned', JSON.stringify({ amount: award.amount, source: award.source })])
  if (tier.code !== member.tier) {
    await tx.run(insertTimelineEntry, [newId(), member.person_id, at, 'tier.changed', JSON.stringify({ tierName: tier.name })])
    await enqueue(tx, linkIdentity, { personId: member.person_id })
  }
  return growthValue
}
