/** What somebody may want to see sensitive data for; the words are what requester, approver and audit read. */
export const approvalPurposes = {
  identityCheck: '核对客户身份',
  delivery: '寄送商品或礼品',
  afterSales: '处理售后',
  complaint: '处理投诉',
  safety: '涉及客户人身或财产安全',
  other: '其他（请在说明中写清）',
} as const

export type ApprovalPurpose = keyof typeof approvalPurposes
export const approvalPurposeCodes = Object.keys(approvalPurposes) as [ApprovalPurpose, ...ApprovalPurpose[]]

/** States in words. */
export const approvalStateWords = {
  requested: '待审批',
  approved: '已批准',
  denied: '未通过',
  expired: '已过期',
  cancelled: '已撤回',
  used: '已使用',
  exhausted: '次数已用完',
  revoked: '已收回',
} as const
