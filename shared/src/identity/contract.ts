import * as v from 'valibot'
import { defineContract } from '../http/contract.ts'
import { idSchema, instantSchema } from '../ids/schemas.ts'

/** A person as a reviewer sees them: enough to decide, nothing in clear. */
const reviewPersonSchema = v.object({
  personId: idSchema,
  createdAt: instantSchema,
  name: v.nullable(v.string()),
  isStaff: v.boolean(),
  member: v.nullable(v.object({ memberNo: v.string(), tierName: v.string(), growthValue: v.number(), phoneMasked: v.nullable(v.string()), registeredAt: instantSchema, channelName: v.nullable(v.string()) })),
  /** Namespace in words and the value cut to its last four characters. */
  identifiers: v.array(v.object({ namespace: v.string(), valueMasked: v.string(), source: v.string(), observedAt: instantSchema })),
  followedBy: v.array(v.string()),
  consents: v.array(v.object({ purpose: v.string(), state: v.picklist(['granted', 'refused', 'withdrawn']), at: instantSchema })),
})

export const identityReviewSchema = v.object({
  reviewId: idSchema,
  /**
   * `severalMembers`: two registered members would become one. `secondUnionId`, `secondOpenId`, `secondExternalUserId`: a hard constraint would break.
   * `sharedPhone`: two persons verified the same number. `weakEvidence`: a rep or a stale state suggests it. `independent`: the channel asks for a person's decision (R40).
   */
  reason: v.picklist(['severalMembers', 'secondUnionId', 'secondOpenId', 'secondExternalUserId', 'sharedPhone', 'weakEvidence', 'independent', 'isStaff']),
  explanation: v.string(),
  createdAt: instantSchema,
  state: v.picklist(['open', 'merged', 'keptApart']),
  decidedBy: v.nullable(v.string()),
  decidedAt: v.nullable(instantSchema),
  persons: v.array(reviewPersonSchema),
})
export type IdentityReview = v.InferOutput<typeof identityReviewSchema>

export const listIdentityReviews = defineContract({
  method: 'GET',
  path: '/api/console/identity-reviews',
  audience: 'operator',
  permission: { action: 'read', subject: 'Review' },
  summary: '身份合并复核队列',
  query: v.object({ state: v.optional(v.picklist(['open', 'decided'])) }),
  response: v.object({ reviews: v.array(identityReviewSchema) }),
})

/** What a merge would do, before anybody does it. */
export const getMergePreview = defineContract({
  method: 'GET',
  path: '/api/console/identity-reviews/:reviewId/preview',
  audience: 'operator',
  permission: { action: 'read', subject: 'Review' },
  summary: '合并预览',
  params: v.object({ reviewId: idSchema }),
  response: v.object({
    canMerge: v.boolean(),
    /** Why not, in words, when it cannot be. */
    obstacle: v.nullable(v.string()),
    survivorId: idSchema,
    memberNo: v.nullable(v.string()),
    growthValue: v.number(),
    tierName: v.nullable(v.string()),
    /** One line per thing that moves or is decided by rule, e.g. `营销同意：以较严格的一方为准（不同意）`. */
    effects: v.array(v.string()),
  }),
  errors: ['request.notFound'],
})

export const decideIdentityReview = defineContract({
  method: 'POST',
  path: '/api/console/identity-reviews/:reviewId/decision',
  audience: 'operator',
  permission: { action: 'update', subject: 'Review' },
  summary: '合并或保持独立',
  isIdempotent: true,
  params: v.object({ reviewId: idSchema }),
  body: v.strictObject({ decision: v.picklist(['merge', 'keepApart']), note: v.optional(v.pipe(v.string(), v.trim(), v.maxLength(200))) }),
  response: v.object({ review: identityReviewSchema, mergeId: v.nullable(idSchema) }),
  errors: ['request.notFound', 'review.alreadyDecided'],
})

const mergeSchema = v.object({
  mergeId: idSchema,
  at: instantSchema,
  /** `rule` when strong evidence did it by itself, else the operator's name. */
  decidedBy: v.string(),
  survivor: reviewPersonSchema,
  absorbedPersonIds: v.array(idSchema),
  movedRows: v.number(),
  undoneAt: v.nullable(instantSchema),
  undoneBy: v.nullable(v.string()),
  canUndo: v.boolean(),
})

export const listMerges = defineContract({ method: 'GET', path: '/api/console/merges', audience: 'operator', permission: { action: 'read', subject: 'Review' }, summary: '最近的身份合并（200 条）', response: v.object({ merges: v.array(mergeSchema) }) })

/** Puts everything back and marks the evidence as rejected, so that it does not come back by itself. */
export const undoMerge = defineContract({
  method: 'POST',
  path: '/api/console/merges/:mergeId/undo',
  audience: 'operator',
  permission: { action: 'update', subject: 'Review' },
  summary: '撤销身份合并',
  isIdempotent: true,
  params: v.object({ mergeId: idSchema }),
  body: v.strictObject({ note: v.optional(v.pipe(v.string(), v.trim(), v.maxLength(200))) }),
  response: mergeSchema,
  errors: ['request.notFound', 'merge.notUndoable'],
})

/** How far silent linking has come (R39): contacts joined with their member, of those that could be. */
export const getConsistency = defineContract({
  method: 'GET',
  path: '/api/console/identity-consistency',
  audience: 'operator',
  permission: { action: 'read', subject: 'Review' },
  summary: '账号一致率：已打通 / 可打通',
  response: v.object({
    linkable: v.number(),
    linked: v.number(),
    /** Between 0 and 1; null while nobody is linkable. */
    rate: v.nullable(v.number()),
    byMode: v.array(v.object({ bindingMode: v.picklist(['forced', 'progressive', 'independent']), linkable: v.number(), linked: v.number() })),
    pendingLinks: v.number(),
    openReviews: v.number(),
  }),
})

/** A key act of a member in the mini-program: linking is looked at again, silently (R41). */
export const recordKeyAct = defineContract({
  method: 'POST',
  path: '/api/members/key-acts',
  audience: 'member',
  summary: '关键行为（支付、咨询）触发静默关联',
  body: v.strictObject({ act: v.picklist(['payment', 'serviceEnquiry']) }),
  response: v.object({ isQueued: v.boolean() }),
  status: 202,
})

/** The same from a connected system. Needs a key with scope `keyActs:write`. */
export const recordKeyActByIntegration = defineContract({
  method: 'POST',
  path: '/api/integration/key-acts',
  audience: 'integration',
  summary: '由业务系统上报关键行为',
  body: v.strictObject({ act: v.picklist(['payment', 'serviceEnquiry']), unionId: v.pipe(v.string(), v.regex(/^[0-9A-Za-z_-]{1,64}$/, '不是有效的 unionid')), openId: v.optional(v.pipe(v.string(), v.regex(/^[0-9A-Za-z_-]{1,64}$/))) }),
  response: v.object({ isQueued: v.boolean() }),
  status: 202,
  errors: ['apiKey.scopeMissing'],
})
