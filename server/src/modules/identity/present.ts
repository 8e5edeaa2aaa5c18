import { purposeTexts } from '@qihui/shared/consent'
import type { IdentityReview, ReviewReason } from '@qihui/shared/identity'
import { maskValue, memberFields, type MemberFieldKey } from '@qihui/shared/member'
import { tiers, type TierCode } from '@qihui/shared/tier'
import type { FieldCipher } from '../../security/fieldCipher.ts'
import { contactKeyPlace, contactNamePlace } from '../contact/places.ts'
import { maskedPhoneOf } from '../member/present.ts'

type ReviewPerson = IdentityReview['persons'][number]

/** A person of a review as it is stored. */
export interface ReviewPersonRow {
  readonly person_id: string
  readonly created_at: Date
  readonly external_user_id: string | null
  readonly contact_key_sealed: Buffer
  readonly name_sealed: Buffer
  readonly member_id: string | null
  readonly member_no: string
  readonly tier: TierCode
  readonly growth_value: number
  readonly registered_at: Date
  readonly data_key_sealed: Buffer
  readonly phone_sealed: Buffer | null
  readonly channel_name: string | null
  readonly is_staff: boolean
  readonly identifiers: readonly { readonly namespace: string; readonly value: string; readonly evidence: string; readonly observedAt: string }[]
  readonly followed_by: readonly string[]
  readonly consents: readonly { readonly purpose: string; readonly state: 'granted' | 'refused' | 'withdrawn'; readonly at: string }[]
}

/** What the review screens show of a person, all masked; goes into the audit. */
export const reviewedFields: readonly MemberFieldKey[] = ['contactName', 'memberNo', 'phone', 'registeredAt', 'channelName']

const namespaceNames: readonly (readonly [prefix: string, name: string])[] = [
  ['mp-openid@', '小程序 OpenID'],
  ['oa-openid@', '公众号 OpenID'],
  ['corp-openid@', '企业微信访客 ID'],
  ['unionid@', 'UnionID'],
  ['external-userid@', '企业微信客户 ID'],
  ['pending-id@', '企业微信待关联 ID'],
  ['import@', '业务系统编号'],
]

const evidenceNames: Readonly<Record<string, string>> = {
  code2Session: '小程序登录',
  externalContact: '企业微信客户资料',
  oauth: '网页授权登录',
  bindLink: '本人确认链接',
  staffEntry: '员工建档',
  integration: '业务系统写入',
  junction: '由其他标识推得',
}

/** What the last four characters of an identifier are enough for: telling two of them apart. */
function maskIdentifier(value: string): string {
  return `••••${value.length > 8 ? value.slice(-4) : ''}`
}

/** The name of a purpose as an operator reads it. */
export function purposeName(purpose: string): string {
  return purposeTexts.find((text) => text.purpose === purpose)?.label ?? purpose.replace(/^sensitive:.*/, '敏感信息')
}

/** The name of a tier. */
export function tierName(code: TierCode): string {
  return tiers.find((tier) => tier.code === code)?.name ?? code
}

/** A person as a reviewer sees them: name and phone masked, identifiers cut, nothing in clear (R60). */
export function presentReviewPerson(cipher: FieldCipher, row: ReviewPersonRow): ReviewPerson {
  const name = row.external_user_id === null
    ? null
    : cipher.open(contactNamePlace(row.external_user_id), row.name_sealed, cipher.openDataKey(contactKeyPlace(row.external_user_id), row.contact_key_sealed))
  return {
    personId: row.person_id,
    createdAt: row.created_at.toISOString(),
    name: name === null ? null : maskValue(memberFields.contactName.mask, name),
    isStaff: row.is_staff,
    member: row.member_id === null
      ? null
      : {
          memberNo: row.member_no,
          tierName: tierName(row.tier),
          growthValue: row.growth_value,
          phoneMasked: maskedPhoneOf(cipher, { member_id: row.member_id, data_key_sealed: row.data_key_sealed, phone_sealed: row.phone_sealed }),
          registeredAt: row.registered_at.toISOString(),
          channelName: row.channel_name,
        },
    identifiers: row.identifiers.map((identifier) => ({
      namespace: namespaceNames.find(([prefix]) => identifier.namespace.startsWith(prefix))?.[1] ?? '其他标识',
      valueMasked: maskIdentifier(identifier.value),
      source: evidenceNames[identifier.evidence] ?? '其他来源',
      observedAt: new Date(identifier.observedAt).toISOString(),
    })),
    followedBy: [...row.followed_by],
    consents: row.consents.map((consent) => ({ purpose: purposeName(consent.purpose), state: consent.state, at: new Date(consent.at).toISOString() })),
  }
}

const explanations: Readonly<Record<ReviewReason, string>> = {
  severalMembers: '微信返回的标识显示他们是同一人，但各自注册过会员。确认是同一人后可以合并，成长值会合在一起',
  secondUnionId: '同一个标识先后对应了两个 UnionID，与微信的规则矛盾。后出现的证据已隔离，档案没有变化',
  secondOpenId: '同一个人在同一应用下出现了两个 OpenID，与微信的规则矛盾。后出现的证据已隔离，档案没有变化',
  secondExternalUserId: '同一个微信账号对应了企业微信里的两位客户。后出现的证据已隔离，档案没有变化',
  sharedPhone: '两位会员验证了同一个手机号。号码可能由家人共用，也可能已换主人，系统不会据此合并',
  weakEvidence: '会员与客户经同一个邀请或渠道码而来，可能是同一人，但没有微信的标识可以证明',
  independent: '该渠道设置为独立账号：证据显示他们是同一人，由人工决定是否关联',
  isStaff: '该标识同时属于本企业员工。员工身份不会并入客户档案',
}

/** A review as it is stored. */
export interface ReviewRow {
  readonly review_id: string
  readonly reason: ReviewReason
  readonly created_at: Date
  readonly state: IdentityReview['state']
  readonly decided_by: string | null
  readonly decided_at: Date | null
  readonly person_ids: readonly string[]
}

/** One line of the review queue. Closed by the rules means that evidence has made them one meanwhile. */
export function presentReview(row: ReviewRow, persons: ReadonlyMap<string, ReviewPerson>): IdentityReview {
  return {
    reviewId: row.review_id,
    reason: row.reason,
    explanation: explanations[row.reason],
    createdAt: row.created_at.toISOString(),
    state: row.state,
    decidedBy: row.decided_by === 'rule' ? '系统（证据充分）' : row.decided_by,
    decidedAt: row.decided_at?.toISOString() ?? null,
    persons: row.person_ids.flatMap((personId) => persons.get(personId) ?? []),
  }
}
