import { randomInt } from 'node:crypto'
import { policyAt } from '@qihui/shared/consent'
import { AppError } from '@qihui/shared/errors'
import { formAt } from '@qihui/shared/form'
import { registrationGrowth } from '@qihui/shared/growth'
import { maskValue, memberFields, type MemberSelf } from '@qihui/shared/member'
import { tierFor } from '@qihui/shared/tier'
import { newId } from '../../security/newId.ts'
import { sqlStateOf, uniqueViolation } from '../../db/pool.ts'
import type { MemberActor } from '../../http/actor.ts'
import { storedAnswer, type IdempotentCall } from '../../http/idempotency.ts'
import type { Services } from '../../services.ts'
import { dataKeyPlace, phonePlace, presentMemberSelf } from '../member/present.ts'
import { getMemberById } from '../member/queries.ts'
import { miniProgramNamespace, unionIdNamespace } from '../identity/namespaces.ts'
import { insertRegistration } from './tables.ts'

/** What registration needs once the phone is known. `phone` is E.164. */
export interface RegistrationInput {
  readonly phone: string
  readonly consentIds: readonly string[]
  readonly policyVersion: string
  readonly formVersion: string
  readonly channelToken?: string | undefined
}

export interface RegistrationOutcome {
  readonly outcome: 'registered' | 'recovered'
  readonly member: MemberSelf
}

type RegistrationServices = Pick<Services, 'db' | 'now' | 'cipher' | 'env'>
interface RegistrationRow {
  readonly has_consent: boolean
  readonly is_claimed: boolean
  readonly existing_member_id: string | null
  readonly adviser_name: string | null
}

/** Two unique keys can collide by chance of timing (person, idempotency key) and one by chance alone (member number). */
const maxTries = 3

/** Twelve digits, first never zero: readable over a counter, not guessable in sequence. */
function newMemberNo(): string {
  return `${randomInt(100_000, 1_000_000)}${String(randomInt(0, 1_000_000)).padStart(6, '0')}`
}

/** Refuses versions other than the ones in force. @throws AppError `consent.policyOutdated`, `form.outdated` */
export function refuseOutdated(input: { readonly policyVersion: string; readonly formVersion: string }, at: Date): void {
  if (policyAt(at).version !== input.policyVersion) throw new AppError('consent.policyOutdated')
  if (formAt(at).version !== input.formVersion) throw new AppError('form.outdated')
}

/** The answer of an earlier call with this key, as the member is now; null when there was none. */
export async function replayRegistration(services: RegistrationServices, call: IdempotentCall): Promise<RegistrationOutcome | null> {
  const stored = await storedAnswer(services.db, call)
  if (stored === null) return null
  const { outcome, memberId } = stored.response as { outcome: RegistrationOutcome['outcome']; memberId: string }
  return { outcome, member: await getMemberById(services, memberId) }
}

function valuesOf(services: RegistrationServices, actor: MemberActor, input: RegistrationInput, call: IdempotentCall, at: Date) {
  const { cipher, env } = services
  const memberId = newId()
  const memberNo = newMemberNo()
  const dataKey = cipher.newDataKey(dataKeyPlace(memberId))
  const phoneSealed = cipher.seal(phonePlace(memberId), input.phone, dataKey.key)
  const values = [
    call.scope, call.key, call.requestHash, at.toISOString(), actor.openId, miniProgramNamespace(env), unionIdNamespace(env), actor.unionId,
    input.consentIds, input.policyVersion, input.formVersion, input.channelToken ?? null, newId(), memberId,
    memberNo, dataKey.sealed, phoneSealed, cipher.indexOf('member.phone', input.phone), tierFor(registrationGrowth).code, registrationGrowth,
    newId(), newId(), newId(),
  ]
  return { facts: { memberId, memberNo, growthValue: registrationGrowth, registeredAt: at.toISOString() }, values }
}

/**
 * Makes the person of this session a member: member, consent, first growth entry, touch, identity link and the jobs that follow,
 * in one statement. Somebody who already is a member is recovered, not refused (R7, R31-R35, R65). Twice with one key is once.
 * @throws AppError `consent.required`, `consent.policyOutdated`, `form.outdated`, `idempotency.keyReused`
 */
export async function registerMember(services: RegistrationServices, actor: MemberActor, input: RegistrationInput, call: IdempotentCall): Promise<RegistrationOutcome> {
  const at = services.now()
  refuseOutdated(input, at)
  for (let attempt = 1; ; attempt += 1) {
    const { facts, values } = valuesOf(services, actor, input, call, at)
    let result: RegistrationRow | undefined
    try {
      ;[result] = await services.db.run<RegistrationRow>(insertRegistration, values)
    } catch (error) {
      // Another registration of the same human committed in between: run again and find it.
      if (sqlStateOf(error) === uniqueViolation && attempt < maxTries) continue
      throw error
    }
    if (!result?.has_consent) throw new AppError('consent.required')
    if (!result.is_claimed) {
      const replayed = await replayRegistration(services, call)
      if (replayed === null) throw new AppError('idempotency.inProgress')
      return replayed
    }
    if (result.existing_member_id !== null) return { outcome: 'recovered', member: await getMemberById(services, result.existing_member_id) }
    return { outcome: 'registered', member: presentMemberSelf({ ...facts, adviserName: result.adviser_name }, maskValue(memberFields.phone.mask, input.phone)) }
  }
}
