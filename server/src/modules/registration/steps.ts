import { randomInt } from 'node:crypto'
import type { Answers } from '@qihui/shared/form'
import { evidenceIn } from '@qihui/shared/identity'
import { tiers } from '@qihui/shared/tier'
import { bytesInSet, type Tx } from '../../db/pool.ts'
import type { IdempotentCall } from '../../http/idempotency.ts'
import { newId } from '../../security/newId.ts'
import type { DataKey, FieldCipher } from '../../security/fieldCipher.ts'
import type { Services } from '../../services.ts'
import { answerPlace, dataKeyPlace, phonePlace } from '../member/present.ts'
import type { RegistrationSource } from './source.ts'
import { insertRegistrations } from './tables.ts'

/** Everything about one registration besides who brings it. Answers are coerced, the phone is E.164. */
export interface RegistrationInput {
  /** Null on the invite page, where nobody is asked for it. */
  readonly phone: string | null
  readonly consentIds: readonly string[]
  readonly policyVersion: string
  /** Versions a consent may have been given for: the one above, and those with only minor changes since. */
  readonly standingVersions?: readonly string[] | undefined
  readonly formVersion: string
  readonly channelToken?: string | undefined
  readonly visitId?: string | undefined
  readonly answers?: Answers | undefined
  /** Why the risk rules hold this member; null or absent when they do not. */
  readonly heldFor?: readonly string[] | null | undefined
}

/** What the statement says about the registration it did or found. */
export interface WrittenRegistration {
  readonly has_consent: boolean
  readonly is_claimed: boolean
  readonly existing_member_id: string | null
  readonly person_id: string | null
  readonly adviser_name: string | null
}

/** The member a registration would make. */
export interface NewMemberFacts {
  readonly memberId: string
  readonly memberNo: string
  readonly growthValue: number
  readonly registeredAt: string
  readonly isHeld: boolean
  readonly isConfirmed: boolean
}

/** Twelve digits, first never zero: readable over a counter, not guessable in sequence. */
function newMemberNo(): string {
  return `${randomInt(100_000, 1_000_000)}${String(randomInt(0, 1_000_000)).padStart(6, '0')}`
}

/** Answers as they rest: each sealed for its own row with the member's key. */
export function sealAnswers(cipher: FieldCipher, memberId: string, dataKey: DataKey['key'], answers: Answers): { readonly keys: string[]; readonly sealed: Buffer[] } {
  const entries = Object.entries(answers)
  return { keys: entries.map(([key]) => key), sealed: entries.map(([key, value]) => cipher.seal(answerPlace(memberId, key), JSON.stringify(value), dataKey)) }
}

interface RegistrationOrder {
  readonly source: RegistrationSource
  readonly input: RegistrationInput
  /** What the earning rules give for joining now; who is held or has not confirmed gets it later. */
  readonly joiningGrowth: number
  readonly call: IdempotentCall
  readonly at: Date
}

/**
 * Writes a registration in one statement, on a pool together with those that come at the same time (docs/adr/0005, 0023).
 * @throws a unique violation when another registration of the same human committed in between: run again and find it.
 */
export async function writeRegistration(
  tx: Tx,
  { cipher }: Pick<Services, 'cipher'>,
  { source, input, joiningGrowth, call, at }: RegistrationOrder,
): Promise<{ readonly facts: NewMemberFacts; readonly written: WrittenRegistration | undefined }> {
  const memberId = newId()
  const heldFor = input.heldFor ?? null
  const growth = source.isConfirmed && heldFor === null ? joiningGrowth : 0
  const now = at.toISOString()
  const facts = { memberId, memberNo: newMemberNo(), growthValue: growth, registeredAt: now, isHeld: heldFor !== null, isConfirmed: source.isConfirmed }
  const dataKey = cipher.newDataKey(dataKeyPlace(memberId))
  const answers = sealAnswers(cipher, memberId, dataKey.key, input.answers ?? {})
  const run = {
    scope: call.scope, key: call.key, request_hash: bytesInSet(call.requestHash), at: now, namespace: source.session?.namespace ?? null, open_id: source.session?.openId ?? null,
    namespaces: source.identifiers.map(({ namespace }) => namespace), ids: source.identifiers.map(({ value }) => value), evidence: source.evidence,
    consent_ids: input.consentIds, standing_versions: input.standingVersions ?? [input.policyVersion], policy_version: input.policyVersion, form_version: input.formVersion,
    channel_token: input.channelToken ?? null, visit_id: input.visitId ?? null, new_person_id: newId(), new_member_id: memberId, member_no: facts.memberNo,
    data_key: bytesInSet(dataKey.sealed), phone: input.phone && bytesInSet(cipher.seal(phonePlace(memberId), input.phone, dataKey.key)),
    phone_index: input.phone && bytesInSet(cipher.indexOf('member.phone', input.phone)),
    // Publishing rules sees to it that joining alone lifts nobody above the first tier.
    tier: tiers[0].code, growth, growth_entry_id: growth > 0 ? newId() : null, timeline_entry_id: newId(), touch_id: newId(),
    field_keys: answers.keys, answers: answers.sealed.map(bytesInSet), entered_by: source.enteredBy, confirmed_at: source.isConfirmed ? now : null,
    recorded_consent_id: source.basis === null ? null : newId(), basis: source.basis,
    edges: evidenceIn(source.identifiers, now).map(({ a, b, source: shownBy, strength }) => ({ edge_id: newId(), a_namespace: a.namespace, a_value: a.value, b_namespace: b.namespace, b_value: b.value, source: shownBy, strength })),
    risk_decision_id: heldFor === null ? null : newId(), reasons: heldFor ?? [],
  }
  const [written] = await tx.runInSet<WrittenRegistration>(insertRegistrations, run)
  return { facts, written }
}
