export { approvalAfter, approvalAt } from './approvalAfter.ts'
export {
  cancelApproval, decideApproval, listApprovalDesk, listApprovals, listContactApprovals, requestApproval, revealFields, reviewBreakGlass, revokeApproval, type ApprovalDesk, type ApprovalView,
} from './contract.ts'
export { answerHours, approversNeeded, maxBreakGlassMinutes, maxMinutes, reviewHours } from './limits.ts'
export { isSubordinate, type DepartmentParents, type Position } from './isSubordinate.ts'
export { newApproval } from './newApproval.ts'
export { approvalPurposeCodes, approvalPurposes, approvalStateWords, type ApprovalPurpose } from './purposes.ts'
export type { Approval, ApprovalAct, ApprovalRefusal, ApprovalState } from './types.ts'
