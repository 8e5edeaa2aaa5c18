import * as v from 'valibot'
import { formFieldSchema, rawAnswersSchema } from '../form/contract.ts'
import { defineContract } from '../http/contract.ts'
import { idSchema, instantSchema } from '../ids/schemas.ts'

/** One thing we keep about somebody, as they are told it (PIPL 45). */
export const ownFieldSchema = v.object({
  key: v.string(),
  label: v.string(),
  value: v.string(),
  purpose: v.string(),
  legalBasis: v.picklist(['consent', 'contract']),
  /** Where it came from, in words. */
  source: v.string(),
  /** How long it is kept, in words. */
  retention: v.string(),
  /** The answer as it is kept, when the person may correct it here. */
  answer: v.nullable(v.union([v.string(), v.number(), v.boolean()])),
})
export type OwnField = v.InferOutput<typeof ownFieldSchema>

/** Everything about the person behind a session: raw, it is theirs. */
export const getOwnData = defineContract({
  method: 'GET',
  path: '/api/members/me/data',
  audience: 'member',
  summary: '本人的全部个人信息：内容、用途、来源与保存期限',
  response: v.object({
    fields: v.array(ownFieldSchema),
    /** Rows besides the fields, by kind. */
    records: v.array(v.object({ label: v.string(), count: v.number(), retention: v.string() })),
    /** Questions of the form in force whose answers can be corrected, sensitive ones with their own consent only. */
    correctable: v.array(formFieldSchema),
  }),
  errors: ['member.notFound'],
})
export type OwnData = v.InferOutput<typeof getOwnData.response>

/** A copy to take away (PIPL 45): all fields and all records. The client saves or copies `content`. */
export const exportOwnData = defineContract({
  method: 'GET',
  path: '/api/members/me/data-export',
  audience: 'member',
  summary: '导出本人数据副本（JSON 或 CSV）',
  query: v.object({ format: v.picklist(['json', 'csv'], '格式只能是 json 或 csv') }),
  response: v.object({ fileName: v.string(), mediaType: v.string(), content: v.string() }),
  errors: ['member.notFound'],
})

/** Correction (PIPL 46): answers of the form in force, validated as at registration. Fields that are not named stay. */
export const correctOwnData = defineContract({
  method: 'PUT',
  path: '/api/members/me/answers',
  audience: 'member',
  summary: '更正本人填写的资料',
  body: v.strictObject({ answers: rawAnswersSchema }),
  response: v.object({ corrected: v.array(v.string()) }),
  errors: ['member.notFound', 'consent.required', 'form.outdated'],
})

/** How far an erasure is. */
export const erasureStatusSchema = v.object({
  /** What the person keeps to ask again; it leads to nothing but this answer. */
  receiptNo: idSchema,
  /** `restricted`: nothing but stored, being erased. `held`: a legal hold keeps it stored, nothing else. */
  state: v.picklist(['restricted', 'held', 'erased']),
  requestedAt: instantSchema,
  answerBy: instantSchema,
  erasedAt: v.nullable(instantSchema),
  receipts: v.array(v.object({ label: v.string(), count: v.number(), at: instantSchema })),
})
export type ErasureStatus = v.InferOutput<typeof erasureStatusSchema>

/** The person leaves (PIPL 47): restricted in this request, erased as soon as nothing holds it. */
export const requestErasure = defineContract({
  method: 'POST',
  path: '/api/members/me/erasure',
  audience: 'member',
  summary: '注销会员并删除个人信息',
  body: v.strictObject({ isUnderstood: v.literal(true, '请先阅读注销说明并勾选确认') }),
  response: erasureStatusSchema,
  status: 202,
  errors: ['member.notFound'],
})

/** For whoever has the number: the person is nobody's any more, so no session leads here. */
export const getErasure = defineContract({
  method: 'GET',
  path: '/api/members/erasures/:receiptNo',
  audience: 'member',
  summary: '注销进度',
  params: v.object({ receiptNo: idSchema }),
  response: erasureStatusSchema,
  errors: ['request.notFound'],
})

/** Data a hold of a class keeps: members with everything of theirs, or messages sent. */
export const heldClassSchema = v.picklist(['members', 'messages'])

export const legalHoldSchema = v.object({
  holdId: idSchema,
  scope: v.picklist(['person', 'class']),
  /** Null for a class, and once the member is gone. */
  memberNo: v.nullable(v.string()),
  dataClass: v.nullable(heldClassSchema),
  reason: v.string(),
  placedBy: v.string(),
  placedAt: instantSchema,
  approvedBy: v.nullable(v.string()),
  approvedAt: v.nullable(instantSchema),
  expiresAt: instantSchema,
  reviewDueAt: instantSchema,
  reviewedBy: v.nullable(v.string()),
  liftedBy: v.nullable(v.string()),
  liftedAt: v.nullable(instantSchema),
  isHolding: v.boolean(),
})
export type LegalHold = v.InferOutput<typeof legalHoldSchema>

