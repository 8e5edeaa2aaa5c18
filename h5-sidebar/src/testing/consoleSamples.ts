import type { Channel } from '@qihui/shared/channel'
import type { Delivery } from '@qihui/shared/delivery'
import { firstForm } from '@qihui/shared/form'
import type { IdentityReview } from '@qihui/shared/identity'
import type { RiskDecision } from '@qihui/shared/risk'
import { subjectWords } from '../console/labels/rightsWords.ts'
import type { ApiKey, ChannelFunnel, Consistency, Form, Merge, MergePreview, Operator, PublishedPolicy, RiskAllowance, RiskList } from '../api/consoleApi.ts'

const id = (tail: number) => `0190aaaa-0000-7000-8000-${String(tail).padStart(12, '0')}`

export const operator: Operator = { staffUserId: 'manager.wu', name: '吴经理', isOperator: true, readable: Object.keys(subjectWords), corpId: 'ww5a1d0c3f7e9b2468', agentId: '1000002' }

export const scanChannel: Channel = {
  ...{ channelId: id(1), token: 'AbCdEfGhIjKlMnOpQrStUv', kind: 'scan', name: '南山店收银台', storeName: '深圳南山店', staffUserId: 'rep.li' },
  ...{ utm: { source: 'store', medium: 'poster', campaign: '2026-spring' }, formKey: 'default', bindingMode: 'progressive', corpTagIds: ['etBaby'], welcomeText: null },
  ...{ state: 'ready', openness: 'open', expiresAt: null, maxRegistrations: null, registrations: 37 },
  ...{ inviteUrl: 'https://member.qihui.example/i/AbCdEfGhIjKlMnOpQrStUv', createdBy: 'manager.wu', createdAt: '2026-11-20T02:00:00.000Z' },
}

export const linkChannel: Channel = {
  ...scanChannel,
  ...{ channelId: id(2), token: 'ZbCdEfGhIjKlMnOpQrStUv', kind: 'inviteLink', name: '老客回访短信', storeName: null, staffUserId: null, utm: { source: 'sms' } },
  ...{ inviteUrl: 'https://member.qihui.example/i/ZbCdEfGhIjKlMnOpQrStUv', maxRegistrations: 200, registrations: 12, expiresAt: '2026-12-01T16:00:00.000Z' },
  createdAt: '2026-11-21T02:00:00.000Z',
}

export const funnel: ChannelFunnel = {
  channelId: id(1),
  steps: [
    { step: 'opened', visits: 120, medianSeconds: 0 },
    { step: 'consented', visits: 60, medianSeconds: 4 },
    { step: 'phone', visits: 45, medianSeconds: 7 },
    { step: 'member', visits: 42, medianSeconds: 8 },
    { step: 'linked', visits: 40, medianSeconds: 95 },
  ],
  inFlight: 3,
}

export const form: Form = { formKey: 'default', name: '默认登记表', versions: [firstForm] }

export const policy: PublishedPolicy = {
  ...{ version: '2026-01', title: '会员隐私政策', publishedAt: '2026-01-01T00:00:00.000Z', diffClass: 'material', publishedBy: null, consents: 37 },
  textHash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  summary: ['我们收集您的微信标识和经您授权的手机号。', '您可以随时撤回同意。'],
  sections: [
    { heading: '一、我们收集哪些信息', paragraphs: ['微信标识：由微信提供。', '手机号：经您授权后提供。'] },
    { heading: '二、您的权利', paragraphs: ['您可以查询、更正、删除您的信息。'] },
  ],
}

