import { firstBenefitRules, type BenefitRules } from '@qihui/shared/benefit'
import { localDateOf } from '@qihui/shared/tier'
import type { Tx } from '../../db/pool.ts'
import { enqueue } from '../../jobs/enqueue.ts'
import type { Place } from '../../security/fieldCipher.ts'
import { newChannelToken } from '../channel/newChannelToken.ts'
import { chooseAdvisers, endAdvisers, insertAdviserWay } from './adviserTables.ts'
import { prepareAdviserWay } from './jobs.ts'
import { beginPeriods, selectBenefitRules, settleGrants } from './tables.ts'

/** Where the code of a coupon rests. */
export function couponCodePlace(couponId: string): Place {
  return { table: 'coupon', column: 'code_sealed', rowId: couponId }
}

/** What the keyed hash of a code is made for. */
export const couponCodeIndex = 'coupon.code'

type RuleVersions = readonly [BenefitRules, ...BenefitRules[]]

/** Every version of the benefits, oldest first; the ones a new installation starts with when there are none. */
export async function loadBenefitRules(tx: Tx): Promise<RuleVersions> {
  const rows = await tx.run<{ version: string; effective_from: Date; definition: Pick<BenefitRules, 'benefits'> }>(selectBenefitRules, [])
  const [first = firstBenefitRules, ...others] = rows.map((row) => ({ ...row.definition, version: row.version, effectiveFrom: row.effective_from.toISOString() }))
  return [first, ...others]
}

/**
 * Gives members an adviser who should have one, and ends what no longer stands. An adviser without a QR asks for it.
 * @param memberIds at most some thousands: who looks after the fewest is counted for all of them at once
 */
export async function settleAdvisers(tx: Tx, memberIds: readonly string[], at: Date): Promise<void> {
  await tx.run(endAdvisers, [memberIds, at])
  for (const { staff_user_id: staffUserId } of await tx.run<{ staff_user_id: string }>(chooseAdvisers, [memberIds, at])) {
    await tx.run(insertAdviserWay, [staffUserId, newChannelToken(), at])
    await enqueue(tx, prepareAdviserWay, { staffUserId })
  }
}

/** Gives members what is due to their tier and ends what it no longer carries (R52; domain rules b 4), in the caller's transaction. Twice is once. */
export async function settleBenefits(tx: Tx, memberIds: readonly string[], at: Date): Promise<void> {
  const changed = await tx.run<{ member_id: string }>(settleGrants, [memberIds, localDateOf(at.toISOString()), at])
  if (changed.length > 0) await settleAdvisers(tx, changed.map((row) => row.member_id), at)
}

/** Begins the period unlocks are counted from, and gives its first day. @param day local day, `YYYY-MM-DD` */
export async function beginBenefitPeriods(tx: Tx, memberIds: readonly string[], day: string, at: Date): Promise<void> {
  await tx.run(beginPeriods, [memberIds, day])
  await settleBenefits(tx, memberIds, at)
}
