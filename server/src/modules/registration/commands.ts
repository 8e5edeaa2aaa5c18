import { AppError } from '@qihui/shared/errors'
import { edgeOf, evidenceIn } from '@qihui/shared/identity'
import { maskValue, memberFields, type MemberSelf } from '@qihui/shared/member'
import { sqlStateOf, uniqueViolation, type Tx } from '../../db/pool.ts'
import type { MemberActor, StaffActor } from '../../http/actor.ts'
import type { IdempotentCall } from '../../http/idempotency.ts'
import { enqueue } from '../../jobs/enqueue.ts'
import { newId } from '../../security/newId.ts'
import type { Services } from '../../services.ts'
import { newChannelToken } from '../channel/newChannelToken.ts'
import { requireFollow } from '../contact/steps.ts'
import { awardFormGrowth } from '../growth/jobs.ts'
import { postGrowth, type LockedMember } from '../growth/steps.ts'
import { linkIdentity } from '../identity/jobs.ts'
import { externalUserNamespace } from '../identity/namespaces.ts'
import { touchActivity } from '../lifecycle/steps.ts'
import { dataKeyPlace, phonePlace, presentMemberSelf } from '../member/present.ts'
import { getMemberById } from '../member/queries.ts'
import { sessionIdentifiers } from '../member/sessionIdentifiers.ts'
import {
  bindConfirmation, claimAnswer, closeVisit, confirmMemberRow, consumeConfirmation, deleteConfirmation, deleteDraft, insertConfirmation, insertConfirmedEntry, insertEdges,
  insertSessionIdentifiers, joinConsents, lockMemberOfPerson, selectConfirmationState, selectContactUnionId, selectForeignSession, selectOpenConfirmation,
  upsertAnswers,
} from './confirmationTables.ts'
import { replayRegistration, storedRegistration, type StoredOutcome } from './queries.ts'
import { staffSource, type ConsentBasis, type RegistrationSource } from './source.ts'
import { sealAnswers, writeRegistration, type RegistrationInput } from './steps.ts'

export interface RegistrationOutcome {
  readonly outcome: 'registered' | 'recovered'
  readonly member: MemberSelf
}

/** Two unique keys can collide by chance of timing (person, idempotency key) and one by chance alone (member number). */
const maxTries = 3

/**
 * Makes the person a source brings a member: member, answers, consent, first growth entry, touch, evidence and the jobs that follow,
 * in one statement, whatever the channel (R7, R31-R35, R65, docs/adr/0012). Somebody who already is a member is recovered, not refused.
 * A channel that is closed or full gives no attribution. Twice with one key is once.
 * @throws AppError `consent.required`, `idempotency.keyReused`
 */
export async function registerMember(
  services: Pick<Services, 'db' | 'now' | 'cipher' | 'growthRules' | 'tierRules'>,
  source: RegistrationSource,
  input: RegistrationInput,
  call: IdempotentCall,
): Promise<RegistrationOutcome> {
  const at = services.now()
  const { registration: joiningGrowth } = await services.growthRules.at(at)
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { facts, written } = await writeRegistration(services.db, services, { source, input, joiningGrowth, call, at })
      if (!written?.has_consent) throw new AppError('consent.required')
      if (!written.is_claimed) {
        const replayed = await replayRegistration(services, call)
        if (replayed === null) throw new AppError('idempotency.inProgress')
        return replayed
      }
      const existingId = written.existing_member_id
      // The person came themselves: whoever was archived is back.
      if (existingId !== null && source.session !== null) await services.db.transaction((tx) => touchActivity(tx, existingId, at))
      if (existingId !== null) return { outcome: 'recovered', member: await getMemberById(services, existingId) }
      // Not in the statement: most registrations answer nothing, and the night makes up for one that is torn here.
      if (Object.keys(input.answers ?? {}).length > 0) await enqueue(services.db, awardFormGrowth, { memberId: facts.memberId })
      const phoneMasked = input.phone === null ? null : maskValue(memberFields.phone.mask, input.phone)
      return { outcome: 'registered', member: presentMemberSelf({ ...facts, held: null, adviserName: written.adviser_name }, phoneMasked, await services.tierRules.at(at)) }
    } catch (error) {
      // Another registration of the same human committed in between: run again and find it.
      if (sqlStateOf(error) !== uniqueViolation || attempt >= maxTries) throw error
    }
  }
}

/** A confirmation link works this long, milliseconds: as long as an invitation. */
const confirmationTtlMs = 30 * 24 * 60 * 60 * 1000