export const listLegalHolds = defineContract({
  method: 'GET',
  path: '/api/console/legal-holds',
  audience: 'operator',
  permission: { action: 'read', subject: 'Lifecycle' },
  summary: '法律保全列表',
  response: v.object({ holds: v.array(legalHoldSchema) }),
})

/** Holds from the moment it is placed; somebody else approves it. Reviewed every 90 days. */
export const placeLegalHold = defineContract({
  method: 'POST',
  path: '/api/console/legal-holds',
  audience: 'operator',
  permission: { action: 'create', subject: 'Lifecycle' },
  summary: '设置法律保全：停止清除与销毁，不影响查阅',
  isIdempotent: true,
  body: v.strictObject({
    subject: v.variant('scope', [
      v.strictObject({ scope: v.literal('person'), memberNo: v.pipe(v.string(), v.regex(/^\d{12}$/, '会员号为 12 位数字')) }),
      v.strictObject({ scope: v.literal('class'), dataClass: heldClassSchema }),
    ]),
    reason: v.pipe(v.string(), v.trim(), v.minLength(4, '请写明保全原因，至少 4 个字'), v.maxLength(200, '原因最多 200 个字')),
    days: v.pipe(v.number('请填写保全天数'), v.integer('天数须为整数'), v.minValue(1, '至少 1 天'), v.maxValue(1095, '最多 1095 天')),
  }),
  response: legalHoldSchema,
  status: 201,
  errors: ['request.notFound'],
})

/** `approve` by somebody other than who placed it; `review` keeps it for another 90 days; `lift` ends it. */
export const changeLegalHold = defineContract({
  method: 'POST',
  path: '/api/console/legal-holds/:holdId/changes',
  audience: 'operator',
  permission: { action: 'update', subject: 'Lifecycle' },
  summary: '批准、复核或解除法律保全',
  params: v.object({ holdId: idSchema }),
  body: v.strictObject({ change: v.picklist(['approve', 'review', 'lift']), note: v.optional(v.pipe(v.string(), v.trim(), v.maxLength(200)), '') }),
  response: legalHoldSchema,
  errors: ['request.notFound', 'hold.refused'],
})

/** What the console shows of archive and erasure. */
export const getLifecycle = defineContract({
  method: 'GET',
  path: '/api/console/lifecycle',
  audience: 'operator',
  permission: { action: 'read', subject: 'Lifecycle' },
  summary: '归档与删除概况',
  response: v.object({
    counts: v.object({ active: v.number(), quiet150: v.number(), quiet173: v.number(), archived: v.number(), restricted: v.number(), erased: v.number() }),
    runs: v.array(v.object({ day: v.string(), archived: v.number(), warned: v.number(), finishedAt: instantSchema })),
    erasures: v.array(v.object({ ...erasureStatusSchema.entries, reason: v.picklist(['request', 'retention', 'replay']) })),
  }),
})
export type Lifecycle = v.InferOutput<typeof getLifecycle.response>

const deidentifiedExportSchema = v.object({
  exportId: idSchema,
  purpose: v.string(),
  createdBy: v.string(),
  createdAt: instantSchema,
  expiresAt: instantSchema,
  isOpen: v.boolean(),
  /** Groups smaller than this are left out. */
  k: v.number(),
  rowCount: v.nullable(v.number()),
  suppressedCount: v.nullable(v.number()),
  downloads: v.number(),
})
export type DeidentifiedExport = v.InferOutput<typeof deidentifiedExportSchema>

export const listDeidentifiedExports = defineContract({
  method: 'GET',
  path: '/api/console/deidentified-exports',
  audience: 'operator',
  permission: { action: 'read', subject: 'Lifecycle' },
  summary: '去标识化导出列表',
  response: v.object({ exports: v.array(deidentifiedExportSchema) }),
})

/** The file itself is streamed from `/api/console/deidentified-exports/:exportId/members.csv`, for seven days (R66). */
export const createDeidentifiedExport = defineContract({
  method: 'POST',
  path: '/api/console/deidentified-exports',
  audience: 'operator',
  permission: { action: 'export', subject: 'Lifecycle' },
  summary: '新建去标识化导出',
  isIdempotent: true,
  body: v.strictObject({ purpose: v.pipe(v.string(), v.trim(), v.minLength(4, '请写明用途，至少 4 个字'), v.maxLength(100, '用途最多 100 个字')) }),
  response: deidentifiedExportSchema,
  status: 201,
})
