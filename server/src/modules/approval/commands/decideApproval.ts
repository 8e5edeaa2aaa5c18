import type { ApprovalView, decideApproval as decideContract } from '@qihui/shared/approval'
import { AppError } from '@qihui/shared/errors'
import type { BodyOf } from '@qihui/shared/http'
import type { StaffActor } from '../../../http/actor.ts'
import type { Services } from '../../../services.ts'
import { auditActorOf, recordAudit } from '../../audit/steps.ts'
import { readHierarchy } from '../hierarchy.ts'
import { presentApproval } from '../present.ts'
import { freshActor, holdApproval, mayApproveNow, readListed, refused, takeStep } from '../steps.ts'

/**
 * The second person's word. Two who decide at once decide one after the other, and the later one is told.
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
    return presentApproval(services.cipher, await readListed(tx, actor, approvalId), actor, at, hierarchy)
  })
}
