import * as v from 'valibot'
import { defineContract } from '../http/contract.ts'
import { idSchema, instantSchema } from '../ids/schemas.ts'

const daySchema = v.pipe(v.string(), v.isoDate('日期格式为 2026-11-20'))
const staffUserIdSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(64, '员工账号最多 64 个字符'))
const memberNoSchema = v.pipe(v.string(), v.regex(/^\d{12}$/, '会员号为 12 位数字'))
const actionSchema = v.pipe(v.string(), v.regex(/^[a-zA-Z][a-zA-Z.]{0,63}$/, '不是有效的操作类型'))

export const auditEntrySchema = v.object({
  auditEntryId: idSchema,
  at: instantSchema,
  actorKind: v.string(),
  /** The employee's name where it is known, else the id. */
  actorName: v.string(),
  action: v.string(),
  subject: v.string(),
  memberNo: v.nullable(v.string()),
  fields: v.array(v.string()),
  outcome: v.picklist(['shown', 'refused', 'absent', 'done']),
  /** Whether the chain covers this row already: seconds after it was written. */
  isSealed: v.boolean(),
})
export type AuditEntry = v.InferOutput<typeof auditEntrySchema>

const filterEntries = { staffUserId: v.optional(staffUserIdSchema), memberNo: v.optional(memberNoSchema), action: v.optional(actionSchema), day: v.optional(daySchema) }

/** Newest first, 50 at a time; the cursor is opaque. */
export const listAuditEntries = defineContract({
  method: 'GET',
  path: '/api/console/audit-entries',
  audience: 'operator',
  permission: { action: 'read', subject: 'Audit' },
  summary: '审计日志：按员工、会员、操作、日期筛选',
  query: v.object({ ...filterEntries, cursor: v.optional(v.pipe(v.string(), v.regex(/^\d{1,17}_[0-9a-f-]{36}$/, '翻页标记无效，请刷新'))) }),
  response: v.object({ entries: v.array(auditEntrySchema), nextCursor: v.nullable(v.string()) }),
})

/** The same rows as CSV, at most 10,000; audited. */
export const exportAuditEntries = defineContract({
  method: 'POST',
  path: '/api/console/audit-exports',
  audience: 'operator',
  permission: { action: 'export', subject: 'Audit' },
  summary: '导出审计日志（CSV，最多 10000 行）',
  body: v.strictObject(filterEntries),
  response: v.object({ fileName: v.string(), csv: v.string(), rows: v.number(), isTruncated: v.boolean() }),
})

export const auditFindingSchema = v.object({
  kind: v.picklist(['entryMissing', 'entryChanged', 'sealMissing', 'headBroken', 'dayMissing', 'headForged', 'unsealed']),
  day: v.string(),
  seq: v.number(),
})

/** What one look at the whole chain found. */
export const auditVerificationSchema = v.object({
  verificationId: idSchema,
  startedAt: instantSchema,
  finishedAt: instantSchema,
  /** Null when there was nothing to look at. */
  fromDay: v.nullable(v.string()),
  toDay: v.nullable(v.string()),
  entries: v.number(),
  /** The first thing wrong; null when the chain is whole. */
  finding: v.nullable(auditFindingSchema),
})
export type AuditVerification = v.InferOutput<typeof auditVerificationSchema>

export const getAuditVerification = defineContract({
  method: 'GET',
  path: '/api/console/audit-verification',
  audience: 'operator',
  permission: { action: 'read', subject: 'Audit' },
  summary: '审计日志最近一次完整性校验',
  response: v.object({ latest: v.nullable(auditVerificationSchema), retentionMonths: v.number(), earliestDay: v.nullable(v.string()) }),
})

/** Asks for a look at the whole chain; the screen asks again until a newer result is there. */
export const requestAuditVerification = defineContract({
  method: 'POST',
  path: '/api/console/audit-verification',
  audience: 'operator',
  permission: { action: 'read', subject: 'Audit' },
  summary: '立即校验审计日志',
  response: v.object({ isQueued: v.boolean() }),
  status: 202,
})

/** Who looked at the member's data, for the member (PIPL 44, 45): when, in which role, what for; no name of an employee. */
export const listAccessLog = defineContract({
  method: 'GET',
  path: '/api/members/me/access-log',
  audience: 'member',
  summary: '谁看过我的资料（最近 6 个月，最多 100 条）',
  response: v.object({
    accesses: v.array(v.object({ at: instantSchema, role: v.string(), purpose: v.string(), fields: v.array(v.string()) })),
  }),
  errors: ['member.notFound'],
})
