import { AppError } from '@qihui/shared/errors'
import type { BodyOf } from '@qihui/shared/http'
import { isHolding, type changeLegalHold, type LegalHold, type placeLegalHold } from '@qihui/shared/lifecycle'
import type { Tx } from '../../../db/pool.ts'
import type { StaffActor } from '../../../http/actor.ts'
import { newId } from '../../../security/newId.ts'
import type { Services } from '../../../services.ts'
import { insertAudit } from '../erasureTables.ts'
import { approveHold, insertHold, liftHold, lockHold, reviewHold, selectHold, selectPersonByNumber } from '../holdTables.ts'
import { presentHold, type HoldRow } from '../present.ts'

const dayMs = 86_400_000
/** A hold is looked at again after so many days (domain rules h 5). */
const reviewDays = 90

async function audited(tx: Tx, actor: StaffActor, what: string, holdId: string, at: Date, requestId: string): Promise<void> {
  await tx.run(insertAudit, [newId(), at, 'staff', actor.staffUserId, `legalHold.${what}`, `legalHold:${holdId}`, [], requestId])
}

async function read(tx: Tx, holdId: string, at: Date): Promise<LegalHold> {
  const [row] = await tx.run<HoldRow>(selectHold, [holdId])
  if (row === undefined) throw new AppError('request.notFound')
  return presentHold(row, at)
}

/** Keeps a person's data, or a class of data, from being purged from now on. @throws AppError `request.notFound` for a number no member has */
export async function placeHold({ db, now }: Pick<Services, 'db' | 'now'>, actor: StaffActor, { subject, reason, days }: BodyOf<typeof placeLegalHold>, requestId: string): Promise<LegalHold> {
  const at = now()
  return db.transaction(async (tx) => {
    const [person] = subject.scope === 'person' ? await tx.run<{ person_id: string }>(selectPersonByNumber, [subject.memberNo]) : []
    if (subject.scope === 'person' && person === undefined) throw new AppError('request.notFound', '没有这个会员号，请核对后再试')
    const holdId = newId()
    const expiresAt = new Date(at.getTime() + days * dayMs)
    const reviewAt = new Date(at.getTime() + reviewDays * dayMs)
    const dataClass = subject.scope === 'class' ? subject.dataClass : null
    await tx.run(insertHold, [holdId, subject.scope, person?.person_id ?? null, dataClass, reason, actor.staffUserId, at, expiresAt, reviewAt])
    await audited(tx, actor, 'placed', holdId, at, requestId)
    return read(tx, holdId, at)
  })
}

function requireChangeable(row: HoldRow, actor: StaffActor, change: BodyOf<typeof changeLegalHold>, at: Date): void {
  if (!isHolding({ expiresAt: row.expires_at.toISOString(), liftedAt: row.lifted_at?.toISOString() ?? null }, at.toISOString())) throw new AppError('hold.refused', '该保全已解除或到期')
  if (change.change === 'approve' && row.placed_by === actor.staffUserId) throw new AppError('hold.refused', '请由另一位管理员批准，不能批准自己设置的保全')
  if (change.change === 'approve' && row.approved_by !== null) throw new AppError('hold.refused', '该保全已被批准')
  if (change.change === 'lift' && (change.note ?? '').length < 4) throw new AppError('hold.refused', '请写明解除原因，至少 4 个字')
}

/** Approves, reviews or lifts a hold; each is audited. @throws AppError `request.notFound`, `hold.refused` */
export async function changeHold({ db, now }: Pick<Services, 'db' | 'now'>, actor: StaffActor, holdId: string, change: BodyOf<typeof changeLegalHold>, requestId: string): Promise<LegalHold> {
  const at = now()
  return db.transaction(async (tx) => {
    const [row] = await tx.run<HoldRow>(lockHold, [holdId])
    if (row === undefined) throw new AppError('request.notFound')
    requireChangeable(row, actor, change, at)
    const by = [holdId, actor.staffUserId, at]
    if (change.change === 'approve') await tx.run(approveHold, by)
    if (change.change === 'review') await tx.run(reviewHold, [...by, new Date(at.getTime() + reviewDays * dayMs)])
    if (change.change === 'lift') await tx.run(liftHold, [...by, change.note ?? ''])
    await audited(tx, actor, { approve: 'approved', review: 'reviewed', lift: 'lifted' }[change.change], holdId, at, requestId)
    return read(tx, holdId, at)
  })
}
