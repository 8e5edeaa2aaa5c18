export {
  addMemberByIntegration,
  addMemberByStaff,
  apiKeyScopeSchema,
  consentBasisSchema,
  createApiKey,
  getMemberCode,
  getMemberSelf,
  listApiKeys,
  memberSelfSchema,
  openMemberSession,
  readMemberCode,
  registerMember,
  revokeApiKey,
  type ApiKeyScope,
  type MemberSelf,
} from './contract.ts'
export { memberFields, type MemberFieldKey } from './fields.ts'
export { maskValue } from './maskValue.ts'
export { phoneText } from './phoneText.ts'
export type { FieldClass, FieldDefinition, FieldMask, FieldStorage } from './types.ts'
