import type { Channel } from '@qihui/shared/channel'
import type { Delivery } from '@qihui/shared/delivery'
import type { FormField } from '@qihui/shared/form'
import type { IdentityReview } from '@qihui/shared/identity'
import type { ApiKeyScope } from '@qihui/shared/member'
import type { RiskOutcome } from '@qihui/shared/risk'

type Tone = 'good' | 'waiting' | 'bad' | 'calm'
interface Word {
  readonly text: string
  readonly tone: Tone
}

/** What operators read where the contracts have a code. */
export const channelKinds: Record<Channel['kind'], string> = { scan: '扫码渠道', inviteLink: '邀请链接' }

export const opennessWords: Record<Channel['openness'], Word> = {
  open: { text: '开放中', tone: 'good' },
  used: { text: '已使用', tone: 'calm' },
  expired: { text: '已过期', tone: 'calm' },
  revoked: { text: '已停用', tone: 'bad' },
  overQuota: { text: '名额已满', tone: 'waiting' },
}

export const preparationWords: Record<Channel['state'], Word> = {
  preparing: { text: '二维码生成中', tone: 'waiting' },
  ready: { text: '二维码已就绪', tone: 'good' },
  failed: { text: '二维码生成失败', tone: 'bad' },
}

export const bindingModes: Record<Channel['bindingMode'], { readonly name: string; readonly explanation: string }> = {
  progressive: { name: '渐进绑定（推荐）', explanation: '客户无感：凭 unionid 等可靠证据静默打通，关键行为时再核对一次。' },
  forced: { name: '强制绑定', explanation: '完成注册前不提供其他服务，一致率最高，流失也更多。' },
  independent: { name: '独立账号', explanation: '账号各自独立，只生成复核事项，由运营人员决定是否合并。' },
}

export const deliveryStates: Record<Delivery['state'], Word> = {
  queued: { text: '等待发送', tone: 'waiting' },
  sent: { text: '已发送', tone: 'good' },
  failed: { text: '发送失败', tone: 'bad' },
  cancelled: { text: '已取消', tone: 'calm' },
}
export const deliveryMedia: Record<Delivery['medium'], string> = { sms: '短信', email: '邮件' }
export const deliveryPurposes: Record<Delivery['purpose'], string> = { service: '服务通知', marketing: '营销' }

export const riskOutcomes: Record<RiskOutcome, Word> = {
  allow: { text: '放行', tone: 'good' },
  challenge: { text: '要求短信核验', tone: 'waiting' },
  hold: { text: '暂缓权益', tone: 'waiting' },
  deny: { text: '拒绝注册', tone: 'bad' },
}

export const reviewReasons: Record<IdentityReview['reason'], string> = {
  severalMembers: '两位会员疑似同一人',
  secondUnionId: '出现第二个 unionid',
  secondOpenId: '同一应用出现第二个 openid',
  secondExternalUserId: '出现第二个外部联系人',
  sharedPhone: '两人验证了同一手机号',
  weakEvidence: '证据较弱，需要人工确认',
  independent: '渠道要求人工决定',
  isStaff: '涉及企业员工',
}

export const reviewStates: Record<IdentityReview['state'], Word> = {
  open: { text: '待复核', tone: 'waiting' },
  merged: { text: '已合并', tone: 'good' },
  keptApart: { text: '保持独立', tone: 'calm' },
}

const consentPurposes: Record<string, string> = { membership: '会员服务', marketing: '营销信息', personalisation: '个性化推荐' }

/** The purpose of a consent; `sensitive:<field>` is the separate one of a sensitive field. */
export function purposeLabel(purpose: string): string {
  const field = /^sensitive:(.+)$/.exec(purpose)?.[1]
  return consentPurposes[purpose] ?? (field ? `敏感信息（${field}）` : purpose)
}

export const consentStates: Record<IdentityReview['persons'][number]['consents'][number]['state'], Word> = {
  granted: { text: '已同意', tone: 'good' },
  refused: { text: '不同意', tone: 'calm' },
  withdrawn: { text: '已撤回', tone: 'bad' },
}

export const apiKeyScopes: Record<ApiKeyScope, string> = {
  'members:write': '写入会员',
  'orders:write': '写入订单',
  'memberCodes:read': '核验会员码',
  'keyActs:write': '上报关键行为',
  'interactions:write': '上报客户互动',
  'coupons:redeem': '核销礼券',
}

export const fieldTypes: Record<FormField['type'], string> = {
  text: '文字',
  choice: '单选',
  date: '日期',
  region: '省市区',
  phone: '手机号',
  email: '邮箱',
  number: '数字',
  yesNo: '是 / 否',
}
export const fieldClasses: Record<FormField['class'], string> = { P: '公开', N: '一般个人信息', S: '敏感个人信息' }
export const legalBases: Record<NonNullable<FormField['legalBasis']>, string> = { consent: '个人同意', contract: '履行合同所必需' }
export const confirmations: Record<FormField['confirmation'], string> = { none: '不需要', echo: '回显后点按确认', code: '验证码核验' }

export const diffClasses = {
  minor: { name: '轻微变更', explanation: '改错字、换说法、补充联系方式等，不改变收集什么、怎么用、给谁。已有的同意继续有效。' },
  material: { name: '实质变更', explanation: '收集的信息、用途、共享对象或保存期限有变化。所有人都要重新同意。' },
} as const
