import { benefitRulesAt, couponAlphabet, couponCodeLength, couponEnd, firstBenefitRules, readCouponCode, type redeemCoupon as redeemCouponContract } from '@qihui/shared/benefit'
import { AppError } from '@qihui/shared/errors'
import type { BodyOf, ResponseOf } from '@qihui/shared/http'
import { nextDay, startOfDay } from '@qihui/shared/tier'
import type { Tx } from '../../db/pool.ts'
import type { IntegrationActor } from '../../http/actor.ts'
import { newId } from '../../security/newId.ts'
import { pooledRandomBytes } from '../../security/randomPool.ts'
import type { Services } from '../../services.ts'
import { touchActivity } from '../lifecycle/steps.ts'
import { auditActorOf, recordAudit } from '../audit/steps.ts'
import { selectUnadvised } from './adviserTables.ts'
import { couponCodeIndex, couponCodePlace, loadBenefitRules, settleAdvisers, settleBenefits } from './steps.ts'
import {
  insertBenefitDay,
  insertBenefitRules,
  insertCoupons,
  lockUnissued,
  redeemUsable,
  selectCouponByCode,
  selectDueMembers,
  selectLastBenefitDay,
  selectServedMembers,
} from './tables.ts'

type BenefitServices = Pick<Services, 'db' | 'now'>

/** Members settled in one transaction. */
const batchSize = 5000
/** Coupons made in one transaction. */
const couponBatch = 500
const beforeAnybody = '00000000-0000-0000-0000-000000000000'

/** Writes the benefits a new installation starts with; what is published later stays. */
export async function publishFirstBenefitRules({ db, now }: BenefitServices): Promise<void> {
  const { version, effectiveFrom, ...definition } = firstBenefitRules
  await db.run(insertBenefitRules, [version, effectiveFrom, JSON.stringify(definition), now()])
}

/** Works through members in batches, each one transaction. @param pick members after an id, in order @returns how many there were */
async function inBatches(db: Services['db'], pick: (after: string) => Promise<{ member_id: string }[]>, work: (tx: Tx, memberIds: string[]) => Promise<void>): Promise<number> {
  let total = 0
  let memberIds = (await pick(beforeAnybody)).map((row) => row.member_id)
  for (let last = memberIds.at(-1); last !== undefined; last = memberIds.at(-1)) {
    const batch = memberIds
    await db.transaction((tx) => work(tx, batch))
    total += batch.length
    memberIds = (await pick(last)).map((row) => row.member_id)
  }
  return total
}

/**
 * Unlocks what is due on one local day. A day that other rules begin with, and the first there is, looks at everybody.
 * What was unlocked is dated by the clock: a night that was missed gives late, never in the past.
 */
async function unlockDay({ db, now }: BenefitServices, day: string, before: { readonly rulesVersion: string } | null, batch: number): Promise<number> {
  const instant = startOfDay(day)
  const { version } = benefitRulesAt(await loadBenefitRules(db), instant)
  const pick =
    before?.rulesVersion === version
      ? (after: string) => db.run<{ member_id: string }>(selectDueMembers, [day, after, batch, instant])
      : (after: string) => db.run<{ member_id: string }>(selectServedMembers, [after, batch])
  const members = await inBatches(db, pick, (tx, memberIds) => settleBenefits(tx, memberIds, now()))
  await db.run(insertBenefitDay, [day, version, now()])
  return members
}

/** Unlocks every day since the last one done, oldest first, up to `today`. A run that is killed goes on at the day it was at. */
export async function unlockTo(services: BenefitServices, today: string, batch = batchSize): Promise<number> {
  const [last] = await services.db.run<{ day: string; rules_version: string }>(selectLastBenefitDay, [])
  let total = 0
  let before = last === undefined ? null : { rulesVersion: last.rules_version }
  for (let day = last === undefined ? today : nextDay(last.day); day <= today; day = nextDay(day)) {
    total += await unlockDay(services, day, before, batch)
    const [done] = await services.db.run<{ rules_version: string }>(selectLastBenefitDay, [])
    before = done === undefined ? null : { rulesVersion: done.rules_version }
  }
  return total
}

