import type { ConsentPurpose } from './contract.ts'

/** What a person reads beside the control of a purpose. */
export interface PurposeText {
  readonly purpose: ConsentPurpose
  readonly label: string
  readonly explanation: string
}

/** Purposes everybody is told about, the needed one first. The optional ones have a control and a record of their own each. */
export const purposeTexts: readonly PurposeText[] = [
  { purpose: 'membership', label: '会员服务', explanation: '开通会员、核对身份、计算等级与权益，以及与会员服务有关的联系。不同意则无法入会。' },
  { purpose: 'marketing', label: '活动与优惠推送', explanation: '通过短信、邮件或企业微信向您发送活动和优惠信息。不同意不影响会员权益。' },
  { purpose: 'personalisation', label: '个性化推荐', explanation: '根据您的会员资料和互动记录推荐您可能感兴趣的内容。不同意不影响会员权益。' },
]

/** The same for the separate consent of a sensitive field (PIPL 29). */
export function sensitivePurposeText(field: { readonly key: string; readonly label: string; readonly purpose?: string | undefined }): PurposeText {
  return {
    purpose: `sensitive:${field.key}`,
    label: `敏感信息：${field.label}`,
    explanation: `${field.label}属于敏感个人信息，仅用于${field.purpose ?? '您填写时所说明的用途'}。不同意可以不填写，不影响其他服务。`,
  }
}

const sensitivePrefix = 'sensitive:'

/** The field a purpose is the separate consent for, or null for the general purposes. */
export function sensitiveKeyOf(purpose: string): string | null {
  return purpose.startsWith(sensitivePrefix) ? purpose.slice(sensitivePrefix.length) : null
}
