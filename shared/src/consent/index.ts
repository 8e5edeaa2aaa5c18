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
export { policyAt } from './policyAt.ts'
