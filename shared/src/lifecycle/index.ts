export { answerBy, answerWorkingDays } from './answerBy.ts'
export {
  changeLegalHold,
  correctOwnData,
  createDeidentifiedExport,
  exportOwnData,
  getErasure,
  getLifecycle,
  getOwnData,
  listDeidentifiedExports,
  listLegalHolds,
  placeLegalHold,
  requestErasure,
  type DeidentifiedExport,
  type ErasureStatus,
  type LegalHold,
  type Lifecycle,
  type OwnData,
  type OwnField,
} from './contract.ts'
export { getComplianceReport, type ComplianceReport } from './complianceContract.ts'
export { isHolding, purgeState, type HoldFacts } from './purgeState.ts'
export { anonymiseAfterMonths, archiveAfterDays, noticeDays, quietBefore, quietState, type QuietState } from './standing.ts'
