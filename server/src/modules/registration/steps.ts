import { randomInt } from 'node:crypto'
import type { Answers } from '@qihui/shared/form'
import { evidenceIn } from '@qihui/shared/identity'
import { tiers } from '@qihui/shared/tier'
import type { Tx } from '../../db/pool.ts'
import type { IdempotentCall } from '../../http/idempotency.ts'
import { newId } from '../../security/newId.ts'
import type { DataKey, FieldCipher } from '../../security/fieldCipher.ts'
import type { Services } from '../../services.ts'
import { answerPlace, dataKeyPlace, phonePlace } from '../member/present.ts'
import type { RegistrationSource } from './source.ts'
import { insertRegistration } from './tables.ts'

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
 * Writes a registration in one statement; on a pool it is a transaction by itself (docs/adr/0005).
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
  const edges = evidenceIn(source.identifiers, now)
  const values = [
    call.scope, call.key, call.requestHash, now, source.session?.namespace ?? null, source.session?.openId ?? null,
    source.identifiers.map(({ namespace }) => namespace), source.identifiers.map(({ value }) => value), source.evidence,
    input.consentIds, input.standingVersions ?? [input.policyVersion], input.policyVersion, input.formVersion,
    input.channelToken ?? null, input.visitId ?? null, newId(), memberId, facts.memberNo, dataKey.sealed,
    input.phone && cipher.seal(phonePlace(memberId), input.phone, dataKey.key), input.phone && cipher.indexOf('member.phone', input.phone),
    // Publishing rules sees to it that joining alone lifts nobody above the first tier.
    tiers[0].code, growth, growth > 0 ? newId() : null, newId(), newId(), answers.keys, answers.sealed,
    source.enteredBy, source.isConfirmed ? now : null, source.basis === null ? null : newId(), source.basis && JSON.stringify(source.basis),
    edges.map(() => newId()), edges.map(({ a }) => a.namespace), edges.map(({ a }) => a.value), edges.map(({ b }) => b.namespace), edges.map(({ b }) => b.value),
    edges.map((edge) => edge.source), edges.map(({ strength }) => strength), heldFor === null ? null : newId(), heldFor ?? [],
  ]
  const [written] = await tx.run<WrittenRegistration>(insertRegistration, values)
  return { facts, written }
}
