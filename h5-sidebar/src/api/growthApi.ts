import type { listGrowthRules, previewGrowthRules, publishGrowthRules, PublishedGrowthRules } from '@qihui/shared/growth'
import type { BodyOf, ResponseOf } from '@qihui/shared/http'
import type { createDocument, listDocuments, listStaffBehaviour, revokeDocument, TrackedDocument } from '@qihui/shared/interaction'
import type { listTierRules, previewTierRules, publishTierRules, PublishedTierRules, TierRulesDraft } from '@qihui/shared/tier'
import type { Http } from './http.ts'

export type GrowthRuleVersions = ResponseOf<typeof listGrowthRules>
export type GrowthPreview = ResponseOf<typeof previewGrowthRules>
export type GrowthRulesDraft = PublishedGrowthRules['definition']
export type GrowthPublication = BodyOf<typeof publishGrowthRules>
export type TierRuleVersions = ResponseOf<typeof listTierRules>
export type TierPreview = ResponseOf<typeof previewTierRules>
export type TierPublication = BodyOf<typeof publishTierRules>
export type TrackedDocuments = ResponseOf<typeof listDocuments>
export type DocumentDraft = BodyOf<typeof createDocument>
export type StaffBehaviour = ResponseOf<typeof listStaffBehaviour>

/** What earns growth, what it is worth, and the documents that count. Part of the console's API. */
export interface GrowthApi {
  growthRules(): Promise<GrowthRuleVersions>
  previewGrowthRules(definition: GrowthRulesDraft, days: number): Promise<GrowthPreview>
  publishGrowthRules(publication: GrowthPublication, idempotencyKey: string): Promise<PublishedGrowthRules>
  tierRules(): Promise<TierRuleVersions>
  previewTierRules(definition: TierRulesDraft): Promise<TierPreview>
  publishTierRules(publication: TierPublication, idempotencyKey: string): Promise<PublishedTierRules>
  documents(): Promise<TrackedDocuments>
  createDocument(draft: DocumentDraft, idempotencyKey: string): Promise<TrackedDocument>
  revokeDocument(documentId: string): Promise<TrackedDocument>
  staffBehaviour(): Promise<StaffBehaviour>
}

/** These calls over HTTP. */
export function growthCalls(http: Http): GrowthApi {
  return {
    growthRules: () => http<typeof listGrowthRules>({ method: 'GET', path: '/api/console/growth-rules' }),
    previewGrowthRules: (definition, days) => http<typeof previewGrowthRules>({ method: 'POST', path: '/api/console/growth-rules/preview', body: { definition, days } }),
    publishGrowthRules: (body, idempotencyKey) => http<typeof publishGrowthRules>({ method: 'POST', path: '/api/console/growth-rules', body, idempotencyKey }),
    tierRules: () => http<typeof listTierRules>({ method: 'GET', path: '/api/console/tier-rules' }),
    previewTierRules: (definition) => http<typeof previewTierRules>({ method: 'POST', path: '/api/console/tier-rules/preview', body: { definition } }),
    publishTierRules: (body, idempotencyKey) => http<typeof publishTierRules>({ method: 'POST', path: '/api/console/tier-rules', body, idempotencyKey }),
    documents: () => http<typeof listDocuments>({ method: 'GET', path: '/api/console/documents' }),
    createDocument: (body, idempotencyKey) => http<typeof createDocument>({ method: 'POST', path: '/api/console/documents', body, idempotencyKey }),
    revokeDocument: (documentId) => http<typeof revokeDocument>({ method: 'POST', path: '/api/console/documents/:documentId/revocation', params: { documentId } }),
    staffBehaviour: () => http<typeof listStaffBehaviour>({ method: 'GET', path: '/api/console/staff-behaviour' }),
  }
}
