export { getRegistrationEntry, type RegistrationEntry } from './contract.ts'
