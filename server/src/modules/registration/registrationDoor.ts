import { AppError } from '@qihui/shared/errors'
import type { FormVersion } from '@qihui/shared/form'
import type { registerMember as registerMemberContract } from '@qihui/shared/member'
import type { ResponseOf } from '@qihui/shared/http'
import type { MemberActor } from '../../http/actor.ts'
import type { IdempotentCall } from '../../http/idempotency.ts'
import { normalisePhone } from '../../security/normalisePhone.ts'
import type { Services } from '../../services.ts'
import { assessAttempt, keepDecision, recordAttempt, type CountedFacts } from '../risk/steps.ts'
import { passChallenge, sendChallenge } from './challenge.ts'
import { confirmMember, registerMember } from './commands.ts'
import { draftKeyOf, draftTtlMs, openDraftPhone, sealDraftPhone, type DraftKey } from './drafts.ts'
import { upsertDraftPhone } from './draftTables.ts'
import { confirmedAnswers, formShown, isChannelOpen, readGate, standingVersions, type GateRow, type RegistrationBody } from './gate.ts'
import { replayRegistration } from './queries.ts'
import { sessionSource } from './source.ts'
import type { RegistrationInput } from './steps.ts'

type Answer = ResponseOf<typeof registerMemberContract>
type DoorServices = Pick<Services, 'db' | 'now' | 'cipher' | 'env' | 'wechat' | 'sms' | 'log' | 'forms' | 'policies' | 'growthRules' | 'tierRules'>

/** One person's wish to become a member, and what came with the request. */
export interface RegistrationRequest {
  readonly actor: MemberActor
  readonly body: RegistrationBody
  readonly call: IdempotentCall
  readonly ip: string
  readonly userAgent: string
}
type Door = (request: RegistrationRequest) => Promise<Answer>

interface Attempt extends RegistrationRequest {
  readonly gate: GateRow
  readonly at: Date
}

const engineDown = '风险评估暂时不可用'

function isMiniProgram(actor: MemberActor): boolean {
  return actor.namespace.startsWith('mp-openid@')
}

/**
 * The phone of this attempt: one that waits in the draft is used and no other is paid for; else the code is exchanged, in the mini-program only.
 * @throws AppError `phone.required`, `phone.codeInvalid`, `phone.invalid`, `phone.quotaExhausted`
 */
async function phoneFor({ wechat, cipher }: DoorServices, { actor, body, gate }: Attempt, key: DraftKey, form: FormVersion): Promise<{ readonly phone: string; readonly isNew: boolean } | null> {
  if (gate.phone_sealed !== null) return { phone: openDraftPhone(cipher, key, gate.phone_sealed), isNew: false }
  if (!isMiniProgram(actor)) return null
  if (body.phoneCode === undefined) {
    if (form.definition.fields.some((field) => field.confirmation === 'code' && field.isRequired)) throw new AppError('phone.required')
    return null
  }
  const verified = await wechat.phoneOfCode(body.phoneCode)
  return { phone: normalisePhone(verified.phoneNumber, verified.countryCode), isNew: true }
}

/** Seals a new phone into the draft, before anything can refuse, and counts the attempt. Null when the counters cannot be asked. */
async function count(services: DoorServices, attempt: Attempt, key: DraftKey, phone: { readonly phone: string; readonly isNew: boolean } | null, formSeconds: number | null): Promise<CountedFacts | null> {
  const { actor, body, gate, at } = attempt
  const phoneSealed = phone?.isNew ? sealDraftPhone(services.cipher, key, phone.phone) : null
  const expiresAt = new Date(at.getTime() + draftTtlMs)
  const channelToken = gate.channel_id === null ? null : (body.channelToken ?? null)
  try {
    return await recordAttempt(services, {
      traces: { ip: attempt.ip, userAgent: attempt.userAgent, namespace: actor.namespace, openId: actor.openId, phone: phone?.phone ?? null, channelToken, staffUserId: gate.staff_user_id },
      draft: { draftId: key.draftId, dataKeySealed: key.dataKey.sealed, phoneSealed, formVersion: body.formVersion, expiresAt },
      formSeconds,
      visitId: body.visitId ?? null,
      at,
    })
  } catch (error) {
    services.log.error({ err: error }, 'the risk counters could not be asked')
    if (phoneSealed !== null) {
      await services.db.run(upsertDraftPhone, [actor.namespace, actor.openId, key.draftId, channelToken, body.formVersion, key.dataKey.sealed, phoneSealed, at, expiresAt])
    }
    return null
  }
}

async function vendorRank({ wechat, env }: DoorServices, { actor, ip }: Attempt, phone: string | null): Promise<number | null> {
  if (!isMiniProgram(actor) || !env.wechat.isRiskRankOn) return null
  try {
    return await wechat.riskRank({ openId: actor.openId, phone, ip })
  } catch (error) {
    // The vendor's opinion is one signal of many: without it the others decide.
    if (error instanceof AppError) return null
    throw error
  }
}

/**
 * Lets the risk rules decide (R95). @returns why the member is held, or null
 * @throws AppError `risk.challenge`, `risk.denied`, `challenge.codeInvalid`
 */