/** A member a rep entered, and the link by which the person confirms; null when there is nothing to confirm. */
export interface EnteredMember {
  readonly outcome: 'registered' | 'recovered'
  readonly memberId: string
  readonly token: string | null
}

type StaffAddition = Pick<RegistrationInput, 'policyVersion' | 'formVersion' | 'answers'> & { readonly externalUserId: string; readonly phone: string; readonly basis: ConsentBasis }

async function openConfirmation(tx: Tx, actor: StaffActor, externalUserId: string, personId: string | null, at: Date): Promise<string> {
  const token = newChannelToken()
  const expiresAt = new Date(at.getTime() + confirmationTtlMs)
  await tx.run(insertConfirmation, [newId(), token, `${actor.name}代客建档`, actor.staffUserId, externalUserId, personId, expiresAt, at])
  return token
}

async function enterMember(tx: Tx, services: Pick<Services, 'cipher' | 'env'>, actor: StaffActor, added: StaffAddition, call: IdempotentCall, at: Date): Promise<EnteredMember> {
  const { externalUserId, basis } = added
  await requireFollow(tx, externalUserId, actor.staffUserId)
  const [contact] = await tx.run<{ union_id: string | null }>(selectContactUnionId, [externalUserId])
  const source = staffSource(services.env, actor, { externalUserId, unionId: contact?.union_id ?? null }, basis)
  const token = await openConfirmation(tx, actor, externalUserId, null, at)
  const input = { ...added, consentIds: [], channelToken: token }
  const { facts, written } = await writeRegistration(tx, services, { source, input, joiningGrowth: 0, call, at })
  if (written?.is_claimed && written.existing_member_id === null) {
    await tx.run(bindConfirmation, [token, written.person_id])
    return { outcome: 'registered', memberId: facts.memberId, token }
  }
  await tx.run(deleteConfirmation, [token])
  const replayed = written?.is_claimed ? null : await storedRegistration(tx, call)
  const memberId = replayed?.memberId ?? written?.existing_member_id
  const [member] = memberId == null ? [] : await tx.run<{ person_id: string; is_confirmed: boolean }>(selectConfirmationState, [memberId])
  if (memberId == null || member === undefined) throw new AppError('idempotency.inProgress')
  const outcome = replayed?.outcome ?? 'recovered'
  if (member.is_confirmed) return { outcome, memberId, token: null }
  const [open] = await tx.run<{ token: string }>(selectOpenConfirmation, [member.person_id, at])
  return { outcome, memberId, token: open?.token ?? (await openConfirmation(tx, actor, externalUserId, member.person_id, at)) }
}

/**
 * A rep enters a contact of theirs as member, on a recorded basis of consent (R11). The member waits: no growth, no marketing, until the
 * person opens the one-time link. Somebody who already is a member is only found; who still has to confirm gets a link again.
 * @throws AppError `contact.notFollowing`, `idempotency.keyReused`
 */
export async function addMemberByStaff(services: Pick<Services, 'db' | 'now' | 'cipher' | 'env'>, actor: StaffActor, added: StaffAddition, call: IdempotentCall): Promise<EnteredMember> {
  const at = services.now()
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await services.db.transaction((tx) => enterMember(tx, services, actor, added, call, at))
    } catch (error) {
      if (sqlStateOf(error) !== uniqueViolation || attempt >= maxTries) throw error
    }
  }
}

type LockedUnconfirmed = LockedMember & { readonly data_key_sealed: Buffer; readonly confirmed_at: Date | null; readonly held_at: Date | null }

/** Whom a confirmation is for: the person of a one-time link, or of a member this session's identifiers already lead to. */
export type ConfirmationOf = { readonly token: string } | { readonly personId: string }

async function proveLink(tx: Tx, services: Pick<Services, 'env'>, actor: MemberActor, externalUserId: string | null, member: LockedMember, at: Date): Promise<void> {
  const shown = sessionIdentifiers(services.env, actor)
  const columns = [shown.map(({ namespace }) => namespace), shown.map(({ value }) => value)]
  const [session] = await tx.run<{ is_foreign: boolean }>(selectForeignSession, [...columns, member.person_id])
  if (session?.is_foreign !== false) throw new AppError('invite.closed', '这个链接是发给另一位客户的，请由本人在自己的微信里打开')
  const bound = externalUserId === null ? null : { namespace: externalUserNamespace(services.env), value: externalUserId }
  const now = at.toISOString()
  const edges = [...evidenceIn(shown, now), ...(bound === null ? [] : [edgeOf({ namespace: actor.namespace, value: actor.openId }, bound, 'bindLink', now)])]
  await tx.run(insertSessionIdentifiers, [...columns, member.person_id, at])
  await tx.run(insertEdges, [
    edges.map(() => newId()), edges.map(({ a }) => a.namespace), edges.map(({ a }) => a.value), edges.map(({ b }) => b.namespace), edges.map(({ b }) => b.value),
    edges.map(({ source }) => source), edges.map(({ strength }) => strength), at,
  ])
  // Only what the session itself showed: that the link belongs to it is evidence of its own, stored above.
  await enqueue(tx, linkIdentity, { personId: member.person_id, seenTogether: shown })
}

