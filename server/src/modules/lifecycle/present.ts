import type { ErasureStatus } from '@qihui/shared/lifecycle'

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
  touches: '渠道来源标识',
  visits: '访问记录标识',
  riskDecisions: '风险判断标识',
  consentOrigins: '同意记录中的微信标识',
  mergeImages: '合并备份',
  merges: '合并记录',
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
