import * as v from 'valibot'
import { defineContract } from '../http/contract.ts'
import { externalUserIdSchema, instantSchema } from '../ids/schemas.ts'

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

/** Why this tier, what counts, and what it takes to keep it. */
export const tierExplanationSchema = v.object({
  tier: tierProgressSchema,
  /** When the tier was reached. */
  since: instantSchema,
  /** Growth of this local day and later counts now, `YYYY-MM-DD`. */
  countsFrom: v.string(),
  /** Growth still missing on the day that decides; 0 when it is safe, null for a tier kept for ever. */
  growthToKeep: v.nullable(v.number()),
  /** Every decision in words, newest first. */
  reasons: v.array(v.object({ at: instantSchema, title: v.string() })),
})

export const getTierExplanation = defineContract({
  method: 'GET',
  path: '/api/members/me/tier',
  audience: 'member',
  summary: '本人等级说明：为什么、计入哪些成长值、如何保级',
  response: tierExplanationSchema,
  errors: ['member.notFound'],
})

export const getContactTierExplanation = defineContract({
  method: 'GET',
  path: '/api/sidebar/contacts/:externalUserId/tier',
  audience: 'staff',
  summary: '客户等级说明，供员工解答',
  params: v.object({ externalUserId: externalUserIdSchema }),
  response: tierExplanationSchema,
  errors: ['contact.notFollowing', 'member.notFound'],
})