/** A new adviser for everybody who should have one and has none, or whose adviser left. @returns how many were looked at */
export async function renewAllAdvisers({ db, now }: BenefitServices, batch = 1000): Promise<number> {
  return inBatches(db, (after) => db.run(selectUnadvised, [after, batch]), (tx, memberIds) => settleAdvisers(tx, memberIds, now()))
}

/** A code from the system's generator: five bits of a byte each, none favoured. */
function newCouponCode(): string {
  return [...pooledRandomBytes(couponCodeLength)].map((byte) => couponAlphabet[byte % couponAlphabet.length]).join('')
}

interface UnissuedRow {
  readonly grant_id: string
  readonly member_id: string
  readonly benefit: string
  readonly rules_version: string
  readonly granted_at: Date
}

/** Makes the codes of coupons that were given, in batches of their own. Killed in between, the next run goes on. @returns how many */
export async function issueAllCoupons({ db, now, cipher }: BenefitServices & Pick<Services, 'cipher'>): Promise<number> {
  const versions = await loadBenefitRules(db)
  const makeBatch = () =>
    db.transaction(async (tx) => {
      const rows = await tx.run<UnissuedRow>(lockUnissued, [couponBatch])
      const made = rows.map((row) => {
        const benefit = versions.find(({ version }) => version === row.rules_version)?.benefits.find(({ code }) => code === row.benefit)
        if (benefit?.coupon === undefined) throw new Error(`the rules ${row.rules_version} describe no coupon ${row.benefit}`)
        return { ...row, couponId: newId(), code: newCouponCode(), name: benefit.name, ...benefit.coupon }
      })
      if (made.length === 0) return 0
      await tx.run(insertCoupons, [
        made.map(({ couponId }) => couponId), made.map((row) => row.grant_id), made.map((row) => row.member_id),
        made.map(({ code }) => cipher.indexOf(couponCodeIndex, code)), made.map(({ couponId, code }) => cipher.seal(couponCodePlace(couponId), code)),
        made.map(({ name }) => name), made.map(({ amountFen }) => amountFen), made.map(({ thresholdFen }) => thresholdFen),
        made.map((row) => couponEnd(row.granted_at.toISOString(), row.validDays)), now(),
      ])
      return made.length
    })
  let total = 0
  for (let count = await makeBatch(); count > 0; count = await makeBatch()) total += count
  return total
}

interface RedeemedRow {
  readonly coupon_id: string
  readonly name: string
  readonly amount_fen: number
  readonly threshold_fen: number
  readonly redeemed_at: Date | null
  readonly order_no: string | null
}

/**
 * Uses a coupon once, however many ask at once; the order that used it may ask again and gets the same answer.
 * @throws AppError `coupon.unknown`, `coupon.used`, `coupon.expired`
 */
export async function redeemCoupon(
  { db, now, cipher }: BenefitServices & Pick<Services, 'cipher'>,
  actor: IntegrationActor,
  { code, orderNo }: BodyOf<typeof redeemCouponContract>,
): Promise<ResponseOf<typeof redeemCouponContract>> {
  const read = readCouponCode(code)
  if (read === null) throw new AppError('coupon.unknown')
  const index = cipher.indexOf(couponCodeIndex, read)
  const at = now()
  const used = await db.transaction(async (tx) => {
    const [row] = await tx.run<RedeemedRow & { readonly member_id: string }>(redeemUsable, [index, orderNo, at])
    if (row === undefined) return undefined
    // A coupon used is an act of the customer: whoever rested is back (domain rules h 1).
    await touchActivity(tx, row.member_id, at)
    await recordAudit(tx, { at, actor: auditActorOf(actor), action: 'coupon.redeem', subject: `coupon:${row.coupon_id}` })
    return row
  })
  const [coupon] = used === undefined ? await db.run<RedeemedRow>(selectCouponByCode, [index]) : [used]
  if (coupon === undefined) throw new AppError('coupon.unknown')
  if (coupon.redeemed_at === null) throw new AppError('coupon.expired')
  if (coupon.order_no !== orderNo) throw new AppError('coupon.used')
  const { coupon_id: couponId, name, amount_fen: amountFen, threshold_fen: thresholdFen } = coupon
  return { isNew: used !== undefined, couponId, name, amountFen, thresholdFen, redeemedAt: coupon.redeemed_at.toISOString() }
}
