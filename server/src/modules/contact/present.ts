import { nextStepFor, type SidebarContact, type TimelineEntry } from '@qihui/shared/contact'
import type { CorpTag } from '@qihui/shared/corp-tag'
import type { FormDefinition } from '@qihui/shared/form'
import { maskValue, memberFields } from '@qihui/shared/member'
import type { Relation } from '@qihui/shared/rights'
import { tierProgress, type HeldTier, type TierRules } from '@qihui/shared/tier'
import type { FieldCipher } from '../../security/fieldCipher.ts'
import { contactKeyPlace, contactNamePlace, remarkPlace } from './places.ts'
import type { FieldSight } from './policy.ts'
import { presentProfile, type StoredAnswer } from './profile.ts'

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
  /** Position in the standings of the policy. */
  readonly standing: 0 | 1 | 2 | 3
  readonly externalUserId: string
  readonly type: 1 | 2
  readonly avatarUrl: string | null
  readonly corpName: string | null
  /** Null with all that follows up to `channelName` when the contact is no member. */
  readonly memberId: string | null
  readonly memberNo: string
  readonly isArchived: boolean
  readonly growthValue: number
  readonly tier: HeldTier['tier']
  readonly reviewOn: string | null
  readonly graceUntil: string | null
  readonly registeredAt: string
  readonly channelName: string | null
  readonly followUsers: readonly { readonly staffUserId: string; readonly name: string; readonly addedAt: string }[] | null
  readonly corpTags: readonly CorpTag[] | null
  readonly timeline: readonly TimelineRow[] | null
  readonly answers: readonly StoredAnswer[] | null
}

interface TimelineRow {
  readonly at: string
  readonly kind: TimelineEntry['kind']
  readonly data: Readonly<Record<string, unknown>>
  readonly staffName: string | null
}

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
    case 'member.restored':
      return line('归档后重新活跃，已恢复会员服务')
    case 'member.quietNotice':
      return line(`${Number(data['days'])} 天未活跃，已短信提醒`)
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

/** Who looks at a card. */
export interface CardViewer {
  readonly staffUserId: string
  readonly relation: Relation
  readonly sight: FieldSight
  /** Definitions of the form versions the answers name. */
  readonly forms: ReadonlyMap<string, FormDefinition>
  /** In force now. */
  readonly tierRules: TierRules
}

/** A value as the viewer may see it; what they may not see at all is not opened. */
function seen(field: { readonly key: string } & Parameters<FieldSight>[0], sight: FieldSight, open: () => string): string | null {
  const visibility = sight(field)
  if (visibility === 'none') return null
  return visibility === 'raw' ? open() : maskValue(field.mask, open())
}

/** The card of a contact that WeCom has not told us of yet. */
export function presentNotMirrored(): SidebarContact {
  return { state: 'notMirrored', contact: null, member: null, corpTags: [], timeline: [], nextStep: nextStepFor('notMirrored', null) }
}

/** The card as one viewer sees it: every field as the catalogue grants it to their roles (R59, R60). The only place that decides what leaves. */
export function presentSidebarContact(cipher: FieldCipher, row: SidebarRow, { staffUserId: viewerId, relation, sight, forms, tierRules }: CardViewer): SidebarContact {
  const { card } = row
  const { contactName, remark, avatarUrl } = memberFields
  const sealedRemark = row.remark_sealed
  const key = cipher.openDataKey(contactKeyPlace(card.externalUserId), row.contact_key_sealed)
  const progress = card.memberId === null ? null : tierProgress(card.growthValue, card, tierRules.ladder)
  const state = card.memberId === null ? 'notRegistered' : 'member'
  return {
    state,
    contact: {
      externalUserId: card.externalUserId,
      type: card.type,
      name: seen(contactName, sight, () => cipher.open(contactNamePlace(card.externalUserId), row.name_sealed, key)) ?? '客户',
      avatarUrl: card.avatarUrl && seen(avatarUrl, sight, () => card.avatarUrl ?? ''),
      corpName: card.corpName,
      remark: sealedRemark && seen(remark, sight, () => cipher.open(remarkPlace(card.externalUserId, viewerId), sealedRemark, key)),
      relation,
      followUsers: (card.followUsers ?? []).map((follow) => ({
        ...follow,
        addedAt: new Date(follow.addedAt).toISOString(),
        isSelf: follow.staffUserId === viewerId,
      })),
    },
    member: card.memberId !== null && progress !== null
      ? { memberId: card.memberId, isArchived: card.isArchived, tier: { ...progress, benefits: [...progress.benefits] }, fields: presentProfile(cipher, { memberId: card.memberId, dataKeySealed: row.data_key_sealed, phoneSealed: row.phone_sealed, card, answers: card.answers ?? [] }, sight, forms) }
      : null,
    corpTags: [...(card.corpTags ?? [])],
    timeline: (card.timeline ?? []).map(presentTimelineEntry),
    nextStep: nextStepFor(state, progress),
  }
}
