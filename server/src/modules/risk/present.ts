import type { RiskDecision, RiskOutcome } from '@qihui/shared/risk'
import type { FieldCipher } from '../../security/fieldCipher.ts'
import { maskedPhoneOf } from '../member/present.ts'

/** A decision with the member it is about, as stored. */
export interface DecisionRow {
  readonly decision_id: string
  readonly at: Date
  readonly outcome: RiskOutcome
  readonly reasons: readonly string[]
  readonly verdict: RiskDecision['verdict']
  readonly reviewer_name: string | null
  readonly reviewed_at: Date | null
  readonly member_id: string | null
  readonly channel_name: string | null
  readonly member_no: string | null
  readonly data_key_sealed: Buffer | null
  readonly phone_sealed: Buffer | null
}

/** What an operator sees of a decision: reasons in words, the phone masked. */
export function presentDecision(cipher: FieldCipher, row: DecisionRow): RiskDecision {
  const { member_id: memberId, data_key_sealed: key } = row
  return {
    decisionId: row.decision_id,
    at: row.at.toISOString(),
    outcome: row.outcome,
    reasons: [...row.reasons],
    memberNo: row.member_no,
    phoneMasked: memberId === null || key === null ? null : maskedPhoneOf(cipher, { member_id: memberId, data_key_sealed: key, phone_sealed: row.phone_sealed }),
    channelName: row.channel_name,
    verdict: row.verdict,
    reviewedBy: row.reviewer_name,
    reviewedAt: row.reviewed_at?.toISOString() ?? null,
  }
}
