import { opennessOf } from '@qihui/shared/channel'
import { AppError } from '@qihui/shared/errors'
import { defaultFormKey, readAnswers, unconfirmedKeys, type Answers, type FormVersion, type RawAnswers } from '@qihui/shared/form'
import type { registerMember as registerMemberContract } from '@qihui/shared/member'
import type { RiskOutcome } from '@qihui/shared/risk'
import type { InferOutput } from 'valibot'
import type { MemberActor } from '../../http/actor.ts'
import type { IdempotentCall } from '../../http/idempotency.ts'
import type { Services } from '../../services.ts'
import { parsers } from '../form/parsers.ts'
import { sessionIdentifiers } from '../member/sessionIdentifiers.ts'
import { selectGates } from './draftTables.ts'

export type RegistrationBody = InferOutput<typeof registerMemberContract.body>

interface ConsentFact {
  readonly purpose: string
  readonly policyVersion: string
}

/** What the door reads before it lets anybody in; absent rows are null. */
export interface GateRow {
  readonly status: number | null
  readonly consents: readonly ConsentFact[] | null
  readonly member_id: string | null
  readonly person_id: string | null
  readonly confirmed_at: Date | null
  readonly draft_id: string | null
  readonly data_key_sealed: Buffer | null
  readonly phone_sealed: Buffer | null
  readonly channel_id: string | null
  readonly channel_kind: string | null
  readonly form_key: string | null
  readonly staff_user_id: string | null
  readonly channel_person_id: string | null
  readonly revoked_at: Date | null
  readonly expires_at: Date | null
  readonly max_registrations: number | null
  readonly counted_registrations: number | null
  readonly opened_at: Date | null
  readonly outcome: RiskOutcome | null
  readonly verdict: 'released' | 'confirmed' | null
  readonly allowed: number | null
}

export async function readGate({ db, env }: Pick<Services, 'db' | 'env'>, actor: MemberActor, body: RegistrationBody, call: IdempotentCall, at: Date): Promise<GateRow> {
  const shown = sessionIdentifiers(env, actor)
  const [row] = await db.runInSet<GateRow>(selectGates, {
    scope: call.scope, key: call.key, namespaces: shown.map(({ namespace }) => namespace), ids: shown.map(({ value }) => value),
    namespace: actor.namespace, open_id: actor.openId, consent_ids: body.consentIds, channel_token: body.channelToken, visit_id: body.visitId, at,
  })
  if (row === undefined) throw new Error('the gate gave no row')
  return row
}

/** Whether the channel of this registration still brings members; no channel at all is fine. */
export function isChannelOpen(gate: GateRow, at: Date): boolean {
  const limits = { revokedAt: gate.revoked_at, expiresAt: gate.expires_at, maxRegistrations: gate.max_registrations, countedRegistrations: gate.counted_registrations ?? 0 }
  return gate.channel_id === null || opennessOf(limits, at) === 'open'
}

/** @throws AppError `consent.policyOutdated`, `form.outdated` when something else was on the screen than what counts */
export async function formShown({ forms, policies }: Pick<Services, 'forms' | 'policies'>, body: Pick<RegistrationBody, 'policyVersion' | 'formVersion'>, formKey: string | null, at: Date): Promise<FormVersion> {
  if (await policies.needsRenewal(body.policyVersion, at)) throw new AppError('consent.policyOutdated')
  const form = await forms.find(body.formVersion)
  if (form === null || !(await forms.accepts(form.version, formKey ?? defaultFormKey, at))) throw new AppError('form.outdated')
  return form
}

/** Answers by one version of a form. @throws AppError `request.invalid` with a line per field that has to change */
function answersBy(form: FormVersion, raw: RawAnswers, options: { readonly isPartial?: boolean } = {}): ReturnType<typeof readAnswers> {
  const read = readAnswers(form.definition, raw, parsers)
  const problems = read.problems.filter(({ kind }) => !(options.isPartial && kind === 'missing'))
  if (problems.length > 0) throw new AppError('request.invalid', undefined, problems.map(({ key, message }) => ({ path: `body.answers.${key}`, message })))
  return read
}

/**
 * What somebody else knows of a person: it may be incomplete, and nothing sensitive, which needs the person's own consent (PIPL 29).
 * @throws AppError `request.invalid`
 */
export function answersByOthers(form: FormVersion, raw: RawAnswers): Answers {
  const { answers, sensitive } = answersBy(form, raw, { isPartial: true })
  if (sensitive.length > 0) throw new AppError('request.invalid', undefined, sensitive.map((key) => ({ path: `body.answers.${key}`, message: '敏感信息只能由本人填写' })))
  return answers
}

/** Answers of the person, with what they confirmed of them. @throws AppError `request.invalid`, `form.unconfirmed` */
export function confirmedAnswers(form: FormVersion, body: Pick<RegistrationBody, 'answers' | 'confirmed'>): { readonly answers: Answers; readonly sensitive: readonly string[] } {
  const read = answersBy(form, body.answers)
  const unconfirmed = unconfirmedKeys(read, body.confirmed)
  if (unconfirmed.length > 0) {
    throw new AppError('form.unconfirmed', undefined, unconfirmed.map((key) => ({ path: `body.answers.${key}`, message: '请核对系统理解的内容并确认' })))
  }
  return read
}

/**
 * The policy versions whose consents count, once all needed ones are there: the membership, and each sensitive field that was answered.
 * @throws AppError `consent.required`
 */
export async function standingVersions({ policies }: Pick<Services, 'policies'>, gate: GateRow, sensitive: readonly string[], at: Date): Promise<string[]> {
  const standing: ConsentFact[] = []
  for (const consent of gate.consents ?? []) if (!(await policies.needsRenewal(consent.policyVersion, at))) standing.push(consent)
  const given = new Set(standing.map(({ purpose }) => purpose))
  if (!given.has('membership')) throw new AppError('consent.required')
  const missing = sensitive.filter((key) => !given.has(`sensitive:${key}`))
  if (missing.length > 0) throw new AppError('consent.required', '填写敏感信息前，请先单独同意', missing.map((key) => ({ path: `body.answers.${key}`, message: '请先单独同意收集此项敏感信息，或留空' })))
  return [...new Set(standing.map(({ policyVersion }) => policyVersion))]
}
