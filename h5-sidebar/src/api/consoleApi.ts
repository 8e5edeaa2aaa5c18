import type { createChannel, getChannelFunnel, listChannels, revokeChannel, sendInvite, Channel } from '@qihui/shared/channel'
import type { listPolicies, publishPolicy } from '@qihui/shared/consent'
import type { listCorpTags } from '@qihui/shared/corp-tag'
import type { Delivery, listDeliveries } from '@qihui/shared/delivery'
import type { checkForm, FormDefinition, FormVersion, listForms, publishForm } from '@qihui/shared/form'
import type { BodyOf, ResponseOf } from '@qihui/shared/http'
import type { decideIdentityReview, getConsistency, getMergePreview, IdentityReview, listIdentityReviews, listMerges, undoMerge } from '@qihui/shared/identity'
import type { changeLegalHold, ComplianceReport, getComplianceReport, createDeidentifiedExport, DeidentifiedExport, LegalHold, Lifecycle, listDeidentifiedExports, listLegalHolds, getLifecycle, placeLegalHold } from '@qihui/shared/lifecycle'
import type { createApiKey, listApiKeys, revokeApiKey } from '@qihui/shared/member'
import type { createRiskAllowance, listRiskAllowances, listRiskDecisions, reviewRiskDecision, RiskDecision } from '@qihui/shared/risk'
import type { closeStaffSession, getStaffSelf } from '@qihui/shared/staff'
import type { InjectionKey } from 'vue'
import { approvalDeskCalls, type ApprovalDeskApi } from './approvalApi.ts'
import { healthCalls, type HealthApi } from './healthApi.ts'
import { growthCalls, type GrowthApi } from './growthApi.ts'
import { createAuditApi, type AuditApi } from './auditApi.ts'
import type { Http } from './http.ts'
import { rightsCalls, type RightsApi } from './rightsApi.ts'
import { createTagApi, type TagApi } from './tagApi.ts'

export type { SegmentDraft, SegmentPreview, TagChangeDraft } from './tagApi.ts'

export type { AuditFilter } from './auditApi.ts'
export type Operator = ResponseOf<typeof getStaffSelf>
export type ChannelDraft = BodyOf<typeof createChannel>
export type ChannelFunnel = ResponseOf<typeof getChannelFunnel>
export type SentInvites = ResponseOf<typeof sendInvite>
export type TagGroup = ResponseOf<typeof listCorpTags>['groups'][number]
export type Form = ResponseOf<typeof listForms>['forms'][number]
export type FormCheck = ResponseOf<typeof checkForm>
export type FormPublication = BodyOf<typeof publishForm>
export type PublishedPolicy = ResponseOf<typeof listPolicies>['policies'][number]
export type PolicyPublication = BodyOf<typeof publishPolicy>
export type ReviewPerson = IdentityReview['persons'][number]
export type MergePreview = ResponseOf<typeof getMergePreview>
export type ReviewDecision = BodyOf<typeof decideIdentityReview>
export type ReviewOutcome = ResponseOf<typeof decideIdentityReview>
export type Merge = ResponseOf<typeof listMerges>['merges'][number]
export type Consistency = ResponseOf<typeof getConsistency>
export type RiskList = ResponseOf<typeof listRiskDecisions>
export type RiskReview = BodyOf<typeof reviewRiskDecision>
export type RiskAllowance = ResponseOf<typeof listRiskAllowances>['allowances'][number]
export type RiskAllowanceDraft = BodyOf<typeof createRiskAllowance>
export type ApiKey = ResponseOf<typeof listApiKeys>['keys'][number]
export type ApiKeyDraft = BodyOf<typeof createApiKey>
export type NewApiKey = ResponseOf<typeof createApiKey>

export type HoldDraft = BodyOf<typeof placeLegalHold>
export type HoldChange = BodyOf<typeof changeLegalHold>

