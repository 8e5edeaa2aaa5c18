import * as v from 'valibot'
import { defineContract } from '../http/contract.ts'
import { externalUserIdSchema, idSchema, instantSchema } from '../ids/schemas.ts'
import { maxMinutes, maxViews } from './limits.ts'
import { approvalPurposeCodes } from './purposes.ts'

const fieldKeySchema = v.pipe(v.string(), v.regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, '字段标识只能包含字母、数字和下划线'))
const fieldKeysSchema = v.pipe(v.array(fieldKeySchema), v.minLength(1, '请至少选择一项要查看的内容'), v.maxLength(20, '一次最多选择 20 项'))
const noteSchema = v.pipe(v.string(), v.trim(), v.minLength(4, '请用至少 4 个字说明原因'), v.maxLength(200, '说明最多 200 个字'))
const personSchema = v.object({ staffUserId: v.string(), name: v.string() })

/** One request. Never a value of a field: who it is about is masked, for the approver may not read the profile. */
const approvalSchema = v.object({
  approvalId: idSchema,
  state: v.picklist(['requested', 'approved', 'denied', 'expired', 'cancelled', 'used', 'exhausted', 'revoked']),
  /** Sent back with a decision: it must be about what was looked at. */
  version: v.number(),
  requester: personSchema,
  customerName: v.string(),
  memberNo: v.nullable(v.string()),
  fields: v.array(v.object({ key: v.string(), label: v.string() })),
  purpose: v.picklist(approvalPurposeCodes),
  note: v.string(),
  minutes: v.number(),
  maxViews: v.number(),
  views: v.number(),
  neededApprovers: v.number(),
  approvers: v.array(personSchema),
  requestedAt: instantSchema,
  openUntil: v.nullable(instantSchema),
  isBreakGlass: v.boolean(),
  review: v.nullable(v.object({ verdict: v.picklist(['justified', 'unjustified']), by: v.string(), at: instantSchema, note: v.string() })),
  isReviewOverdue: v.boolean(),
  /** What the asking staff may do with it now; `canReveal` only in the login it was asked in. */
  canDecide: v.boolean(),
  canRevoke: v.boolean(),
  canCancel: v.boolean(),
  canReview: v.boolean(),
  canReveal: v.boolean(),
})
export type ApprovalView = v.InferOutput<typeof approvalSchema>

/** Asks to see fields of one customer, 1 to 30 minutes from the approval on and up to 10 looks (R86). An emergency opens at once, 10 minutes at most. Audited. */
export const requestApproval = defineContract({
  method: 'POST',
  path: '/api/sidebar/contacts/:externalUserId/approvals',
  audience: 'staff',
  permission: { action: 'create', subject: 'Approval' },
  summary: '申请查看敏感信息',
  params: v.object({ externalUserId: externalUserIdSchema }),
  body: v.strictObject({
    fieldKeys: fieldKeysSchema,
    purpose: v.picklist(approvalPurposeCodes, '请选择用途'),
    note: noteSchema,
    minutes: v.pipe(v.number(), v.integer('时长须为整数分钟'), v.minValue(1, '时长至少 1 分钟'), v.maxValue(maxMinutes, '时长最多 30 分钟')),
    maxViews: v.pipe(v.number(), v.integer('次数须为整数'), v.minValue(1, '至少查看 1 次'), v.maxValue(maxViews, '最多查看 10 次')),
    isBreakGlass: v.optional(v.boolean(), false),
  }),
  response: v.object({ approvalId: idSchema, state: v.picklist(['requested', 'approved']), neededApprovers: v.number() }),
  status: 201,
  isIdempotent: true,
  errors: ['contact.notFollowing', 'approval.notOpenable', 'approval.emergencyDenied'],
})

/** The asking staff's requests about one customer of the last day, newest first, 20 at most. */
export const listContactApprovals = defineContract({
  method: 'GET',
  path: '/api/sidebar/contacts/:externalUserId/approvals',
  audience: 'staff',
  permission: { action: 'create', subject: 'Approval' },
  summary: '我对该客户的查看申请',
  params: v.object({ externalUserId: externalUserIdSchema }),
  response: v.object({ approvals: v.array(approvalSchema), mayBreakGlass: v.boolean() }),
})

