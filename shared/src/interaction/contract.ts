import * as v from 'valibot'
import { defineContract } from '../http/contract.ts'
import { externalUserIdSchema, idSchema, instantSchema } from '../ids/schemas.ts'
import { tierProgressSchema } from '../tier/contract.ts'

/** What a connected system knows about a customer's interaction (R46): a day they wrote, or a document they read. */
export const postInteraction = defineContract({
  method: 'POST',
  path: '/api/integration/interactions',
  audience: 'integration',
  summary: '回传一次客户互动（聊天日、阅读资料），按成长规则累计；同一来源编号只计一次',
  body: v.pipe(
    v.strictObject({
      unionId: v.optional(v.pipe(v.string(), v.regex(/^[0-9A-Za-z_-]{1,64}$/, '不是有效的 unionid'))),
      externalUserId: v.optional(externalUserIdSchema),
      kind: v.picklist(['chatDay', 'documentView'], '互动类型只能是 chatDay 或 documentView'),
      occurredAt: instantSchema,
      /** The event's own number in the system it comes from. */
      sourceId: v.pipe(v.string(), v.regex(/^[0-9A-Za-z_.:-]{1,64}$/, '来源编号为 1-64 位字母、数字或 _ . : -')),
    }),
    v.forward(
      v.check(({ unionId, externalUserId }) => (unionId === undefined) !== (externalUserId === undefined), '请在 unionId 与 externalUserId 中提供且只提供一个'),
      ['unionId'],
    ),
  ),
  /** `growthEarned` is 0 when the source is off, a cap is reached, or the event was posted before. */
  response: v.object({ isNew: v.boolean(), growthEarned: v.number(), tier: tierProgressSchema }),
  errors: ['member.notFound', 'apiKey.scopeMissing'],
})

/** A document that is passed on by tracked links, and what became of them. */
export const trackedDocumentSchema = v.object({
  documentId: idSchema,
  title: v.string(),
  targetUrl: v.string(),
  createdBy: v.string(),
  createdAt: instantSchema,
  revokedAt: v.nullable(instantSchema),
  /** The reader's own link; null until they ask for one. */
  url: v.nullable(v.string()),
  /** Employees who pass it on. */
  sharers: v.number(),
  /** Openings by anybody; previews and employees are not counted. */
  opened: v.number(),
  openedByMembers: v.number(),
  /** Different members. */
  members: v.number(),
  growth: v.number(),
})
export type TrackedDocument = v.InferOutput<typeof trackedDocumentSchema>

export const listDocuments = defineContract({
  method: 'GET',
  path: '/api/console/documents',
  audience: 'operator',
  permission: { action: 'read', subject: 'Channel' },
  summary: '资料链接与打开情况，最新的在前',
  response: v.object({ documents: v.array(trackedDocumentSchema), hosts: v.array(v.string()) }),
})

export const createDocument = defineContract({
  method: 'POST',
  path: '/api/console/documents',
  audience: 'operator',
  permission: { action: 'create', subject: 'Channel' },
  summary: '新建一份可跟踪的资料链接；目标地址须在允许的域名内',
  body: v.strictObject({
    title: v.pipe(v.string(), v.trim(), v.minLength(1, '请填写标题'), v.maxLength(40, '标题最多 40 个字')),
    targetUrl: v.pipe(v.string(), v.trim(), v.maxLength(1000, '地址过长'), v.url('请填写完整的网址'), v.startsWith('https://', '地址须以 https:// 开头')),
  }),
  response: trackedDocumentSchema,
  status: 201,
  isIdempotent: true,
  errors: ['request.invalid'],
})

export const revokeDocument = defineContract({
  method: 'POST',
  path: '/api/console/documents/:documentId/revocation',
  audience: 'operator',
  permission: { action: 'update', subject: 'Channel' },
  summary: '停用一份资料的全部链接',
  params: v.object({ documentId: idSchema }),
  response: trackedDocumentSchema,
  errors: ['request.notFound'],
})

/** The same employee always gets the same link of a document. */
export const shareDocument = defineContract({
  method: 'POST',
  path: '/api/documents/:documentId/share',
  audience: 'staff',
  permission: { action: 'create', subject: 'Invitation' },
  summary: '取得本人转发这份资料用的链接',
  params: v.object({ documentId: idSchema }),
  response: v.object({ url: v.string() }),
  errors: ['request.notFound'],
})

/** WeCom's figures of employees, the sum of the last 30 days. They are per employee and name no customer. */
export const listStaffBehaviour = defineContract({
  method: 'GET',
  path: '/api/console/staff-behaviour',
  audience: 'operator',
  permission: { action: 'read', subject: 'GrowthRules' },
  summary: '员工与客户沟通的汇总数据（来自企业微信，近 30 天）',
  response: v.object({
    staff: v.array(
      v.object({
        staffUserId: v.string(),
        name: v.string(),
        chats: v.number(),
        messages: v.number(),
        /** Percent, averaged over the days that had one; null without any. */
        replyPercent: v.nullable(v.number()),
        replyMinutes: v.nullable(v.number()),
        newApplications: v.number(),
        newContacts: v.number(),
        lostContacts: v.number(),
      }),
    ),
    /** Last local day with figures, `YYYY-MM-DD`; null before the first night. */
    until: v.nullable(v.string()),
  }),
})
