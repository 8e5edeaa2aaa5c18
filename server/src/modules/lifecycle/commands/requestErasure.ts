import { randomUUID } from 'node:crypto'
import { AppError } from '@qihui/shared/errors'
import type { MemberActor } from '../../../http/actor.ts'
import { newId } from '../../../security/newId.ts'
import type { Services } from '../../../services.ts'
import { columnsOf } from '../../identity/steps.ts'
import { sessionIdentifiers } from '../../member/sessionIdentifiers.ts'
import { insertAudit } from '../erasureTables.ts'
import { restrictPerson } from '../restrictSteps.ts'
import { selectOwnMember } from '../ownTables.ts'

/**
 * The person behind a session leaves: restricted in this transaction, erased by a job (PIPL 47). @returns the number they keep
 * @throws AppError `member.notFound`
 */
export async function requestErasure({ db, now, env }: Pick<Services, 'db' | 'now' | 'env'>, actor: MemberActor, requestId: string): Promise<string> {
  const at = now()
  return db.transaction(async (tx) => {
    const [member] = await tx.run<{ person_id: string }>(selectOwnMember, columnsOf(sessionIdentifiers(env, actor)))
    if (member === undefined) throw new AppError('member.notFound')
    const erasureId = await restrictPerson(tx, env, { erasureId: randomUUID(), reason: 'request', personId: member.person_id }, at)
    await tx.run(insertAudit, [newId(), at, 'member', 'self', 'erasure.requested', `erasure:${erasureId}`, [], requestId])
    return erasureId
  })
}
