import { approversNeeded, newApproval, type Approval, type requestApproval as requestContract } from '@qihui/shared/approval'
import { AppError } from '@qihui/shared/errors'
import type { BodyOf, ResponseOf } from '@qihui/shared/http'
import type { Tx } from '../../../db/pool.ts'
import type { StaffActor } from '../../../http/actor.ts'
import { enqueue } from '../../../jobs/enqueue.ts'
import { newId } from '../../../security/newId.ts'
import type { Services } from '../../../services.ts'
import { auditActorOf, recordAudit } from '../../audit/steps.ts'
import { readForms } from '../../contact/readForms.ts'
import { insertAlarms } from '../../risk/tables.ts'
import { tellApprovers } from '../jobs.ts'
import { askableFields } from '../openable.ts'
import { mayBreakGlass } from '../policy.ts'
import { freshActor, standingOf } from '../steps.ts'
import { countPersons, insertApproval, lockRequester } from '../tables.ts'

type Wish = BodyOf<typeof requestContract>
const dayMs = 86_400_000

/** Loud on purpose (domain rules i 5): an alarm in the console beside the audit. Names no value and no customer. */
async function raiseAlarm(tx: Tx, approvalId: string, actor: StaffActor, at: Date): Promise<void> {
  await tx.run(insertAlarms, [[`breakGlass:${approvalId}`], at, [`${actor.name}未经审批紧急打开了敏感信息，请在 24 小时内到“敏感信息审批”复核`]])
}

async function insert(tx: Tx, approvalId: string, externalUserId: string, labels: readonly string[], wish: Wish, approval: Approval): Promise<void> {
  const { requesterId, sessionId, personId, fieldKeys, minutes, maxViews, neededApprovers, isBreakGlass, state, requestedAt, openUntil } = approval
  const values = [approvalId, requesterId, Buffer.from(sessionId, 'hex'), externalUserId, personId, fieldKeys, labels, wish.purpose, wish.note]
  await tx.run(insertApproval, [...values, minutes, maxViews, neededApprovers, isBreakGlass, state, requestedAt, openUntil])
}

/**
 * Asks to see fields of a customer (R86); only what the viewer knows of and does not see can be asked for. More than 20 persons within a
 * day need two approvers each. Whoever may decide is told by a message. An emergency opens at once, for named roles alone (`BREAK_GLASS_ROLES`), and raises an alarm.
 * @throws AppError `contact.notFollowing`, `approval.notOpenable`, `approval.emergencyDenied`
 */
export async function requestApproval(
  services: Pick<Services, 'db' | 'env' | 'now' | 'cipher' | 'forms' | 'log'>,
  staff: StaffActor,
  externalUserId: string,
  wish: Wish,
  requestId: string,
): Promise<ResponseOf<typeof requestContract>> {
  const { db, env, cipher, log } = services
  const isBreakGlass = wish.isBreakGlass ?? false
  const asked = await db.transaction(async (tx) => {
    const actor = await freshActor(tx, services, staff)
    await tx.run(lockRequester, [actor.staffUserId])
    const standing = await standingOf(tx, actor, externalUserId)
    if (standing === null || !standing.rights.may({ action: 'create', subject: 'Approval' }, { relation: standing.relation })) throw new AppError('contact.notFollowing')
    if (isBreakGlass && !mayBreakGlass(standing.rights, standing.relation, env.breakGlassRoles)) throw new AppError('approval.emergencyDenied')
    const askable = new Map(askableFields(cipher, standing, await readForms(services, standing.subject.answers)).map(({ key, label }) => [key, label]))
    const fieldKeys = [...new Set(wish.fieldKeys)]
    const labels = fieldKeys.flatMap((key) => askable.get(key) ?? [])
    if (labels.length < fieldKeys.length) throw new AppError('approval.notOpenable')
    const at = services.now()
    const personId = standing.subject.person_id
    const [counted] = await tx.run<{ persons: number }>(countPersons, [actor.staffUserId, personId, new Date(at.getTime() - dayMs)])
    const approvalId = newId()
    const { minutes, maxViews } = wish
    const approval = newApproval(
      { requesterId: actor.staffUserId, sessionId: actor.sessionId ?? '', personId, fieldKeys, minutes, maxViews, neededApprovers: approversNeeded(counted?.persons ?? 1), isBreakGlass },
      at,
    )
    await insert(tx, approvalId, externalUserId, labels, wish, approval)
    await enqueue(tx, tellApprovers, { approvalId })
    if (isBreakGlass) await raiseAlarm(tx, approvalId, actor, at)
    const action = isBreakGlass ? 'approval.breakGlass' : 'approval.request'
    await recordAudit(tx, { at, actor: auditActorOf(actor), action, subject: `approval:${approvalId}`, personIds: [personId], fields: fieldKeys, requestId })
    return { approvalId, state: isBreakGlass ? ('approved' as const) : ('requested' as const), neededApprovers: approval.neededApprovers }
  })
  if (isBreakGlass) log.warn({ alert: 'breakGlass', approvalId: asked.approvalId, staffUserId: staff.staffUserId, requestId }, 'sensitive fields were opened without an approval')
  return asked
}
