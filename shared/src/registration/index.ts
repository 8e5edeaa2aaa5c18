export { getRegistrationEntry, recordVisit, type RegistrationEntry } from './contract.ts'
