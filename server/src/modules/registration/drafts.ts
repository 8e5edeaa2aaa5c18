import { AppError } from '@qihui/shared/errors'
import { readAnswers, type RawAnswers, type saveDraft as saveDraftContract, type getDraft as getDraftContract } from '@qihui/shared/form'
import type { BodyOf, ResponseOf } from '@qihui/shared/http'
import { maskValue, memberFields } from '@qihui/shared/member'
import type { MemberActor } from '../../http/actor.ts'
import { newId } from '../../security/newId.ts'
import type { DataKey, FieldCipher, Place } from '../../security/fieldCipher.ts'
import type { Services } from '../../services.ts'
import { parsers } from '../form/parsers.ts'
import { selectDraft, selectSessionConsents, upsertDraft } from './draftTables.ts'

/** What was typed, and a verified phone, wait this long for the person to come back, milliseconds. */
export const draftTtlMs = 24 * 60 * 60 * 1000

const draftPlace = (draftId: string, column: 'data_key_sealed' | 'answers_sealed' | 'phone_sealed'): Place => ({ table: 'registration_draft', column, rowId: draftId })

/** A draft's key: of its own, so that deleting the row deletes what it held. */
export interface DraftKey {
  readonly draftId: string
  readonly dataKey: DataKey
}

/** The key of a stored draft, or a new one. */
export function draftKeyOf(cipher: FieldCipher, stored: { readonly draft_id: string; readonly data_key_sealed: Buffer } | undefined): DraftKey {
  const draftId = stored?.draft_id ?? newId()
  const place = draftPlace(draftId, 'data_key_sealed')
  return { draftId, dataKey: stored === undefined ? cipher.newDataKey(place) : { key: cipher.openDataKey(place, stored.data_key_sealed), sealed: stored.data_key_sealed } }
}

export function sealDraftPhone(cipher: FieldCipher, { draftId, dataKey }: DraftKey, phone: string): Buffer {
  return cipher.seal(draftPlace(draftId, 'phone_sealed'), phone, dataKey.key)
}

export function openDraftPhone(cipher: FieldCipher, { draftId, dataKey }: DraftKey, sealed: Buffer): string {
  return cipher.open(draftPlace(draftId, 'phone_sealed'), sealed, dataKey.key)
}

interface DraftRow {
  readonly draft_id: string
  readonly channel_token: string | null
  readonly form_version: string | null
  readonly data_key_sealed: Buffer
  readonly answers_sealed: Buffer | null
  readonly phone_sealed: Buffer | null
  readonly challenge_expires_at: Date | null
}
interface ConsentRow {
  readonly consent_id: string
  readonly purpose: string
  readonly policy_version: string
  readonly granted_at: Date
}

/**
 * Keeps what somebody has filled in so far and says how it was understood. Unreadable answers are kept as they were typed, unknown ones are not.
 * @throws AppError `form.outdated`
 */
export async function saveDraft(services: Pick<Services, 'db' | 'now' | 'cipher' | 'forms'>, actor: MemberActor, body: BodyOf<typeof saveDraftContract>): Promise<ResponseOf<typeof saveDraftContract>> {
  const { db, cipher, forms } = services
  const at = services.now()
  const form = await forms.find(body.formVersion)
  if (form === null || !(await forms.accepts(form.version, form.formKey, at))) throw new AppError('form.outdated')
  const read = readAnswers(form.definition, body.answers, parsers)
  const unknown = new Set(read.problems.filter(({ kind }) => kind === 'unknown').map(({ key }) => key))
  const kept = Object.entries(body.answers).filter(([key, value]) => value !== null && !unknown.has(key))
  const [stored] = await db.run<DraftRow>(selectDraft, [actor.namespace, actor.openId, at])
  const { draftId, dataKey } = draftKeyOf(cipher, stored)
  const answersSealed = cipher.seal(draftPlace(draftId, 'answers_sealed'), JSON.stringify(Object.fromEntries(kept)), dataKey.key)
  const expiresAt = new Date(at.getTime() + draftTtlMs)
  await db.run(upsertDraft, [actor.namespace, actor.openId, draftId, body.channelToken ?? null, form.version, dataKey.sealed, answersSealed, at, expiresAt])
  return {
    echo: read.echo.map(({ key, label, shown }) => ({ key, label, shown })),
    // What is missing may still come: only what cannot stand is said now.
    problems: read.problems.filter(({ kind }) => kind !== 'missing').map(({ key, message }) => ({ key, message })),
  }
}

async function standingConsents({ db, policies }: Pick<Services, 'db' | 'policies'>, actor: MemberActor, at: Date): Promise<ConsentRow[]> {
  const rows = await db.run<ConsentRow>(selectSessionConsents, [actor.namespace, actor.openId])
  const newest = new Map<string, ConsentRow>()
  for (const row of rows) {
    if (newest.has(row.purpose) || (await policies.needsRenewal(row.policy_version, at))) continue
    newest.set(row.purpose, row)
  }
  return [...newest.values()].slice(0, 10)
}

/** Where somebody left off, so that neither consent nor phone is asked for again; null when there is nothing. */
export async function getDraft(services: Pick<Services, 'db' | 'now' | 'cipher' | 'policies'>, actor: MemberActor): Promise<ResponseOf<typeof getDraftContract>> {
  const { db, cipher } = services
  const at = services.now()
  const [row] = await db.run<DraftRow>(selectDraft, [actor.namespace, actor.openId, at])
  const consents = await standingConsents(services, actor, at)
  if (row === undefined && consents.length === 0) return { draft: null }
  const key = row && draftKeyOf(cipher, row)
  const phone = row?.phone_sealed && key ? openDraftPhone(cipher, key, row.phone_sealed) : null
  const answers = row?.answers_sealed && key ? cipher.open(draftPlace(key.draftId, 'answers_sealed'), row.answers_sealed, key.dataKey.key) : '{}'
  return {
    draft: {
      channelToken: row?.channel_token ?? null,
      formVersion: row?.form_version ?? null,
      // Written by us a while ago, from answers that had passed the contract.
      answers: Object.fromEntries(Object.entries(JSON.parse(answers) as RawAnswers).filter((each): each is [string, string | number | boolean] => each[1] !== null)),
      consentIds: consents.map(({ consent_id: consentId }) => consentId),
      consentedAt: consents.find(({ purpose }) => purpose === 'membership')?.granted_at.toISOString() ?? null,
      hasPhone: phone !== null,
      phoneMasked: phone === null ? null : maskValue(memberFields.phone.mask, phone),
      isChallenged: row?.challenge_expires_at != null && row.challenge_expires_at > at,
    },
  }
}
