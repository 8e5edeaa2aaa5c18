export { consentPurposeSchema, getPolicy, grantConsent, type ConsentPurpose } from './contract.ts'
export { policies, type Policy } from './policies.ts'
export { policyAt } from './policyAt.ts'