async function confirmRow(tx: Tx, services: Pick<Services, 'cipher'>, actor: MemberActor, member: LockedUnconfirmed, { input, joiningGrowth }: { readonly input: RegistrationInput; readonly joiningGrowth: number }, at: Date): Promise<void> {
  const { cipher } = services
  const memberId = member.member_id
  const dataKey = cipher.openDataKey(dataKeyPlace(memberId), member.data_key_sealed)
  const phone = input.phone === null ? [null, null] : [cipher.seal(phonePlace(memberId), input.phone, dataKey), cipher.indexOf('member.phone', input.phone)]
  await tx.run(confirmMemberRow, [memberId, at, ...phone])
  const answers = sealAnswers(cipher, memberId, dataKey, input.answers ?? {})
  if (answers.keys.length > 0) {
    await tx.run(upsertAnswers, [memberId, answers.keys, answers.sealed, input.formVersion, at])
    await enqueue(tx, awardFormGrowth, { memberId })
  }
  await touchActivity(tx, memberId, at)
  if (member.confirmed_at !== null) return
  await tx.run(insertConfirmedEntry, [newId(), member.person_id, at, actor.namespace, actor.openId])
  if (joiningGrowth === 0) return
  const posting = { kind: 'earn', amount: joiningGrowth, source: 'registration', sourceId: memberId, occurredAt: at, via: { namespace: actor.namespace, value: actor.openId } } as const
  if (member.held_at === null) await postGrowth(tx, member, posting, at)
}

/**
 * The person agrees to what somebody else entered for them: the member counts as confirmed, the first growth is posted, and a one-time link
 * ties this session to the person (domain rules a 1). Whose session belongs to another person is looked at by the junction; a session that
 * cannot be this person's confirms nothing, and the link goes on working for the right one.
 * @throws AppError `consent.required`, `invite.closed`, `idempotency.keyReused`
 */
export async function confirmMember(services: Pick<Services, 'db' | 'now' | 'cipher' | 'env' | 'growthRules' | 'tierRules'>, actor: MemberActor, of: ConfirmationOf, input: RegistrationInput, call: IdempotentCall): Promise<RegistrationOutcome> {
  const at = services.now()
  const { registration: joiningGrowth } = await services.growthRules.at(at)
  const confirmed = await services.db.transaction(async (tx): Promise<StoredOutcome | null> => {
    const link = 'token' in of ? (await tx.run<{ person_id: string | null; external_user_id: string | null }>(consumeConfirmation, [of.token, at]))[0] : { person_id: of.personId, external_user_id: null }
    const replayed = link === undefined ? await storedRegistration(tx, call) : null
    if (replayed !== null) return replayed
    const [member] = link?.person_id == null ? [] : await tx.run<LockedUnconfirmed>(lockMemberOfPerson, [link.person_id])
    if (link === undefined || member === undefined) throw new AppError('invite.closed')
    const answer: StoredOutcome = { outcome: member.confirmed_at === null ? 'registered' : 'recovered', memberId: member.member_id }
    const claimed = await tx.run(claimAnswer, [call.scope, call.key, call.requestHash, JSON.stringify(answer), at])
    if (claimed.length === 0) return null
    const consents = await tx.run(joinConsents, [member.person_id, actor.namespace, actor.openId, input.consentIds, input.standingVersions ?? [input.policyVersion]])
    if (consents.length === 0) throw new AppError('consent.required')
    await confirmRow(tx, services, actor, member, { input, joiningGrowth }, at)
    await proveLink(tx, services, actor, link.external_user_id, member, at)
    if (input.visitId !== undefined) await tx.run(closeVisit, [input.visitId, member.member_id, actor.namespace, actor.openId, at])
    await tx.run(deleteDraft, [actor.namespace, actor.openId])
    return answer
  })
  if (confirmed !== null) return { outcome: confirmed.outcome, member: await getMemberById(services, confirmed.memberId) }
  const replayed = await replayRegistration(services, call)
  if (replayed === null) throw new AppError('idempotency.inProgress')
  return replayed
}
