import { nextStepFor, type SidebarContact, type TimelineEntry } from '@qihui/shared/contact'
import type { CorpTag } from '@qihui/shared/corp-tag'
import { maskValue, memberFields, type MemberFieldKey } from '@qihui/shared/member'
import { tierProgress, type HeldTier } from '@qihui/shared/tier'
import type { FieldCipher } from '../../security/fieldCipher.ts'
import { maskedPhoneOf } from '../member/present.ts'
import { contactKeyPlace, contactNamePlace, remarkPlace } from './places.ts'

/** What the card's one statement answers for somebody who may read it: what is sealed, and the rest as one document. */
export interface SidebarRow {
  readonly contact_key_sealed: Buffer
  readonly name_sealed: Buffer
  readonly remark_sealed: Buffer | null
  readonly data_key_sealed: Buffer
  readonly phone_sealed: Buffer
  readonly card: SidebarFacts
}

interface SidebarFacts {
  readonly externalUserId: string
  readonly type: 1 | 2
  readonly avatarUrl: string | null
  readonly corpName: string | null
  /** Null with all that follows up to `channelName` when the contact is no member. */
  readonly memberId: string | null
  readonly memberNo: string
  readonly growthValue: number
  readonly tier: HeldTier['tier']
  readonly reviewOn: string | null
  readonly graceUntil: string | null
  readonly registeredAt: string
  readonly channelName: string | null
  readonly followUsers: readonly { readonly staffUserId: string; readonly name: string; readonly addedAt: string }[] | null
  readonly corpTags: readonly CorpTag[] | null
  readonly timeline: readonly TimelineRow[] | null
}

interface TimelineRow {
  readonly at: string
  readonly kind: TimelineEntry['kind']
  readonly data: Readonly<Record<string, unknown>>
  readonly staffName: string | null
}

/** What a rep reads of a contact who is no member: the chat shows it to them anyway. */
export const contactFieldKeys: readonly MemberFieldKey[] = ['contactName', 'remark', 'avatarUrl']
/** What a rep reads of a member besides: the catalogue's profile fields, the phone masked. */
export const memberFieldKeys: readonly MemberFieldKey[] = (Object.keys(memberFields) as MemberFieldKey[]).filter(
  (key) => memberFields[key].isInProfile || contactFieldKeys.includes(key),
)

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

function namesOf(value: unknown): string {
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string').join('、') : ''
}

const invitationForms: Readonly<Record<string, string>> = { miniProgram: '小程序卡片', link: '链接', text: '文字' }
const growthSources: Readonly<Record<string, string>> = { registration: '注册会员', order: '消费', orderRefund: '退款' }
const signed = new Intl.NumberFormat('zh-CN', { signDisplay: 'exceptZero', useGrouping: false })

function tagDetail(data: TimelineRow['data']): string | null {
  const added = namesOf(data['added'])
  const removed = namesOf(data['removed'])
  return [added && `添加：${added}`, removed && `移除：${removed}`].filter((part) => part !== '').join('；') || null
}

function lostTitle(who: string, endedBy: unknown): string {
  if (endedBy === 'customer') return `客户删除了${who}`
  if (endedBy === 'transfer') return `${who}的客户关系已转交`
  return `${who}与客户不再是好友`
}

/** One line of the timeline in words. */
export function presentTimelineEntry({ at, kind, data, staffName }: TimelineRow): TimelineEntry {
  const who = staffName ?? textOf(data['staffUserId']) ?? '员工'
  const line = (title: string, detail: string | null = null): TimelineEntry => ({ at: new Date(at).toISOString(), kind, title, detail })
  switch (kind) {
    case 'contact.added':
      return line(`添加了${who}为好友`)
    case 'contact.lost':
      return line(lostTitle(who, data['endedBy']))
    case 'member.registered': {
      const channel = textOf(data['channelName'])
      return line('注册成为会员', channel && `来自渠道「${channel}」`)
    }
    case 'member.confirmed':
      return line('本人确认了会员资料')
    case 'identity.linked':
      return line('会员与企业微信客户已关联')
    case 'identity.merged':
      return line('两份档案经人工复核合并为一位客户')
    case 'identity.unmerged':
      return line('档案合并已撤销')
    case 'growth.earned':
      return line(`成长值 ${signed.format(Number(data['amount']))}`, growthSources[String(data['source'])] ?? null)
    case 'tier.changed':
      return line(`等级变为${textOf(data['tierName']) ?? ''}`)
    case 'corpTag.changed':
      return line(`${who}修改了企业标签`, tagDetail(data))
    case 'invitation.sent': {
      const form = invitationForms[String(data['form'])]
      return line(`${who}发送了入会邀请`, form ?? null)
    }
  }
}

type ProfileField = NonNullable<SidebarContact['member']>['fields'][number]

function profileFields(cipher: FieldCipher, row: SidebarRow, memberId: string): ProfileField[] {
  const phone = maskedPhoneOf(cipher, { member_id: memberId, data_key_sealed: row.data_key_sealed, phone_sealed: row.phone_sealed })
  const values: Partial<Record<MemberFieldKey, string | null>> = {
    memberNo: row.card.memberNo,
    phone,
    registeredAt: new Date(row.card.registeredAt).toISOString(),
    channelName: row.card.channelName,
  }
  return (Object.keys(memberFields) as MemberFieldKey[]).flatMap((key) => {
    const definition = memberFields[key]
    const value = values[key]
    if (!definition.isInProfile || value === null || value === undefined) return []
    const isMasked = definition.mask !== 'none'
    // The phone comes masked already: it is never opened into this object.
    return [{ key, label: definition.label, value: isMasked && key !== 'phone' ? maskValue(definition.mask, value) : value, isMasked }]
  })
}

/** The card of a contact that WeCom has not told us of yet. */
export function presentNotMirrored(): SidebarContact {
  return { state: 'notMirrored', contact: null, member: null, corpTags: [], timeline: [], nextStep: nextStepFor('notMirrored', null) }
}

/** The card as one serving rep sees it: name and remark raw, the member's phone masked (R60). The only place that decides what leaves. */
export function presentSidebarContact(cipher: FieldCipher, row: SidebarRow, viewerId: string): SidebarContact {
  const { card } = row
  const key = cipher.openDataKey(contactKeyPlace(card.externalUserId), row.contact_key_sealed)
  const progress = card.memberId === null ? null : tierProgress(card.growthValue, card)
  const state = card.memberId === null ? 'notRegistered' : 'member'
  return {
    state,
    contact: {
      externalUserId: card.externalUserId,
      type: card.type,
      name: cipher.open(contactNamePlace(card.externalUserId), row.name_sealed, key),
      avatarUrl: card.avatarUrl,
      corpName: card.corpName,
      remark: row.remark_sealed && cipher.open(remarkPlace(card.externalUserId, viewerId), row.remark_sealed, key),
      followUsers: (card.followUsers ?? []).map((follow) => ({
        ...follow,
        addedAt: new Date(follow.addedAt).toISOString(),
        isSelf: follow.staffUserId === viewerId,
      })),
    },
    member: card.memberId !== null && progress !== null
      ? { memberId: card.memberId, tier: { ...progress, benefits: [...progress.benefits] }, fields: profileFields(cipher, row, card.memberId) }
      : null,
    corpTags: [...(card.corpTags ?? [])],
    timeline: (card.timeline ?? []).map(presentTimelineEntry),
    nextStep: nextStepFor(state, progress),
  }
}
