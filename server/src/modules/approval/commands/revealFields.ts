import type { ApprovalRefusal, revealFields as revealContract } from '@qihui/shared/approval'
import { AppError } from '@qihui/shared/errors'
import type { BodyOf, ResponseOf } from '@qihui/shared/http'
import type { Tx } from '../../../db/pool.ts'
import type { StaffActor } from '../../../http/actor.ts'
import type { Services } from '../../../services.ts'
import { auditActorOf, recordAudit } from '../../audit/steps.ts'
import { readForms } from '../../contact/readForms.ts'
import { openedFields } from '../openable.ts'
import { freshActor, holdApproval, refused, standingOf, takeStep } from '../steps.ts'
import { selectIsRevoked } from '../tables.ts'

type RevealServices = Pick<Services, 'db' | 'env' | 'now' | 'cipher' | 'forms'>
type Revealed = ResponseOf<typeof revealContract>
type Look = { readonly refusal: ApprovalRefusal } | { readonly revealed: Revealed }

/** What the fields are unsealed to stays inside until the audit row and the count are written in the same transaction. */
async function look(tx: Tx, services: RevealServices, staff: StaffActor, externalUserId: string, wish: BodyOf<typeof revealContract>, requestId: string): Promise<Look> {
  const actor = await freshActor(tx, services, staff)
  const row = await holdApproval(tx, wish.grantId)
  if (row === null || row.requester_id !== actor.staffUserId) throw new AppError('request.notFound')
  const at = services.now()
  const fieldKeys = [...new Set(wish.fieldKeys ?? row.field_keys)]
  const standing = await standingOf(tx, actor, externalUserId)
  const mayAsk = standing?.rights.may({ action: 'create', subject: 'Approval' }, { relation: standing.relation }) === true
  const opened = standing !== null && mayAsk ? openedFields(services.cipher, standing, fieldKeys.filter((key) => row.field_keys.includes(key)), await readForms(services, standing.subject.answers)) : null
  const personId = standing?.subject.person_id ?? ''
  const refusal = await takeStep(tx, row, { kind: 'view', by: actor.staffUserId, sessionId: actor.sessionId ?? '', personId, fieldKeys, isInReach: opened !== null }, at)
  const outcome = refusal === null ? 'shown' : 'refused'
  await recordAudit(tx, { at, actor: auditActorOf(actor), action: 'field.reveal', subject: `approval:${wish.grantId}`, personIds: [row.person_id], fields: fieldKeys, outcome, requestId })
  if (refusal !== null || opened === null) return { refusal: refusal ?? 'outOfReach' }
  const fields = opened.map(({ key, label, type, value }) => ({ key, label, type, value }))
  const watermark = { staffUserId: actor.staffUserId, name: actor.name, at: at.toISOString() }
  return { revealed: { fields, openUntil: (row.open_until ?? at).toISOString(), viewsLeft: row.max_views - row.views - 1, watermark } }
}

/**
 * Shows approved fields once (R86, domain rules i 3). Rights, scope, hand-over, session, person, time and views are looked at anew; the audit
 * row and the count commit before anything is answered, refusals are audited too. A grant taken back while the look was under way shows
 * nothing: revoke wins.
 * @throws AppError `request.notFound` (not one's own grant), `approval.notOpen`, `audit.unavailable`
 */
export async function revealFields(services: RevealServices, staff: StaffActor, externalUserId: string, wish: BodyOf<typeof revealContract>, requestId: string): Promise<Revealed> {
  const done = await services.db.transaction((tx) => look(tx, services, staff, externalUserId, wish, requestId))
  if ('refusal' in done) throw refused(done.refusal)
  const [after] = await services.db.run<{ is_revoked: boolean }>(selectIsRevoked, [wish.grantId])
  if (after?.is_revoked !== false) throw refused('notOpen')
  return done.revealed
}
