import { answerHours } from './limits.ts'
import type { Approval, ApprovalAct, ApprovalRefusal, ApprovalState } from './types.ts'

type Outcome = { readonly next: Approval } | { readonly refusal: ApprovalRefusal }
type DecideAct = Extract<ApprovalAct, { kind: 'approve' | 'deny' }>
type ViewAct = Extract<ApprovalAct, { kind: 'view' }>

const hourMs = 3_600_000
const minuteMs = 60_000

/** When a request that nobody answers is over. */
function answerUntil(requestedAt: Date): Date {
  return new Date(requestedAt.getTime() + answerHours * hourMs)
}

function stateAt({ state, requestedAt, openUntil, views }: Approval, at: Date): ApprovalState {
  if (state === 'requested' && at >= answerUntil(requestedAt)) return 'expired'
  if (state === 'approved' && openUntil !== null && at >= openUntil) return views > 0 ? 'used' : 'expired'
  return state
}

/** The request as it is at this instant: time ends it without anybody doing anything. */
export function approvalAt(approval: Approval, at: Date): Approval {
  const state = stateAt(approval, at)
  return state === approval.state ? approval : { ...approval, state }
}

function changed(approval: Approval, change: Partial<Approval>): Outcome {
  return { next: { ...approval, ...change, version: approval.version + 1 } }
}

function decided(approval: Approval, { kind, by, version, mayApprove, isSubordinate }: DecideAct, at: Date): Outcome {
  if (by === approval.requesterId) return { refusal: 'self' }
  if (!mayApprove) return { refusal: 'notAllowed' }
  if (isSubordinate) return { refusal: 'subordinate' }
  if (approval.state !== 'requested' || version !== approval.version) return { refusal: 'changed' }
  if (approval.approverIds.includes(by)) return { refusal: 'self' }
  const approverIds = [...approval.approverIds, by]
  if (kind === 'deny') return changed(approval, { state: 'denied', approverIds })
  if (approverIds.length < approval.neededApprovers) return changed(approval, { approverIds })
  return changed(approval, { state: 'approved', approverIds, openUntil: new Date(at.getTime() + approval.minutes * minuteMs) })
}

function refusalOfView(approval: Approval, act: ViewAct): ApprovalRefusal | null {
  if (act.by !== approval.requesterId) return 'notYours'
  if (act.sessionId !== approval.sessionId) return 'otherSession'
  if (act.personId !== approval.personId) return 'otherPerson'
  if (approval.state !== 'approved' || approval.views >= approval.maxViews) return 'notOpen'
  if (act.fieldKeys.length === 0 || act.fieldKeys.some((key) => !approval.fieldKeys.includes(key))) return 'otherField'
  return act.isInReach ? null : 'outOfReach'
}

function viewed(approval: Approval, act: ViewAct): Outcome {
  const refusal = refusalOfView(approval, act)
  if (refusal !== null) return { refusal }
  const views = approval.views + 1
  return changed(approval, { views, state: views === approval.maxViews ? 'exhausted' : 'approved' })
}

/** While something of it may stand on a screen: after the last look too, until its time is over. */
function isShown({ state, openUntil }: Approval, at: Date): boolean {
  return state === 'approved' || (state === 'exhausted' && openUntil !== null && at < openUntil)
}

/**
 * The state machine of the second approval (R86, domain rules i 2-4): requested → approved, denied, expired or cancelled; approved →
 * used, exhausted or revoked. Whatever is not a step of it is refused. A view needs a grant that lives at `at`, for this requester,
 * session, person and these fields; nobody decides about their own request or about one of who leads them; two approvers are two persons.
 */
export function approvalAfter(before: Approval, act: ApprovalAct, at: Date): Outcome {
  const approval = approvalAt(before, at)
  switch (act.kind) {
    case 'approve':
    case 'deny':
      return decided(approval, act, at)
    case 'cancel':
      if (act.by !== approval.requesterId) return { refusal: 'notYours' }
      return approval.state === 'requested' ? changed(approval, { state: 'cancelled' }) : { refusal: 'changed' }
    case 'revoke':
      if (act.by !== approval.requesterId && !act.mayApprove) return { refusal: 'notAllowed' }
      return isShown(approval, at) ? changed(approval, { state: 'revoked' }) : { refusal: 'changed' }
    case 'view':
      return viewed(approval, act)
  }
}
