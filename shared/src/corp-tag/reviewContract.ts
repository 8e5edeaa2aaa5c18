import * as v from 'valibot'
import { defineContract } from '../http/contract.ts'
import { instantSchema } from '../ids/schemas.ts'

const staffRowSchema = v.object({
  staffUserId: v.string(),
  name: v.string(),
  /** Of the last look: when, how many pairs, and how many did not carry exactly their tags. Null before the first. */
  reviewedAt: v.nullable(instantSchema),
  checked: v.number(),
  differed: v.number(),
  /** Hand edits found and put right, in all and since that look. */
  handEdits: v.number(),
  handEditsSince: v.number(),
  lastHandEditAt: v.nullable(instantSchema),
})
export type TagReviewRow = v.InferOutput<typeof staffRowSchema>

/** Tier and group tags against hand edits (R54): the looks at all pairs, and what hands changed in between, most edits first. */
export const getTagReview = defineContract({
  method: 'GET',
  path: '/api/console/tier-tags',
  audience: 'operator',
  permission: { action: 'read', subject: 'CorpTag' },
  summary: '等级标签：核对结果与手工修改',
  response: v.object({
    nextAt: instantSchema,
    /** The newest look; `reviewed` of `total` employees are done. */
    run: v.nullable(v.object({ startedAt: instantSchema, reviewed: v.number(), total: v.number(), differed: v.number() })),
    staff: v.array(staffRowSchema),
    /** The newest 50. */
    handEdits: v.array(v.object({ at: instantSchema, staffName: v.string(), customerName: v.string(), added: v.array(v.string()), removed: v.array(v.string()) })),
  }),
})

/** Looks at every pair now instead of on the first of the month. */
export const startTagReview = defineContract({
  method: 'POST',
  path: '/api/console/tier-tags/review',
  audience: 'operator',
  permission: { action: 'update', subject: 'CorpTag' },
  summary: '立即核对等级标签',
  response: v.object({ requestedAt: instantSchema }),
  status: 202,
})
