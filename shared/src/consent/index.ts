export {
  consentPurposeSchema,
  consentStandingSchema,
  getConsentHistory,
  getConsentStandings,
  getPolicy,
  grantConsent,
  listPolicies,
  publishPolicy,
  refuseConsent,
  withdrawConsent,
  type ConsentPurpose,
  type ConsentStandings,
} from './contract.ts'
export { policies, type Policy } from './policies.ts'
export { purposeTexts, sensitiveKeyOf, sensitivePurposeText, type PurposeText } from './purposes.ts'
export { diffClassSince, standingOf, type ConsentRecord, type PolicyMark, type Standing } from './standingOf.ts'
