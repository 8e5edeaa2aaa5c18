import type { ApprovalView, decideApproval as decideContract } from '@qihui/shared/approval'
import { AppError } from '@qihui/shared/errors'
import type { BodyOf } from '@qihui/shared/http'
import type { StaffActor } from '../../../http/actor.ts'
import { enqueue } from '../../../jobs/enqueue.ts'
import type { Services } from '../../../services.ts'
import { auditActorOf, recordAudit } from '../../audit/steps.ts'
import { readHierarchy } from '../hierarchy.ts'
import { tellApprovers } from '../jobs.ts'
import { presentApproval } from '../present.ts'
import { freshActor, holdApproval, mayApproveNow, readListed, refused, takeStep } from '../steps.ts'

/**
 * The second person's word. Two who decide at once decide one after the other, and the later one is told. Where two are needed, the
 * first one's yes has those who may still decide told again.
 * @throws AppError `request.notFound` (not there, or out of reach), `approval.selfDecision`, `approval.subordinateDecision`, `approval.changed`
 */
export async function decideApproval(
  services: Pick<Services, 'db' | 'env' | 'now' | 'cipher'>,
  staff: StaffActor,
  approvalId: string,
  { verdict, version }: BodyOf<typeof decideContract>,
  requestId: string,
): Promise<ApprovalView> {
  return services.db.transaction(async (tx) => {
    const actor = await freshActor(tx, services, staff)
    const row = await holdApproval(tx, approvalId)
    if (row === null) throw new AppError('request.notFound')
    const at = services.now()
    const mayApprove = await mayApproveNow(tx, actor, row.external_user_id)
    const hierarchy = await readHierarchy(tx, [actor.staffUserId, row.requester_id])
    const isSubordinate = hierarchy.isSubordinate(actor.staffUserId, row.requester_id)
    const refusal = await takeStep(tx, row, { kind: verdict, by: actor.staffUserId, version, mayApprove, isSubordinate }, at)
    if (refusal !== null) throw refused(refusal)
    const event = { at, actor: auditActorOf(actor), action: `approval.${verdict}`, subject: `approval:${approvalId}`, personIds: [row.person_id], fields: row.field_keys, requestId }
    await recordAudit(tx, event)
    const decided = await readListed(tx, actor, approvalId)
    if (decided.state === 'requested') await enqueue(tx, tellApprovers, { approvalId })
    return presentApproval(services.cipher, decided, actor, at, hierarchy)
  })
}
