import * as v from 'valibot'
import { defineContract } from '../http/contract.ts'
import { externalUserIdSchema, idSchema, instantSchema } from '../ids/schemas.ts'

/** The wire form of `TierProgress`. */
export const tierProgressSchema = v.object({
  code: v.picklist(['normal', 'silver', 'gold']),
  name: v.string(),
  growthValue: v.pipe(v.number(), v.integer()),
  /** Local day of the next review, `YYYY-MM-DD`; null for a tier kept for ever and during grace. */
  reviewOn: v.nullable(v.string()),
  /** First local day without the tier unless growth is made up for; null outside grace. */
  graceUntil: v.nullable(v.string()),
  benefits: v.array(v.string()),
  next: v.nullable(
    v.object({ code: v.picklist(['normal', 'silver', 'gold']), name: v.string(), minGrowth: v.number(), growthNeeded: v.number() }),
  ),
  percent: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100)),
})

/** One step of the ladder in force, with what it gives. */
const tierStepSchema = v.object({
  code: v.picklist(['normal', 'silver', 'gold']),
  name: v.string(),
  minGrowth: v.number(),
  /** Months between reviews; null for a tier kept for ever. */
  reviewMonths: v.nullable(v.number()),
  benefits: v.array(v.string()),
})

/** Why this tier, what counts, and what it takes to keep it. */
export const tierExplanationSchema = v.object({
  tier: tierProgressSchema,
  /** When the tier was reached. */
  since: instantSchema,
  /** Growth of this local day and later counts now, `YYYY-MM-DD`. */
  countsFrom: v.string(),
  /** Growth counts for so many months, and a failed review is followed by so many full days of grace. */
  qualifyingMonths: v.number(),
  graceDays: v.number(),
  /** Growth still missing on the day that decides; 0 when it is safe, null for a tier kept for ever. */
  growthToKeep: v.nullable(v.number()),
  /** Every decision in words, newest first. */
  reasons: v.array(v.object({ at: instantSchema, title: v.string() })),
  /** Lowest first. */
  ladder: v.array(tierStepSchema),
})

/** One line of the growth ledger as its owner reads it. */
const growthEntrySchema = v.object({
  growthEntryId: idSchema,
  title: v.string(),
  amount: v.pipe(v.number(), v.integer()),
  /** When it happened, which decides how long it counts; and when it was booked. */
  occurredAt: instantSchema,
  postedAt: instantSchema,
  isCounting: v.boolean(),
  /** Local day on which it stops counting, `YYYY-MM-DD`. */
  countsUntil: v.string(),
})

export const getTierExplanation = defineContract({
  method: 'GET',
  path: '/api/members/me/tier',
  audience: 'member',
  summary: '本人等级说明：为什么、计入哪些成长值、如何保级',
  response: tierExplanationSchema,
  errors: ['member.notFound'],
})

export const getOwnGrowthEntries = defineContract({
  method: 'GET',
  path: '/api/members/me/growth-entries',
  audience: 'member',
  summary: '本人成长值明细，按入账时间由近到远，每页 20 条',
  query: v.object({
    /** The last line of the page before; absent: the newest lines. */
    after: v.optional(idSchema),
  }),
  /** `next` is the `after` of the page that follows; null on the last. */
  response: v.object({ entries: v.array(growthEntrySchema), next: v.nullable(idSchema) }),
  errors: ['member.notFound'],
})

export const getContactTierExplanation = defineContract({
  method: 'GET',
  path: '/api/sidebar/contacts/:externalUserId/tier',
  audience: 'staff',
  permission: { action: 'read', subject: 'Member' },
  summary: '客户等级说明，供员工解答',
  params: v.object({ externalUserId: externalUserIdSchema }),
  response: tierExplanationSchema,
  errors: ['contact.notFollowing', 'member.notFound'],
})
