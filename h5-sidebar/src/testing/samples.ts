import type { SidebarContact } from '@qihui/shared/contact'
import type { CorpTag } from '@qihui/shared/corp-tag'
import { nextStepFor } from '@qihui/shared/contact'
import type { FormField } from '@qihui/shared/form'
import { tierProgress } from '@qihui/shared/tier'
import type { CorpTagGroup, EnteredMember, Invitation, StaffSelf } from '../api/sidebarApi.ts'

/** The moment the samples are seen from. */
export const sampleNow = Date.parse('2026-11-22T04:00:00.000Z')

export const staffSelf: StaffSelf = { staffUserId: 'rep.li', name: '李明', isOperator: false, readable: ['Contact', 'Member', 'Channel', 'CorpTag'], corpId: 'ww5a1d0c3f7e9b2468', agentId: '1000002' }

export const tierTag: CorpTag = { tagId: 'etTierSilver', name: '银卡会员', groupName: '会员等级', isManaged: true }
export const babyTag: CorpTag = { tagId: 'etBaby', name: '母婴', groupName: '兴趣', isManaged: false }
export const beautyTag: CorpTag = { tagId: 'etBeauty', name: '美妆', groupName: '兴趣', isManaged: false }

export const corpTagGroups: CorpTagGroup[] = [
  { groupId: 'etgTier', name: '会员等级', tags: [tierTag] },
  { groupId: 'etgInterest', name: '兴趣', tags: [babyTag, beautyTag] },
]

export const sampleContact: NonNullable<SidebarContact['contact']> = {
  externalUserId: 'wmSIMcustomer01',
  type: 1,
  name: '陈**',
  avatarUrl: null,
  corpName: null,
  remark: null,
  relation: 'own',
  followUsers: [{ staffUserId: 'rep.li', name: '李明', addedAt: '2026-11-19T03:00:00.000Z', isSelf: true }],
}

const silver = tierProgress(4760)

export const memberCard: SidebarContact = {
  state: 'member',
  contact: sampleContact,
  member: {
    memberId: '0190aaaa-0000-7000-8000-000000000001',
    isArchived: false,
    tier: { ...silver, benefits: [...silver.benefits] },
    fields: [
      { key: 'memberNo', label: '会员号', type: 'text', value: 'QH0001', isMasked: false, needsApproval: false },
      { key: 'phone', label: '手机号', type: 'phone', value: '138****1111', isMasked: true, needsApproval: false },
      { key: 'registeredAt', label: '入会时间', type: 'instant', value: '2026-11-21T02:00:00.000Z', isMasked: false, needsApproval: false },
    ],
  },
  corpTags: [tierTag, babyTag],
  timeline: [{ at: '2026-11-21T02:00:00.000Z', kind: 'member.registered', title: '注册成为会员', detail: null }],
  nextStep: nextStepFor('member', silver),
}

export const notRegisteredCard: SidebarContact = {
  ...memberCard,
  state: 'notRegistered',
  member: null,
  corpTags: [],
  nextStep: nextStepFor('notRegistered', null),
}

export const notMirroredCard: SidebarContact = {
  state: 'notMirrored',
  contact: null,
  member: null,
  corpTags: [],
  timeline: [],
  nextStep: nextStepFor('notMirrored', null),
}

export const invitation: Invitation = {
  token: 'AbCdEfGhIjKlMnOpQrStUv',
  title: '李明邀请您加入企会会员',
  description: '专享会员价与生日礼遇',
  imageUrl: 'https://member.qihui.example/invite-card.png',
  miniProgram: { appId: 'wx5a1d0c3f7e9b2468', page: 'pages/landing/index.html?scene=AbCdEfGhIjKlMnOpQrStUv' },
  linkUrl: 'https://wxaurl.cn/sample',
  text: '您好，邀请您加入企会会员：https://wxaurl.cn/sample',
}

export const enteredMember: EnteredMember = {
  memberId: '0190aaaa-0000-7000-8000-000000000002',
  memberNo: 'QH0002',
  outcome: 'registered',
  confirmation: { token: 'CoNfIrMlMnOpQrStUvWxYz', url: 'https://member.qihui.example/i/CoNfIrMlMnOpQrStUvWxYz', text: '李明已为您登记企会会员，请点击链接确认：https://member.qihui.example/i/CoNfIrMlMnOpQrStUvWxYz' },
}

const question = { class: 'N', purpose: '为您挑选礼遇', legalBasis: 'consent', retentionDays: 365, isRequired: true, step: 1, confirmation: 'none' } as const

/** The phone WeChat verifies, one question a rep may answer, one that only the person may. */
export const formFields: FormField[] = [
  { ...question, key: 'phone', label: '手机号', type: 'phone', confirmation: 'code' },
  { ...question, key: 'size', label: '衣服尺码', type: 'choice', options: [{ value: 's', label: '小码' }, { value: 'l', label: '大码' }] },
  { ...question, key: 'birthday', label: '生日', type: 'date', class: 'S', assessmentId: 'PIA-1' },
]
