/** What operators read where the queue has a job's name; a job of a newer server shows its own name. */
const jobWords: Readonly<Record<string, string>> = {
  advanceBenefits: '夜间权益处理',
  advanceTiers: '夜间等级评定',
  archiveQuietMembers: '归档沉默会员',
  awardFormGrowth: '表单成长值入账',
  compareContactLists: '核对客户名单',
  endFollow: '结束跟进关系',
  erasePerson: '执行注销',
  fetchStaffBehaviour: '拉取员工联系统计',
  issueCoupons: '发放优惠券',
  linkIdentity: '身份关联',
  markContactTags: '修改客户标签',
  mirrorContact: '同步客户资料',
  prepareAdviserWay: '生成顾问二维码',
  prepareChannel: '生成渠道码',
  purgeExpired: '清除到期数据',
  purgeOldAudit: '清除到期审计',
  reconcileContacts: '客户全量对账',
  reconcileTierTags: '等级标签对账',
  refreshSegment: '刷新分群',
  refreshSegments: '夜间刷新分群',
  removeSegment: '移除分群标签',
  renewAdvisers: '更新专属顾问',
  retryPendingLinks: '重试身份关联',
  reviewErasures: '检查注销进度',
  reviewStaffTags: '核对员工名下标签',
  rotateKeys: '轮换数据密钥',
  sendDelivery: '发送短信与邮件',
  tellApprovers: '通知审批人',
  sendQuietNotice: '发送沉默提醒',
  sendWelcome: '发送欢迎语',
  signAuditHeads: '审计链签名',
  syncCorpTags: '同步企业标签',
  syncStaff: '同步员工与部门',
  syncTierTag: '写入等级标签',
  unhandled: '其他版本的任务',
  verifyAuditChain: '校验审计链',
  writeTagLibrary: '修改标签库',
}

/** A job in words. */
export const jobLabel = (job: string): string => jobWords[job] ?? job

const credentialWords: Readonly<Record<string, string>> = { accessToken: '接口凭证', corpTicket: '企业 JS 凭证', agentTicket: '应用 JS 凭证', jsapiTicket: '网页 JS 凭证' }
const vendorWords = { wecom: '企业微信', wechat: '微信' } as const

/** A credential in words. */
export const credentialLabel = (vendor: keyof typeof vendorWords, kind: string): string => `${vendorWords[vendor]} ${credentialWords[kind] ?? kind}`

const refusalWords: Readonly<Record<string, string>> = { unsigned: '缺少签名', signature: '签名不符', clock: '时间相差过大', undecryptable: '无法解密', receiver: '企业不符', malformed: '格式错误' }

/** Why a callback was refused, in words. */
export const refusalLabel = (reason: string): string => refusalWords[reason] ?? reason
