import { isHolding, type DeidentifiedExport, type ErasureStatus, type LegalHold } from '@qihui/shared/lifecycle'
import type { Place } from '../../security/fieldCipher.ts'

/** An erasure with its receipts, as stored. */
export interface ErasureRow {
  readonly erasure_id: string
  readonly state: ErasureStatus['state']
  readonly requested_at: Date
  readonly answer_by: Date
  readonly erased_at: Date | null
  readonly receipts: readonly { readonly step: string; readonly count: number; readonly at: string }[]
}

/** What a step is called to the person it is about. */
const stepLabels: Readonly<Record<string, string>> = {
  phoneIndex: '手机号查询索引',
  sessions: '登录会话',
  drafts: '未提交的登记内容',
  consents: '终止的同意',
  messagesStopped: '取消的待发消息',
  links: '停用的专属链接',
  waiting: '待关联事项',
  reviews: '身份复核事项',
  identifiers: '停止识别的身份标识',
  tagsRemoved: '移除等级标签的好友关系',
  evidence: '身份关联依据',
  answers: '登记表答案',
  messages: '消息记录',
  timeline: '互动记录',
  ledgerOrigins: '成长值来源标识',
  interactions: '互动明细',
  coupons: '未使用的礼券',
  couponCodes: '已用礼券的券码与单号',
  benefits: '权益发放记录',
  advisers: '专属顾问',
  segments: '所在分群',
  touches: '渠道来源标识',
  visits: '访问记录标识',
  riskDecisions: '风险判断标识',
  consentOrigins: '同意记录中的微信标识',
  mergeImages: '合并备份',
  merges: '合并记录',
  approvals: '敏感信息查看申请',
  storedAnswers: '重复请求的应答',
  jobs: '待办任务',
  contactMirror: '企业微信客户资料副本',
  identifiersErased: '身份标识',
  dataKeys: '数据密钥',
}

/** What the person reads of their erasure: no step names anybody. */
export function presentErasure(row: ErasureRow): ErasureStatus {
  return {
    receiptNo: row.erasure_id,
    state: row.state,
    requestedAt: row.requested_at.toISOString(),
    answerBy: row.answer_by.toISOString(),
    erasedAt: row.erased_at?.toISOString() ?? null,
    receipts: row.receipts.map(({ step, count, at }) => ({ label: stepLabels[step] ?? step, count, at: new Date(at).toISOString() })),
  }
}

/** A hold as stored. */
export interface HoldRow {
  readonly hold_id: string
  readonly scope: LegalHold['scope']
  readonly data_class: LegalHold['dataClass']
  readonly member_no: string | null
  readonly reason: string
  readonly placed_by: string
  readonly placed_at: Date
  readonly approved_by: string | null
  readonly approved_at: Date | null
  readonly expires_at: Date
  readonly review_due_at: Date
  readonly reviewed_by: string | null
  readonly lifted_by: string | null
  readonly lifted_at: Date | null
}

export function presentHold(row: HoldRow, at: Date): LegalHold {
  const expiresAt = row.expires_at.toISOString()
  const liftedAt = row.lifted_at?.toISOString() ?? null
  return {
    holdId: row.hold_id,
    scope: row.scope,
    memberNo: row.member_no,
    dataClass: row.data_class,
    reason: row.reason,
    placedBy: row.placed_by,
    placedAt: row.placed_at.toISOString(),
    approvedBy: row.approved_by,
    approvedAt: row.approved_at?.toISOString() ?? null,
    expiresAt,
    reviewDueAt: row.review_due_at.toISOString(),
    reviewedBy: row.reviewed_by,
    liftedBy: row.lifted_by,
    liftedAt,
    isHolding: isHolding({ expiresAt, liftedAt }, at.toISOString()),
  }
}

/** An export as stored. */
export interface ExportRow {
  readonly export_id: string
  readonly purpose: string
  readonly created_by: string
  readonly created_at: Date
  readonly expires_at: Date
  readonly key_sealed: Buffer | null
  readonly k: number
  readonly row_count: number | null
  readonly suppressed_count: number | null
  readonly downloads: number
}

/** Where the key of one export's pseudonyms rests. */
export function exportKeyPlace(exportId: string): Place {
  return { table: 'deidentified_export', column: 'key_sealed', rowId: exportId }
}

export function presentExport(row: ExportRow, at: Date): DeidentifiedExport {
  return {
    exportId: row.export_id,
    purpose: row.purpose,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    isOpen: row.key_sealed !== null && row.expires_at > at,
    k: row.k,
    rowCount: row.row_count,
    suppressedCount: row.suppressed_count,
    downloads: row.downloads,
  }
}
