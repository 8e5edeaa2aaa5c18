import type { ApprovalView } from '@qihui/shared/approval'
import { AppError } from '@qihui/shared/errors'
import type { StaffActor } from '../../../http/actor.ts'
import type { Services } from '../../../services.ts'
import { auditActorOf, recordAudit } from '../../audit/steps.ts'
import { readHierarchy } from '../hierarchy.ts'
import { presentApproval } from '../present.ts'
import { freshActor, holdApproval, mayApproveNow, readListed, refused, takeStep } from '../steps.ts'

/**
 * Ends a request that waits (`cancel`, by its requester) or a grant that lives (`revoke`, by its requester or whoever may approve it).
 * Needs no version: a look that counts meanwhile must not save the grant.
 * @throws AppError `request.notFound`, `approval.changed` (over already)
 */
export async function endApproval(
  services: Pick<Services, 'db' | 'env' | 'now' | 'cipher'>,
  staff: StaffActor,
  approvalId: string,
  kind: 'cancel' | 'revoke',
  requestId: string,
): Promise<ApprovalView> {
  return services.db.transaction(async (tx) => {
    const actor = await freshActor(tx, services, staff)
    const row = await holdApproval(tx, approvalId)
    if (row === null) throw new AppError('request.notFound')
    const at = services.now()
    const by = actor.staffUserId
    const act = kind === 'cancel' ? ({ kind, by } as const) : ({ kind, by, mayApprove: await mayApproveNow(tx, actor, row.external_user_id) } as const)
    const refusal = await takeStep(tx, row, act, at)
    if (refusal !== null) throw refused(refusal)
    await recordAudit(tx, { at, actor: auditActorOf(actor), action: `approval.${kind}`, subject: `approval:${approvalId}`, personIds: [row.person_id], fields: row.field_keys, requestId })
    return presentApproval(services.cipher, await readListed(tx, actor, approvalId), actor, at, await readHierarchy(tx, [by, row.requester_id]))
  })
}