/** Shows approved fields once: every look is checked, audited first and counted; the answer is never stored. */
export const revealFields = defineContract({
  method: 'POST',
  path: '/api/sidebar/contacts/:externalUserId/reveals',
  audience: 'staff',
  permission: { action: 'create', subject: 'Approval' },
  summary: '查看已批准的敏感信息',
  params: v.object({ externalUserId: externalUserIdSchema }),
  body: v.strictObject({ grantId: idSchema, fieldKeys: v.optional(fieldKeysSchema) }),
  response: v.object({
    fields: v.array(v.object({ key: v.string(), label: v.string(), type: v.picklist(['text', 'phone', 'instant']), value: v.string() })),
    openUntil: instantSchema,
    viewsLeft: v.number(),
    /** To be drawn over the values. */
    watermark: v.object({ staffUserId: v.string(), name: v.string(), at: instantSchema }),
  }),
  errors: ['request.notFound', 'approval.notOpen', 'audit.unavailable'],
})

/** What waits for the asking staff's decision, oldest first, and their own requests of the last day; 50 of each at most. */
export const listApprovals = defineContract({
  method: 'GET',
  path: '/api/staff/approvals',
  audience: 'staff',
  permission: 'signedIn',
  summary: '待我审批与我的申请',
  response: v.object({ forMe: v.array(approvalSchema), mine: v.array(approvalSchema) }),
})

/** The second person's word. Nobody decides about their own request, or about one of somebody who leads them; one out of reach and one that is not there are the same 404. Audited. */
export const decideApproval = defineContract({
  method: 'POST',
  path: '/api/staff/approvals/:approvalId/decision',
  audience: 'staff',
  permission: { action: 'approve', subject: 'Approval' },
  summary: '审批查看申请',
  params: v.object({ approvalId: idSchema }),
  body: v.strictObject({ verdict: v.picklist(['approve', 'deny']), version: v.number() }),
  response: approvalSchema,
  errors: ['request.notFound', 'approval.selfDecision', 'approval.subordinateDecision', 'approval.changed'],
})

/** Takes back one's own request that nobody has answered. Audited. */
export const cancelApproval = defineContract({
  method: 'POST',
  path: '/api/staff/approvals/:approvalId/cancellation',
  audience: 'staff',
  permission: { action: 'create', subject: 'Approval' },
  summary: '撤回查看申请',
  params: v.object({ approvalId: idSchema }),
  response: approvalSchema,
  errors: ['request.notFound', 'approval.changed'],
})

/** Ends a grant at once, by its requester or anybody who may approve it; a look under way at that moment shows nothing. Audited. */
export const revokeApproval = defineContract({
  method: 'POST',
  path: '/api/staff/approvals/:approvalId/revocation',
  audience: 'staff',
  permission: 'signedIn',
  summary: '收回查看授权',
  params: v.object({ approvalId: idSchema }),
  response: approvalSchema,
  errors: ['request.notFound', 'approval.changed'],
})

/** Another person's look at an emergency, due within 24 hours. Audited. */
export const reviewBreakGlass = defineContract({
  method: 'POST',
  path: '/api/staff/approvals/:approvalId/review',
  audience: 'staff',
  permission: { action: 'approve', subject: 'Approval' },
  summary: '复核紧急查看',
  params: v.object({ approvalId: idSchema }),
  body: v.strictObject({ verdict: v.picklist(['justified', 'unjustified']), note: noteSchema }),
  response: approvalSchema,
  errors: ['request.notFound', 'approval.selfDecision', 'approval.subordinateDecision', 'approval.changed'],
})

/** For the console: what waits, emergencies not reviewed, the last 200 of 30 days, and what looks odd in the last 7 days (domain rules i 5). */
export const listApprovalDesk = defineContract({
  method: 'GET',
  path: '/api/console/approvals',
  audience: 'operator',
  permission: { action: 'read', subject: 'Approval' },
  summary: '敏感信息审批台',
  response: v.object({
    waiting: v.array(approvalSchema),
    toReview: v.array(approvalSchema),
    recent: v.array(approvalSchema),
    alerts: v.array(
      v.object({
        kind: v.picklist(['samePair', 'night', 'hasty', 'manyPersons']),
        /** The local day, `2026-11-20`. */
        day: v.string(),
        requester: v.string(),
        approver: v.nullable(v.string()),
        count: v.number(),
      }),
    ),
  }),
})
export type ApprovalDesk = v.InferOutput<typeof listApprovalDesk.response>