const personA: IdentityReview['persons'][number] = {
  ...{ personId: id(11), createdAt: '2026-10-01T02:00:00.000Z', name: '陈**', isStaff: false, followedBy: ['李明'] },
  member: { memberNo: 'QH0001', tierName: '银卡会员', growthValue: 1200, phoneMasked: '138****1111', registeredAt: '2026-10-01T02:00:00.000Z', channelName: '南山店收银台' },
  identifiers: [
    { namespace: '小程序 openid', valueMasked: '****a1b2', source: '微信登录', observedAt: '2026-10-01T02:00:00.000Z' },
    { namespace: 'unionid', valueMasked: '****c3d4', source: '微信登录', observedAt: '2026-10-01T02:00:00.000Z' },
  ],
  consents: [
    { purpose: 'membership', state: 'granted', at: '2026-10-01T02:00:00.000Z' },
    { purpose: 'marketing', state: 'withdrawn', at: '2026-11-01T02:00:00.000Z' },
  ],
}
const personB: IdentityReview['persons'][number] = {
  ...{ personId: id(12), createdAt: '2026-11-10T02:00:00.000Z', name: '陈**', isStaff: false, followedBy: [] },
  member: { memberNo: 'QH0042', tierName: '普通会员', growthValue: 100, phoneMasked: '138****1111', registeredAt: '2026-11-10T02:00:00.000Z', channelName: null },
  identifiers: [{ namespace: '小程序 openid', valueMasked: '****e5f6', source: '微信登录', observedAt: '2026-11-10T02:00:00.000Z' }],
  consents: [{ purpose: 'membership', state: 'granted', at: '2026-11-10T02:00:00.000Z' }],
}

export const review: IdentityReview = {
  ...{ reviewId: id(21), reason: 'sharedPhone', explanation: '两位客户都验证过尾号 1111 的手机号，可能是同一人，也可能是家人共用。', createdAt: '2026-11-21T08:00:00.000Z' },
  ...{ state: 'open', decidedBy: null, decidedAt: null, persons: [personA, personB] },
}

export const preview: MergePreview = {
  ...{ canMerge: true, obstacle: null, survivorId: id(11), memberNo: 'QH0001', growthValue: 1300, tierName: '银卡会员' },
  effects: ['会员：保留 QH0001，QH0042 并入', '成长值：1200 + 100 = 1300', '营销同意：以较严格的一方为准（不同意）'],
}

export const merge: Merge = {
  ...{ mergeId: id(31), at: '2026-11-21T09:00:00.000Z', decidedBy: '吴经理', survivor: personA, absorbedPersonIds: [id(12)], movedRows: 9 },
  ...{ undoneAt: null, undoneBy: null, canUndo: true },
}

export const consistency: Consistency = {
  ...{ linkable: 280, linked: 274, rate: 274 / 280, pendingLinks: 4, openReviews: 1 },
  byMode: [
    { bindingMode: 'progressive', linkable: 250, linked: 246 },
    { bindingMode: 'independent', linkable: 30, linked: 28 },
  ],
}

const heldRegistration: RiskDecision = {
  ...{ decisionId: id(41), at: '2026-11-22T03:20:00.000Z', outcome: 'hold', reasons: ['同一网络 10 分钟内注册 31 次', '填写用时中位数不足 3 秒'] },
  ...{ memberNo: 'QH0099', phoneMasked: '170****0001', channelName: '南山店收银台', verdict: null, reviewedBy: null, reviewedAt: null },
}

export const riskList: RiskList = {
  decisions: [heldRegistration],
  alarms: [{ at: '2026-11-22T03:20:00.000Z', message: '渠道“南山店收银台”10 分钟内注册超过 50 次' }],
}

export const allowance: RiskAllowance = {
  ...{ allowanceId: id(51), name: '周年庆', channelId: id(1), maxPerTenMinutes: 500, createdBy: '吴经理' },
  ...{ from: '2026-11-28T01:00:00.000Z', until: '2026-11-28T13:00:00.000Z' },
}

export const delivery: Delivery = {
  ...{ deliveryId: id(61), medium: 'sms', purpose: 'marketing', recipientMasked: '138****1111', state: 'cancelled', reason: '收件人已撤回营销同意' },
  ...{ channelName: '老客回访短信', createdAt: '2026-11-22T01:00:00.000Z', finishedAt: '2026-11-22T01:00:30.000Z' },
}

export const apiKey: ApiKey = {
  ...{ keyId: id(71), name: '线上商城', scopes: ['members:write', 'orders:write'], createdBy: '吴经理' },
  ...{ createdAt: '2026-11-01T02:00:00.000Z', lastUsedAt: '2026-11-22T03:58:00.000Z', revokedAt: null },
}
