export { getMemberCode, getMemberSelf, memberSelfSchema, openMemberSession, readMemberCode, registerMember, type MemberSelf } from './contract.ts'
export { memberFields, type MemberFieldKey } from './fields.ts'
export { maskValue } from './maskValue.ts'
export type { FieldClass, FieldDefinition, FieldMask, FieldStorage } from './types.ts'
