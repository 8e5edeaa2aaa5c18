import * as v from 'valibot'
import { defineContract } from '../http/contract.ts'
import { externalUserIdSchema, idSchema, instantSchema } from '../ids/schemas.ts'

const kindSchema = v.picklist(['service', 'adviser', 'priority', 'coupon'])
const benefitSchema = { code: v.string(), kind: kindSchema, name: v.string(), description: v.string() }

/** In effect. `since` is a local day, `YYYY-MM-DD`. */
const heldBenefitSchema = v.object({ ...benefitSchema, since: v.string() })
/** Still to come. `unlocksOn` is a local day, `YYYY-MM-DD`. */
const nextBenefitSchema = v.object({ ...benefitSchema, unlocksOn: v.string() })

const couponSchema = v.object({
  couponId: idSchema,
  name: v.string(),
  /** The terms in words: 满200元减20元. */
  terms: v.string(),
  amountFen: v.number(),
  thresholdFen: v.number(),
  state: v.picklist(['unused', 'used', 'expired']),
  /** The last local day it can be used, `YYYY-MM-DD`. */
  lastDay: v.string(),
  usedAt: v.nullable(instantSchema),
  /** In groups of four; only while it can be used. */
  code: v.nullable(v.string()),
})

/** What the person has, what comes next, coupons and the adviser (R48-R53). */
export const getOwnBenefits = defineContract({
  method: 'GET',
  path: '/api/members/me/benefits',
  audience: 'member',
  summary: '本人权益：已生效、待解锁、礼券与专属顾问',
  response: v.object({
    /** The membership is looked at or not yet confirmed: benefits wait and nothing is listed. */
    isWaiting: v.boolean(),
    held: v.array(heldBenefitSchema),
    /** Soonest first. */
    next: v.array(nextBenefitSchema),
    /** Usable ones first, then the newest; at most 50. */
    coupons: v.array(couponSchema),
    /** `contactWayUrl` is the picture of a QR that adds the adviser; null while it is being made. */
    adviser: v.nullable(v.object({ name: v.string(), since: instantSchema, contactWayUrl: v.nullable(v.string()) })),
  }),
  errors: ['member.notFound'],
})

/** The same for a rep who serves the customer, without codes. */
export const getContactBenefits = defineContract({
  method: 'GET',
  path: '/api/sidebar/contacts/:externalUserId/benefits',
  audience: 'staff',
  permission: { action: 'read', subject: 'Member' },
  summary: '客户权益：已生效、待解锁、可用礼券数与专属顾问',
  params: v.object({ externalUserId: externalUserIdSchema }),
  response: v.object({
    isWaiting: v.boolean(),
    held: v.array(heldBenefitSchema),
    next: v.array(nextBenefitSchema),
    usableCoupons: v.number(),
    adviserName: v.nullable(v.string()),
    isOwnAdviser: v.boolean(),
  }),
  errors: ['contact.notFollowing', 'member.notFound'],
})

/**
 * Uses a coupon for an order of a shop system: once. The code is in the body, so that it stands in no address and no log.
 * The same code with the same order again gets the same answer.
 */
export const redeemCoupon = defineContract({
  method: 'POST',
  path: '/api/integration/coupon-redemptions',
  audience: 'integration',
  summary: '核销一张礼券；同一券码与订单号重复提交只核销一次',
  body: v.strictObject({
    code: v.pipe(v.string(), v.minLength(1, '请填写券码'), v.maxLength(32, '券码过长')),
    orderNo: v.pipe(v.string(), v.regex(/^[0-9A-Za-z_-]{1,64}$/, '订单号为 1-64 位字母、数字、- 或 _')),
  }),
  response: v.object({ isNew: v.boolean(), couponId: idSchema, name: v.string(), amountFen: v.number(), thresholdFen: v.number(), redeemedAt: instantSchema }),
  errors: ['coupon.unknown', 'coupon.used', 'coupon.expired', 'apiKey.scopeMissing'],
})
