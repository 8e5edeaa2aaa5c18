import { approvalAt, reviewHours, type ApprovalView } from '@qihui/shared/approval'
import { maskValue, memberFields } from '@qihui/shared/member'
import type { StaffActor } from '../../http/actor.ts'
import type { FieldCipher } from '../../security/fieldCipher.ts'
import { standings } from '../contact/policy.ts'
import { contactKeyPlace, contactNamePlace } from '../contact/places.ts'
import type { Hierarchy } from './hierarchy.ts'
import type { ListedRow } from './types.ts'

type Lapsing = Pick<Parameters<typeof approvalAt>[0], 'state'>

function maskedNameOf(cipher: FieldCipher, row: ListedRow): string {
  if (row.data_key_sealed === null || row.name_sealed === null) return '客户'
  const key = cipher.openDataKey(contactKeyPlace(row.external_user_id), row.data_key_sealed)
  return maskValue(memberFields.contactName.mask, cipher.open(contactNamePlace(row.external_user_id), row.name_sealed, key))
}

function stateOf(row: ListedRow, at: Date): Lapsing['state'] {
  return approvalAt(
    {
      state: row.state, version: row.version, requesterId: row.requester_id, sessionId: '', personId: row.person_id, fieldKeys: row.field_keys, isBreakGlass: row.is_break_glass,
      neededApprovers: row.needed_approvers, approverIds: row.approver_ids, minutes: row.minutes, maxViews: row.max_views, views: row.views, requestedAt: row.requested_at, openUntil: row.open_until,
    },
    at,
  ).state
}

function reviewOf(row: ListedRow): ApprovalView['review'] {
  if (row.review_verdict === null || row.reviewed_at === null) return null
  return { verdict: row.review_verdict, by: row.reviewer_name ?? row.reviewed_by ?? '', at: row.reviewed_at.toISOString(), note: row.review_note ?? '' }
}

/** One request as one viewer may see it, with what they may do about it at `at`. Never a value of a field. */
export function presentApproval(cipher: FieldCipher, row: ListedRow, viewer: StaffActor, at: Date, hierarchy: Hierarchy): ApprovalView {
  const state = stateOf(row, at)
  const isOwn = row.requester_id === viewer.staffUserId
  const mayApprove = !isOwn && viewer.rights.may({ action: 'approve', subject: 'Approval' }, { relation: standings[row.standing] })
  // Taking back is open to everybody who may approve: it only closes.
  const mayDecide = mayApprove && !hierarchy.isSubordinate(viewer.staffUserId, row.requester_id)
  const awaitsReview = row.is_break_glass && row.reviewed_at === null
  return {
    approvalId: row.approval_id,
    state,
    version: row.version,
    requester: { staffUserId: row.requester_id, name: row.requester_name },
    customerName: maskedNameOf(cipher, row),
    memberNo: row.member_no,
    fields: row.field_keys.map((key, index) => ({ key, label: row.field_labels[index] ?? key })),
    purpose: row.purpose,
    note: row.note,
    minutes: row.minutes,
    maxViews: row.max_views,
    views: row.views,
    neededApprovers: row.needed_approvers,
    approvers: row.approver_ids.map((staffUserId, index) => ({ staffUserId, name: row.approver_names[index] ?? staffUserId })),
    requestedAt: row.requested_at.toISOString(),
    openUntil: row.open_until?.toISOString() ?? null,
    isBreakGlass: row.is_break_glass,
    review: reviewOf(row),
    isReviewOverdue: awaitsReview && at.getTime() - row.requested_at.getTime() > reviewHours * 3_600_000,
    canDecide: mayDecide && state === 'requested' && !row.approver_ids.includes(viewer.staffUserId),
    canRevoke: (isOwn || mayApprove) && (state === 'approved' || (state === 'exhausted' && row.open_until !== null && at < row.open_until)),
    canCancel: isOwn && state === 'requested',
    canReview: mayDecide && awaitsReview,
    canReveal: isOwn && state === 'approved' && viewer.sessionId === row.session_hash.toString('hex'),
  }
}
