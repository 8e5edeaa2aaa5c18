/** What staff did, for the console. Actions are stable codes; one that is not here is shown as it is. */
const titles: Readonly<Record<string, string>> = {
  'contact.read': '查看客户资料',
  'identityReview.read': '查看身份复核',
  'identityReview.preview': '预览合并结果',
  'identityReview.merge': '确认为同一人',
  'identityReview.keepApart': '确认不是同一人',
  'personMerge.read': '查看合并记录',
  'personMerge.undo': '撤销合并',
  'riskDecision.released': '放行注册',
  'riskDecision.confirmed': '确认注册风险',
  'channel.create': '新建渠道',
  'channel.revoke': '停用渠道',
  'form.publish': '发布登记表',
  'policy.publish': '发布隐私政策',
  'apiKey.create': '新建接口密钥',
  'apiKey.revoke': '停用接口密钥',
  'growthRules.published': '发布成长值规则',
  'tierRules.published': '发布等级规则',
  'segment.create': '新建分群',
  'segment.change': '修改分群',
  'segment.pause': '暂停分群',
  'segment.resume': '恢复分群',
  'segment.refresh': '立即更新分群',
  'segment.delete': '删除分群',
  'corpTag.libraryChange': '修改企业标签库',
  'corpTag.libraryRefresh': '立即同步企业标签库',
  'corpTag.tierReview': '立即核对等级标签',
  'document.create': '新建资料链接',
  'document.revoke': '下架资料链接',
  'coupon.redeem': '核销礼券',
  'riskAllowance.create': '登记活动限额',
  'rights.grant': '授予角色',
  'rights.revoke': '收回角色',
  'rights.setModel': '修改授权模式',
  'audit.export': '导出审计日志',
  'audit.purge': '清理到期的审计日志',
  'audit.verify': '校验审计日志',
  'approval.request': '申请查看敏感信息',
  'approval.approve': '批准查看敏感信息',
  'approval.deny': '不批准查看敏感信息',
  'approval.cancel': '撤回查看申请',
  'approval.revoke': '收回查看授权',
  'approval.breakGlass': '紧急查看敏感信息',
  'approval.review': '复核紧急查看',
  'field.reveal': '查看敏感信息',
  'deadLetter.replay': '重新执行失败任务',
  'deadLetter.discard': '丢弃失败任务',
  'erasure.requested': '申请注销',
  'erasure.done': '完成注销',
  'legalHold.placed': '设置法律保全',
  'legalHold.approved': '批准法律保全',
  'legalHold.reviewed': '复核法律保全',
  'legalHold.lifted': '解除法律保全',
  'deidentifiedExport.created': '建立去标识化导出',
  'deidentifiedExport.downloaded': '下载去标识化导出',
  'ownData.corrected': '本人更正资料',
}

/** `查看客户资料`, or the code itself. */
export function auditActionTitle(action: string): string {
  return titles[action] ?? action
}

/** The actions the console offers to filter by, with their words. */
export const auditActions: readonly { readonly action: string; readonly title: string }[] = Object.entries(titles).map(([action, title]) => ({ action, title }))

/** Why somebody looked, in words for the member it was about (PIPL 44, 45). Looks without an entry are told as looks, without a reason. */
const purposes: Readonly<Record<string, string>> = {
  'contact.read': '在聊天中为您服务',
  'identityReview.read': '核对您的会员身份',
  'identityReview.preview': '核对您的会员身份',
  'personMerge.read': '核对您的会员身份',
  'field.reveal': '经审批查看，用于为您处理具体事务',
}

/** `在聊天中为您服务`. */
export function accessPurpose(action: string): string {
  return purposes[action] ?? '处理会员事务'
}
