export { accessPurpose, auditActions, auditActionTitle } from './actionText.ts'
export { canonicalRecord } from './canonicalRecord.ts'
export {
  auditEntrySchema, auditFindingSchema, auditVerificationSchema, exportAuditEntries, getAuditVerification, listAccessLog, listAuditEntries, requestAuditVerification,
  type AuditEntry, type AuditVerification,
} from './contract.ts'
export { auditFloorMonths, isPurgeable } from './isPurgeable.ts'
export type { AuditActorKind, AuditFinding, AuditFindingKind, AuditOutcome, AuditRecord } from './types.ts'
