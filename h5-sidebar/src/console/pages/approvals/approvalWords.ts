import type { ApprovalDesk, ApprovalView } from '@qihui/shared/approval'

export const stateTones = { requested: 'waiting', approved: 'good', denied: 'bad', expired: 'calm', cancelled: 'calm', used: 'calm', exhausted: 'calm', revoked: 'bad' } as const satisfies Record<ApprovalView['state'], string>

export const verdictWords = { justified: '理由成立', unjustified: '理由不成立' } as const

/** Whose data, which fields: `陈** · 123456789012` and `证件号、住址`. */
export function aboutWhom({ customerName, memberNo }: ApprovalView): string {
  return memberNo === null ? customerName : `${customerName} · ${memberNo}`
}

export function fieldNames({ fields }: ApprovalView): string {
  return fields.map(({ label }) => label).join('、')
}

type Alert = ApprovalDesk['alerts'][number]

const alertWords: Record<Alert['kind'], (alert: Alert) => string> = {
  samePair: ({ requester, approver, count }) => `${requester}的申请当天由${approver}处理了 ${count} 次，超过 5 次`,
  night: ({ requester, approver, count }) => `${approver}在夜间（22:00–6:00）处理了${requester}的 ${count} 次申请`,
  hasty: ({ requester, approver, count }) => `${approver}在 3 秒内处理了${requester}的 ${count} 次申请，可能没有细看`,
  manyPersons: ({ requester, count }) => `${requester}当天申请查看了 ${count} 位客户，超过 20 位`,
}

/** One odd thing in a sentence. */
export function alertSentence(alert: Alert): string {
  return alertWords[alert.kind](alert)
}
