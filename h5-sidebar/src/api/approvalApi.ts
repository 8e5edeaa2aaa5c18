import type {
  ApprovalDesk, ApprovalView, cancelApproval, decideApproval, listApprovalDesk, listApprovals, listContactApprovals, requestApproval, revealFields, reviewBreakGlass, revokeApproval,
} from '@qihui/shared/approval'
import type { BodyOf, ResponseOf } from '@qihui/shared/http'
import type { Http } from './http.ts'

export type ApprovalDraft = BodyOf<typeof requestApproval>
export type ContactApprovals = ResponseOf<typeof listContactApprovals>
export type ApprovalInbox = ResponseOf<typeof listApprovals>
/** What was opened: shown, and kept nowhere. */
export type Revealed = ResponseOf<typeof revealFields>
export type ApprovalReview = BodyOf<typeof reviewBreakGlass>

/** The second person's part, in the sidebar and in the console alike. */
export interface DecisionApi {
  approvals(): Promise<ApprovalInbox>
  decideApproval(approvalId: string, verdict: 'approve' | 'deny', version: number): Promise<ApprovalView>
  revokeApproval(approvalId: string): Promise<ApprovalView>
}

/** Asking, seeing and deciding beside the chat. */
export interface ApprovalApi extends DecisionApi {
  contactApprovals(externalUserId: string): Promise<ContactApprovals>
  requestApproval(externalUserId: string, draft: ApprovalDraft, idempotencyKey: string): Promise<void>
  cancelApproval(approvalId: string): Promise<ApprovalView>
  reveal(externalUserId: string, grantId: string): Promise<Revealed>
}

/** The approvers' desk of the console. */
export interface ApprovalDeskApi extends DecisionApi {
  approvalDesk(): Promise<ApprovalDesk>
  reviewBreakGlass(approvalId: string, review: ApprovalReview): Promise<ApprovalView>
}

function decisionCalls(http: Http): DecisionApi {
  return {
    approvals: () => http<typeof listApprovals>({ method: 'GET', path: '/api/staff/approvals' }),
    decideApproval: (approvalId, verdict, version) =>
      http<typeof decideApproval>({ method: 'POST', path: '/api/staff/approvals/:approvalId/decision', params: { approvalId }, body: { verdict, version } }),
    revokeApproval: (approvalId) => http<typeof revokeApproval>({ method: 'POST', path: '/api/staff/approvals/:approvalId/revocation', params: { approvalId } }),
  }
}

export function approvalCalls(http: Http): ApprovalApi {
  return {
    ...decisionCalls(http),
    contactApprovals: (externalUserId) => http<typeof listContactApprovals>({ method: 'GET', path: '/api/sidebar/contacts/:externalUserId/approvals', params: { externalUserId } }),
    async requestApproval(externalUserId, body, idempotencyKey) {
      await http<typeof requestApproval>({ method: 'POST', path: '/api/sidebar/contacts/:externalUserId/approvals', params: { externalUserId }, body, idempotencyKey })
    },
    cancelApproval: (approvalId) => http<typeof cancelApproval>({ method: 'POST', path: '/api/staff/approvals/:approvalId/cancellation', params: { approvalId } }),
    reveal: (externalUserId, grantId) => http<typeof revealFields>({ method: 'POST', path: '/api/sidebar/contacts/:externalUserId/reveals', params: { externalUserId }, body: { grantId } }),
  }
}

export function approvalDeskCalls(http: Http): ApprovalDeskApi {
  return {
    ...decisionCalls(http),
    approvalDesk: () => http<typeof listApprovalDesk>({ method: 'GET', path: '/api/console/approvals' }),
    reviewBreakGlass: (approvalId, body) => http<typeof reviewBreakGlass>({ method: 'POST', path: '/api/staff/approvals/:approvalId/review', params: { approvalId }, body }),
  }
}
