import type { ApprovalView } from '@qihui/shared/approval'

/** A request of 李明 that waits for somebody else. */
export const waitingApproval: ApprovalView = {
  approvalId: '0190aaaa-0000-7000-8000-0000000000a1',
  state: 'requested',
  version: 1,
  requester: { staffUserId: 'rep.li', name: '李明' },
  customerName: '陈**',
  memberNo: '100000000001',
  fields: [{ key: 'idNumber', label: '证件号' }],
  purpose: 'afterSales',
  note: '退货需核对证件',
  minutes: 15,
  maxViews: 3,
  views: 0,
  neededApprovers: 1,
  approvers: [],
  requestedAt: '2026-11-22T03:58:00.000Z',
  openUntil: null,
  isBreakGlass: false,
  review: null,
  isReviewOverdue: false,
  canDecide: false,
  canRevoke: false,
  canCancel: true,
  canReview: false,
  canReveal: false,
}

/** The same, approved until ten past noon in Beijing. */
export const openApproval: ApprovalView = {
  ...waitingApproval, state: 'approved', version: 2, approvers: [{ staffUserId: 'lead.zhao', name: '赵主管' }], openUntil: '2026-11-22T04:10:00.000Z', canCancel: false, canRevoke: true, canReveal: true,
}