async function heldFor(services: DoorServices, attempt: Attempt, phone: string | null, counted: CountedFacts | null, formSeconds: number | null): Promise<readonly string[] | null> {
  const { actor, body, gate, at } = attempt
  // Somebody has looked at this account today and let it in.
  if (gate.verdict === 'released') return null
  const facts = counted && { ...counted, formSeconds, vendorRank: await vendorRank(services, attempt, phone), allowedPer10Min: gate.allowed }
  const { outcome, reasons } = facts === null ? { outcome: 'challenge' as const, reasons: [engineDown] } : await assessAttempt(services.db, facts, at)
  const decided = { outcome, reasons, namespace: actor.namespace, openId: actor.openId, channelId: gate.channel_id, at }
  switch (outcome) {
    case 'allow':
      return null
    case 'hold':
      return reasons
    case 'deny':
      await keepDecision(services.db, decided)
      throw new AppError('risk.denied')
    case 'challenge': {
      if (body.challengeCode !== undefined) {
        await passChallenge(services, actor, body.challengeCode)
        return null
      }
      if (!(await sendChallenge(services, actor, phone))) return reasons
      await keepDecision(services.db, decided)
      throw new AppError('risk.challenge')
    }
  }
}

/** What a member or the owner of a confirmation link gets; null for everybody else, who goes on to the phone. */
async function withoutPhone(services: DoorServices, attempt: Attempt, input: RegistrationInput): Promise<Answer | null> {
  const { actor, body, call, gate, at } = attempt
  const isOwnLink = gate.member_id !== null && gate.person_id === gate.channel_person_id
  if (gate.channel_kind === 'confirmation' && body.channelToken !== undefined && !(isOwnLink && gate.confirmed_at !== null)) {
    if (!isChannelOpen(gate, at)) throw new AppError('invite.closed')
    return null
  }
  if (gate.member_id === null || gate.confirmed_at === null) return null
  return registerMember(services, sessionSource(services.env, actor), input, call)
}

async function decide(services: DoorServices, attempt: Attempt, form: FormVersion, input: RegistrationInput): Promise<Answer> {
  const { actor, body, call, gate, at } = attempt
  const found = await withoutPhone(services, attempt, input)
  if (found !== null) return found
  // One use, and somebody of ours stands behind it: neither the rules of crowds nor a second check apply.
  const link = gate.channel_kind === 'confirmation' && body.channelToken !== undefined ? { token: body.channelToken } : null
  const confirmationOf = link ?? (gate.person_id === null ? null : { personId: gate.person_id })
  if (confirmationOf === null && gate.outcome === 'deny' && gate.verdict !== 'released') throw new AppError('risk.denied')
  const key = draftKeyOf(services.cipher, gate.draft_id !== null && gate.data_key_sealed !== null ? { draft_id: gate.draft_id, data_key_sealed: gate.data_key_sealed } : undefined)
  const phone = confirmationOf !== null && body.phoneCode === undefined && gate.phone_sealed === null ? null : await phoneFor(services, attempt, key, form)
  const formSeconds = gate.opened_at === null ? null : (at.getTime() - gate.opened_at.getTime()) / 1000
  const counted = await count(services, attempt, key, phone, formSeconds)
  const withPhone = { ...input, phone: phone?.phone ?? null }
  if (confirmationOf !== null) return confirmMember(services, actor, confirmationOf, withPhone, call)
  const held = await heldFor(services, attempt, withPhone.phone, counted, formSeconds)
  return registerMember(services, sessionSource(services.env, actor), { ...withPhone, heldFor: held }, call)
}

/**
 * The way of a person into the registration command: versions, answers, consent, phone, risk, in this order. The phone code is exchanged
 * here, because no network call may happen in a transaction, and at most once: it is sealed into the draft before anything else can refuse.
 * A repeat of an answered request gets the first answer, whatever has been used up since.
 */
export function registrationDoor(services: DoorServices): Door {
  /** Twins of one key in this process share one execution. */
  const running = new Map<string, Promise<Answer>>()

  async function once(request: RegistrationRequest): Promise<Answer> {
    const { actor, body, call } = request
    const at = services.now()
    const gate = await readGate(services, actor, body, call, at)
    if (gate.status !== null) {
      const replayed = await replayRegistration(services, call)
      if (replayed !== null) return replayed
    }
    const form = await formShown(services, body, gate.form_key, at)
    const { answers, sensitive } = confirmedAnswers(form, body)
    const versions = await standingVersions(services, gate, sensitive, at)
    const input: RegistrationInput = {
      phone: null, consentIds: body.consentIds, policyVersion: body.policyVersion, standingVersions: versions, formVersion: form.version,
      channelToken: body.channelToken, visitId: body.visitId, answers,
    }
    try {
      return await decide(services, { ...request, gate, at }, form, input)
    } catch (error) {
      // A twin in another process may have spent the code for this very key.
      const replayed = error instanceof AppError && error.code === 'phone.codeInvalid' ? await replayRegistration(services, call) : null
      if (replayed === null) throw error
      return replayed
    }
  }

  return (request) => {
    const { call } = request
    const twinKey = `${call.scope}|${call.key}|${call.requestHash.toString('base64')}`
    const twin = running.get(twinKey)
    if (twin) return twin
    const execution = once(request).finally(() => running.delete(twinKey))
    running.set(twinKey, execution)
    return execution
  }
}
