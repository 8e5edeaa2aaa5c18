import type { ApprovalPurpose, ApprovalState } from '@qihui/shared/approval'
import type { StoredAnswer } from '../contact/profile.ts'

/** A customer as far as fields can be asked for. Null from `member_id` on when the contact is no member, or one who is being erased. */
export interface SubjectRow {
  readonly person_id: string
  readonly standing: 0 | 1 | 2 | 3
  readonly member_id: string | null
  readonly member_no: string
  readonly registered_at: Date
  readonly data_key_sealed: Buffer
  readonly phone_sealed: Buffer | null
  readonly channel_name: string | null
  readonly answers: readonly StoredAnswer[] | null
}

/** A request as stored. */
export interface ApprovalRow {
  readonly approval_id: string
  readonly requester_id: string
  readonly session_hash: Buffer
  readonly external_user_id: string
  readonly person_id: string
  readonly field_keys: readonly string[]
  readonly field_labels: readonly string[]
  readonly purpose: ApprovalPurpose
  readonly note: string
  readonly minutes: number
  readonly max_views: number
  readonly needed_approvers: 1 | 2
  readonly is_break_glass: boolean
  readonly state: ApprovalState
  readonly version: number
  readonly views: number
  readonly approver_ids: readonly string[]
  readonly requested_at: Date
  readonly open_until: Date | null
  readonly review_verdict: 'justified' | 'unjustified' | null
  readonly reviewed_by: string | null
  readonly reviewed_at: Date | null
  readonly review_note: string | null
}

/** A request with the names beside it. */
export interface ListedRow extends ApprovalRow {
  readonly requester_name: string
  readonly approver_names: readonly string[]
  readonly reviewer_name: string | null
  readonly member_no: string | null
  readonly data_key_sealed: Buffer | null
  readonly name_sealed: Buffer | null
  readonly standing: 0 | 1 | 2 | 3
}
