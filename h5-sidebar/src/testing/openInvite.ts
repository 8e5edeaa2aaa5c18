import { createInviteUrlLink, getInvite, getInviteJssdkSignature, getInviteVisitor, recordInviteVisit, type Invite } from '@qihui/shared/channel'
import { getConsentStandings, getPolicy, grantConsent, refuseConsent, type ConsentStandings } from '@qihui/shared/consent'
import { getDraft, saveDraft, type FormField } from '@qihui/shared/form'
import { registerMember } from '@qihui/shared/member'
import { tierProgress } from '@qihui/shared/tier'
import { createHttp } from '../api/http.ts'
import { createInviteApi, type Draft, type Visitor } from '../api/inviteApi.ts'
import { createInvitePage } from '../invite/createInvitePage.ts'
import { contractServer } from './contractServer.ts'
import { sampleNow } from './samples.ts'

export const inviteToken = 'abcdefghijklmnopqrstuv'

export const openInvitation: Invite = {
  brandName: '企会',
  place: 'wechat',
  openness: 'open',
  kind: 'inviteLink',
  name: '老客回访',
  storeName: '南山旗舰店',
  staffName: '李静',
  expiresAt: null,
  tiers: [{ code: 'normal', name: '普通会员', minGrowth: 0, benefits: ['会员专享价'] }],
  registrationGrowth: 100,
  policy: { version: '2026-01', title: '会员隐私政策', summary: ['我们收集您的微信标识。'] },
  form: { version: '2026-01', fields: [] },
  miniProgram: { appId: 'wx5a1d0c3f7e9b2468', originalId: 'gh_0123456789ab', path: `pages/landing/index.html?token=${inviteToken}` },
  codeUrl: `/i/${inviteToken}/code.png`,
  miniProgramCodeUrl: `/channel-codes/${inviteToken}/mini-program.png`,
  canLogInHere: true,
}

export const nobody: Visitor = { kind: 'nobody', staff: null, guest: null }
export const guest: Visitor = { kind: 'guest', staff: null, guest: { memberNo: null, adviserName: '李静' } }

/** A question of a form, with what does not matter filled in. */
export function question(field: Pick<FormField, 'key' | 'label' | 'type'> & Partial<FormField>): FormField {
  return { class: 'N', purpose: '生日礼遇', legalBasis: 'consent', retentionDays: 180, isRequired: true, step: 1, confirmation: 'none', ...field }
}

/** Where the purposes stand for somebody who was never asked. */
export function standings(membership: 'none' | 'granted' = 'none'): ConsentStandings {
  const one = (purpose: string, state: 'none' | 'granted') => ({
    purpose, label: purpose, explanation: '不同意不影响会员权益。', state, policyVersion: null, at: null, mayAsk: state === 'none', isStale: false,
  })
  return { policy: openInvitation.policy, purposes: [one('membership', membership), one('marketing', 'none'), one('personalisation', 'none')] }
}

export const consentId = '0190aaaa-0000-7000-8000-00000000000a'
const memberId = '0190aaaa-0000-7000-8000-00000000000b'

interface OpenInviteSettings {
  readonly invite?: Partial<Invite>
  readonly visitor?: Visitor
  readonly draft?: Draft
  readonly standings?: ConsentStandings
  /** What WeChat says to the page's signature. */
  readonly isTagDrawn?: boolean
  readonly canCopy?: boolean
  /** Told before the page opens, to change what the server answers. */
  readonly prepare?: (server: ReturnType<typeof contractServer>) => void
}

/** The whole invite page in the test's document: real stores and HTTP; browser and server are stand-ins at their edges. */
export function openInvite(settings: OpenInviteSettings = {}) {
  const world = { invite: { ...openInvitation, ...settings.invite }, visitor: settings.visitor ?? nobody, now: sampleNow }
  const bodies: Record<string, unknown[]> = {}
  const keep = (name: string, body: unknown) => void (bodies[name] = [...(bodies[name] ?? []), body])
  const server = contractServer()
  server.on(getInvite, () => world.invite)
  server.on(getInviteVisitor, () => world.visitor)
  server.on(recordInviteVisit, ({ body }) => (keep('visit', body), { isRecorded: true }))
  server.on(createInviteUrlLink, () => ({ url: 'https://wxaurl.cn/abc', expiresAt: '2026-12-20T00:00:00.000Z' }))
  server.on(getInviteJssdkSignature, () => ({ appId: 'wx7c3e1f5a9d2b4680', timestamp: 1_700_000_000, nonceStr: 'nonce', signature: 'signature' }))
  server.on(getPolicy, () => ({ version: '2026-01', title: '会员隐私政策', publishedAt: '2026-01-01T00:00:00.000Z', textHash: 'hash', diffClass: 'material' as const, sections: [{ heading: '一、收集', paragraphs: ['全文第一段'] }] }))
  server.on(getConsentStandings, () => settings.standings ?? standings())
  server.on(getDraft, () => ({ draft: settings.draft ?? null }))
  server.on(grantConsent, ({ body }) => (keep('grant', body), { consentIds: body.purposes.map(() => consentId), policyVersion: body.policyVersion }))
  server.on(refuseConsent, ({ body }) => (keep('refuse', body), { isRecorded: true }))
  server.on(saveDraft, ({ body }) => (keep('draft', body), { echo: Object.entries(body.answers).map(([key, value]) => ({ key, label: key, shown: `理解为${String(value)}` })), problems: [] }))
  server.on(registerMember, ({ body }) => {
    keep('register', body)
    const member = { memberId, memberNo: '833524987438', tier: { ...tierProgress(100), benefits: [] }, phoneMasked: null, isHeld: false, isConfirmed: true, registeredAt: '2026-11-22T04:00:00.000Z', adviser: { name: '李静' } }
    return { outcome: 'registered' as const, member }
  })
  settings.prepare?.(server)

  const visited: string[] = []
  const copied: string[] = []
  let ids = 0
  const app = createInvitePage({
    api: createInviteApi(createHttp(server.adapter)),
    surroundings: {
      token: inviteToken,
      storage: sessionStorage,
      now: () => world.now,
      newId: () => `0190aaaa-0000-4000-8000-${String((ids += 1)).padStart(12, '0')}`,
      pageUrl: () => `https://member.example.com/i/${inviteToken}`,
      go: (address) => void visited.push(address),
      async copy(text) {
        copied.push(text)
        return settings.canCopy ?? true
      },
      configureWechat: async () => settings.isTagDrawn ?? false,
    },
  })
  const root = document.createElement('div')
  document.body.appendChild(root)
  app.mount(root)
  return {
    world, server, visited, copied, bodies, root,
    text: () => root.textContent ?? '',
    close() {
      app.unmount()
      root.remove()
    },
  }
}