/** What the console asks of the server. Every method rejects with `ApiProblem`. Keys are UUIDs, the same for a retry of the same intention. */
export interface ConsoleApi extends ApprovalDeskApi, HealthApi, RightsApi, TagApi, GrowthApi, AuditApi {
  self(): Promise<Operator>
  logOut(): Promise<void>
  channels(): Promise<Channel[]>
  createChannel(draft: ChannelDraft, idempotencyKey: string): Promise<Channel>
  revokeChannel(channelId: string): Promise<Channel>
  channelFunnel(channelId: string): Promise<ChannelFunnel>
  sendInvites(channelId: string, recipients: string[], idempotencyKey: string): Promise<SentInvites>
  tagGroups(): Promise<TagGroup[]>
  forms(): Promise<Form[]>
  checkForm(formKey: string, definition: FormDefinition): Promise<FormCheck>
  publishForm(formKey: string, publication: FormPublication, idempotencyKey: string): Promise<FormVersion>
  /** Newest first. */
  policies(): Promise<PublishedPolicy[]>
  publishPolicy(publication: PolicyPublication, idempotencyKey: string): Promise<void>
  identityReviews(state: 'open' | 'decided'): Promise<IdentityReview[]>
  mergePreview(reviewId: string): Promise<MergePreview>
  decideReview(reviewId: string, decision: ReviewDecision, idempotencyKey: string): Promise<ReviewOutcome>
  merges(): Promise<Merge[]>
  undoMerge(mergeId: string, note: string, idempotencyKey: string): Promise<Merge>
  consistency(): Promise<Consistency>
  riskDecisions(isOpen: boolean): Promise<RiskList>
  reviewRisk(decisionId: string, review: RiskReview, idempotencyKey: string): Promise<RiskDecision>
  riskAllowances(): Promise<RiskAllowance[]>
  createRiskAllowance(draft: RiskAllowanceDraft, idempotencyKey: string): Promise<RiskAllowance>
  deliveries(): Promise<Delivery[]>
  lifecycle(): Promise<Lifecycle>
  complianceReport(): Promise<ComplianceReport>
  legalHolds(): Promise<LegalHold[]>
  placeHold(draft: HoldDraft, idempotencyKey: string): Promise<LegalHold>
  changeHold(holdId: string, change: HoldChange): Promise<LegalHold>
  exports(): Promise<DeidentifiedExport[]>
  createExport(purpose: string, idempotencyKey: string): Promise<DeidentifiedExport>
  apiKeys(): Promise<ApiKey[]>
  createApiKey(draft: ApiKeyDraft): Promise<NewApiKey>
  revokeApiKey(keyId: string): Promise<ApiKey>
}

/** Where pages and stores find the API. */
export const consoleApiKey: InjectionKey<ConsoleApi> = Symbol('consoleApi')

function channelCalls(http: Http) {
  return {
    channels: async () => (await http<typeof listChannels>({ method: 'GET', path: '/api/channels' })).channels,
    createChannel: (body: ChannelDraft, idempotencyKey: string) => http<typeof createChannel>({ method: 'POST', path: '/api/channels', body, idempotencyKey }),
    revokeChannel: (channelId: string) => http<typeof revokeChannel>({ method: 'POST', path: '/api/channels/:channelId/revocation', params: { channelId } }),
    channelFunnel: (channelId: string) => http<typeof getChannelFunnel>({ method: 'GET', path: '/api/channels/:channelId/funnel', params: { channelId } }),
    sendInvites: (channelId: string, recipients: string[], idempotencyKey: string) =>
      http<typeof sendInvite>({ method: 'POST', path: '/api/channels/:channelId/deliveries', params: { channelId }, body: { recipients }, idempotencyKey }),
    tagGroups: async () => (await http<typeof listCorpTags>({ method: 'GET', path: '/api/sidebar/corp-tags' })).groups,
    deliveries: async () => (await http<typeof listDeliveries>({ method: 'GET', path: '/api/console/deliveries' })).deliveries,
  }
}

function textCalls(http: Http) {
  return {
    forms: async () => (await http<typeof listForms>({ method: 'GET', path: '/api/console/forms' })).forms,
    checkForm: (formKey: string, definition: FormDefinition) =>
      http<typeof checkForm>({ method: 'POST', path: '/api/console/forms/:formKey/check', params: { formKey }, body: { definition } }),
    publishForm: (formKey: string, body: FormPublication, idempotencyKey: string) =>
      http<typeof publishForm>({ method: 'POST', path: '/api/console/forms/:formKey/versions', params: { formKey }, body, idempotencyKey }),
    policies: async () => (await http<typeof listPolicies>({ method: 'GET', path: '/api/console/policies' })).policies,
    async publishPolicy(body: PolicyPublication, idempotencyKey: string) {
      await http<typeof publishPolicy>({ method: 'POST', path: '/api/console/policies', body, idempotencyKey })
    },
  }
}

