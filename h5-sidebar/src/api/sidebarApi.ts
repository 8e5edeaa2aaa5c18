import type { getContactBenefits } from '@qihui/shared/benefit'
import type { createInvitation, recordInvitationSent } from '@qihui/shared/channel'
import type { getSidebarContact, refreshContact, SidebarContact } from '@qihui/shared/contact'
import type { changeContactTags, CorpTag, listCorpTags } from '@qihui/shared/corp-tag'
import type { FormField } from '@qihui/shared/form'
import type { BodyOf, ResponseOf } from '@qihui/shared/http'
import type { addMemberByStaff } from '@qihui/shared/member'
import type { getRegistrationEntry } from '@qihui/shared/registration'
import type { getAgentConfigSignature, getConfigSignature, getStaffSelf } from '@qihui/shared/staff'
import type { getContactTierExplanation } from '@qihui/shared/tier'
import type { InjectionKey } from 'vue'
import { approvalCalls, type ApprovalApi } from './approvalApi.ts'
import type { Http } from './http.ts'

export type StaffSelf = ResponseOf<typeof getStaffSelf>
export type JssdkSignature = ResponseOf<typeof getAgentConfigSignature>
export type CorpTagGroup = ResponseOf<typeof listCorpTags>['groups'][number]
/** What a customer has and what unlocks next. */
export type ContactBenefits = ResponseOf<typeof getContactBenefits>
/** Why a customer has the tier. */
export type TierExplanation = ResponseOf<typeof getContactTierExplanation>
export type CorpTagEdit = BodyOf<typeof changeContactTags>
export type Invitation = ResponseOf<typeof createInvitation>
/** In which form an invitation went into the chat. */
export type InvitationForm = BodyOf<typeof recordInvitationSent>['form']

/** What a rep knows of somebody they enter, and on what it rests. */
export type MemberEntry = BodyOf<typeof addMemberByStaff>
export type EnteredMember = ResponseOf<typeof addMemberByStaff>

/** What the sidebar asks of the server. Every method rejects with `ApiProblem`. Keys are UUIDs, the same for a retry of the same intention. */
export interface SidebarApi extends ApprovalApi {
  staffSelf(): Promise<StaffSelf>
  /** `corp` signs for `config`, `agent` for `agentConfig`. `url` is the page's address without the fragment. */
  jssdkSignature(identity: 'corp' | 'agent', url: string): Promise<JssdkSignature>
  contact(externalUserId: string): Promise<SidebarContact>
  refreshContact(externalUserId: string): Promise<void>
  contactBenefits(externalUserId: string): Promise<ContactBenefits>
  tierExplanation(externalUserId: string): Promise<TierExplanation>
  corpTagGroups(): Promise<CorpTagGroup[]>
  /** Answers the tags as they will be. */
  changeCorpTags(externalUserId: string, edit: CorpTagEdit, idempotencyKey: string): Promise<CorpTag[]>
  createInvitation(externalUserId: string, idempotencyKey: string): Promise<Invitation>
  recordInvitationSent(externalUserId: string, token: string, form: InvitationForm, idempotencyKey: string): Promise<void>
  /** The questions of the form every channel uses that names no other. */
  formFields(): Promise<FormField[]>
  addMember(externalUserId: string, entry: MemberEntry, idempotencyKey: string): Promise<EnteredMember>
}

/** Where pages and stores find the API. */
export const sidebarApiKey: InjectionKey<SidebarApi> = Symbol('sidebarApi')

/** The API over HTTP. */
export function createSidebarApi(http: Http): SidebarApi {
  return {
    ...approvalCalls(http),
    staffSelf: () => http<typeof getStaffSelf>({ method: 'GET', path: '/api/staff/me' }),
    jssdkSignature: (identity, url) =>
      identity === 'corp'
        ? http<typeof getConfigSignature>({ method: 'GET', path: '/api/jssdk/config-signature', query: { url } })
        : http<typeof getAgentConfigSignature>({ method: 'GET', path: '/api/jssdk/agent-config-signature', query: { url } }),
    contact: (externalUserId) =>
      http<typeof getSidebarContact>({ method: 'GET', path: '/api/sidebar/contacts/:externalUserId', params: { externalUserId } }),
    async refreshContact(externalUserId) {
      await http<typeof refreshContact>({ method: 'POST', path: '/api/sidebar/contacts/:externalUserId/refresh', params: { externalUserId } })
    },
    contactBenefits: (externalUserId) =>
      http<typeof getContactBenefits>({ method: 'GET', path: '/api/sidebar/contacts/:externalUserId/benefits', params: { externalUserId } }),
    tierExplanation: (externalUserId) =>
      http<typeof getContactTierExplanation>({ method: 'GET', path: '/api/sidebar/contacts/:externalUserId/tier', params: { externalUserId } }),
    corpTagGroups: async () => (await http<typeof listCorpTags>({ method: 'GET', path: '/api/sidebar/corp-tags' })).groups,
    async changeCorpTags(externalUserId, body, idempotencyKey) {
      const path = '/api/sidebar/contacts/:externalUserId/corp-tags'
      const answer = await http<typeof changeContactTags>({ method: 'POST', path, params: { externalUserId }, body, idempotencyKey })
      return answer.corpTags
    },
    createInvitation(externalUserId, idempotencyKey) {
      const path = '/api/sidebar/contacts/:externalUserId/invitations'
      return http<typeof createInvitation>({ method: 'POST', path, params: { externalUserId }, body: {}, idempotencyKey })
    },
    async recordInvitationSent(externalUserId, token, form, idempotencyKey) {
      const path = '/api/sidebar/contacts/:externalUserId/invitations/:token/sent'
      const params = { externalUserId, token }
      await http<typeof recordInvitationSent>({ method: 'POST', path, params, body: { form }, idempotencyKey })
    },
    formFields: async () => (await http<typeof getRegistrationEntry>({ method: 'GET', path: '/api/registrations/entry', query: {} })).form.fields,
    addMember(externalUserId, body, idempotencyKey) {
      const path = '/api/sidebar/contacts/:externalUserId/member'
      return http<typeof addMemberByStaff>({ method: 'POST', path, params: { externalUserId }, body, idempotencyKey })
    },
  }
}
