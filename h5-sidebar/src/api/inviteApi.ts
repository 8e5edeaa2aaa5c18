import type { createInviteUrlLink, getInvite, getInviteJssdkSignature, getInviteVisitor, Invite, recordInviteVisit } from '@qihui/shared/channel'
import type { ConsentPurpose, ConsentStandings, getConsentStandings, getPolicy, grantConsent, refuseConsent } from '@qihui/shared/consent'
import type { getDraft, saveDraft } from '@qihui/shared/form'
import type { BodyOf, ResponseOf } from '@qihui/shared/http'
import type { registerMember } from '@qihui/shared/member'
import type { InjectionKey } from 'vue'
import type { Http } from './http.ts'

export type Visitor = ResponseOf<typeof getInviteVisitor>
export type UrlLink = ResponseOf<typeof createInviteUrlLink>
export type WechatSignature = ResponseOf<typeof getInviteJssdkSignature>
export type Draft = NonNullable<ResponseOf<typeof getDraft>['draft']>
export type DraftInput = BodyOf<typeof saveDraft>
export type SavedDraft = ResponseOf<typeof saveDraft>
export type Registration = BodyOf<typeof registerMember>
export type Registered = ResponseOf<typeof registerMember>
export type PolicyText = ResponseOf<typeof getPolicy>

/** What somebody decided about some purposes, having been shown one version of the policy. */
export interface Decision {
  readonly policyVersion: string
  readonly purposes: ConsentPurpose[]
  readonly channelToken: string
}

/** What the invite page asks of the server. Every method rejects with `ApiProblem`. */
export interface InviteApi {
  invite(token: string): Promise<Invite>
  visitor(token: string): Promise<Visitor>
  /** A gesture, not a mere opening. The same id any number of times is one visit. */
  recordVisit(token: string, visitId: string): Promise<void>
  urlLink(token: string, visitId: string): Promise<UrlLink>
  /** `url` is the page's address without the fragment. */
  wechatSignature(token: string, url: string): Promise<WechatSignature>
  policy(version: string): Promise<PolicyText>
  standings(): Promise<ConsentStandings>
  draft(): Promise<Draft | null>
  /** Answers the ids of the consents. */
  grant(decision: Decision): Promise<readonly string[]>
  refuse(decision: Decision): Promise<void>
  saveDraft(input: DraftInput): Promise<SavedDraft>
  /** The key is a UUID, the same for a retry of the same registration. */
  register(registration: Registration, idempotencyKey: string): Promise<Registered>
}

/** Where pages and stores find the API. */
export const inviteApiKey: InjectionKey<InviteApi> = Symbol('inviteApi')

/** The API over HTTP. */
export function createInviteApi(http: Http): InviteApi {
  return {
    invite: (token) => http<typeof getInvite>({ method: 'GET', path: '/api/invites/:token', params: { token } }),
    visitor: (token) => http<typeof getInviteVisitor>({ method: 'GET', path: '/api/invites/:token/visitor', params: { token } }),
    async recordVisit(token, visitId) {
      await http<typeof recordInviteVisit>({ method: 'POST', path: '/api/invites/:token/visits', params: { token }, body: { visitId } })
    },
    urlLink: (token, visitId) => http<typeof createInviteUrlLink>({ method: 'POST', path: '/api/invites/:token/url-links', params: { token }, body: { visitId } }),
    wechatSignature: (token, url) =>
      http<typeof getInviteJssdkSignature>({ method: 'GET', path: '/api/invites/:token/wechat-signature', params: { token }, query: { url } }),
    policy: (version) => http<typeof getPolicy>({ method: 'GET', path: '/api/policies/:version', params: { version } }),
    standings: () => http<typeof getConsentStandings>({ method: 'GET', path: '/api/consents/me' }),
    draft: async () => (await http<typeof getDraft>({ method: 'GET', path: '/api/registrations/draft' })).draft,
    grant: async (body) => (await http<typeof grantConsent>({ method: 'POST', path: '/api/consents', body })).consentIds,
    async refuse({ policyVersion, purposes }) {
      await http<typeof refuseConsent>({ method: 'POST', path: '/api/consents/refusals', body: { policyVersion, purposes } })
    },
    saveDraft: (body) => http<typeof saveDraft>({ method: 'PUT', path: '/api/registrations/draft', body }),
    register: (body, idempotencyKey) => http<typeof registerMember>({ method: 'POST', path: '/api/members/registrations', body, idempotencyKey }),
  }
}
