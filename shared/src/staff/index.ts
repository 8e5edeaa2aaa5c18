export { closeStaffSession, getAgentConfigSignature, getConfigSignature, getStaffSelf } from './contract.ts'