function identityCalls(http: Http) {
  return {
    identityReviews: async (state: 'open' | 'decided') =>
      (await http<typeof listIdentityReviews>({ method: 'GET', path: '/api/console/identity-reviews', query: { state } })).reviews,
    mergePreview: (reviewId: string) =>
      http<typeof getMergePreview>({ method: 'GET', path: '/api/console/identity-reviews/:reviewId/preview', params: { reviewId } }),
    decideReview: (reviewId: string, body: ReviewDecision, idempotencyKey: string) =>
      http<typeof decideIdentityReview>({ method: 'POST', path: '/api/console/identity-reviews/:reviewId/decision', params: { reviewId }, body, idempotencyKey }),
    merges: async () => (await http<typeof listMerges>({ method: 'GET', path: '/api/console/merges' })).merges,
    undoMerge: (mergeId: string, note: string, idempotencyKey: string) =>
      http<typeof undoMerge>({ method: 'POST', path: '/api/console/merges/:mergeId/undo', params: { mergeId }, body: note ? { note } : {}, idempotencyKey }),
    consistency: () => http<typeof getConsistency>({ method: 'GET', path: '/api/console/identity-consistency' }),
  }
}

function lifecycleCalls(http: Http) {
  return {
    complianceReport: () => http<typeof getComplianceReport>({ method: 'GET', path: '/api/console/compliance-report' }),
    lifecycle: () => http<typeof getLifecycle>({ method: 'GET', path: '/api/console/lifecycle' }),
    legalHolds: async () => (await http<typeof listLegalHolds>({ method: 'GET', path: '/api/console/legal-holds' })).holds,
    placeHold: (body: HoldDraft, idempotencyKey: string) => http<typeof placeLegalHold>({ method: 'POST', path: '/api/console/legal-holds', body, idempotencyKey }),
    changeHold: (holdId: string, body: HoldChange) => http<typeof changeLegalHold>({ method: 'POST', path: '/api/console/legal-holds/:holdId/changes', params: { holdId }, body }),
    exports: async () => (await http<typeof listDeidentifiedExports>({ method: 'GET', path: '/api/console/deidentified-exports' })).exports,
    createExport: (purpose: string, idempotencyKey: string) =>
      http<typeof createDeidentifiedExport>({ method: 'POST', path: '/api/console/deidentified-exports', body: { purpose }, idempotencyKey }),
  }
}

function guardCalls(http: Http) {
  return {
    riskDecisions: (isOpen: boolean) =>
      http<typeof listRiskDecisions>({ method: 'GET', path: '/api/console/risk-decisions', query: { open: isOpen ? 'true' : 'false' } }),
    reviewRisk: (decisionId: string, body: RiskReview, idempotencyKey: string) =>
      http<typeof reviewRiskDecision>({ method: 'POST', path: '/api/console/risk-decisions/:decisionId/review', params: { decisionId }, body, idempotencyKey }),
    riskAllowances: async () => (await http<typeof listRiskAllowances>({ method: 'GET', path: '/api/console/risk-allowances' })).allowances,
    createRiskAllowance: (body: RiskAllowanceDraft, idempotencyKey: string) =>
      http<typeof createRiskAllowance>({ method: 'POST', path: '/api/console/risk-allowances', body, idempotencyKey }),
    apiKeys: async () => (await http<typeof listApiKeys>({ method: 'GET', path: '/api/console/api-keys' })).keys,
    createApiKey: (body: ApiKeyDraft) => http<typeof createApiKey>({ method: 'POST', path: '/api/console/api-keys', body }),
    revokeApiKey: (keyId: string) => http<typeof revokeApiKey>({ method: 'POST', path: '/api/console/api-keys/:keyId/revocation', params: { keyId } }),
  }
}

/** The API over HTTP. */
export function createConsoleApi(http: Http): ConsoleApi {
  return {
    self: () => http<typeof getStaffSelf>({ method: 'GET', path: '/api/staff/me' }),
    async logOut() {
      await http<typeof closeStaffSession>({ method: 'POST', path: '/api/staff/logout' })
    },
    ...channelCalls(http),
    ...textCalls(http),
    ...identityCalls(http),
    ...guardCalls(http),
    ...lifecycleCalls(http),
    ...growthCalls(http),
    ...createTagApi(http),
    ...rightsCalls(http),
    ...approvalDeskCalls(http),
    ...healthCalls(http),
    ...createAuditApi(http),
  }
}
