export { consentPurposeSchema, getPolicy, grantConsent, type ConsentPurpose } from './contract.ts'
