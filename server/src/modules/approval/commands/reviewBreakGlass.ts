import type { ApprovalView, reviewBreakGlass as reviewContract } from '@qihui/shared/approval'
import { AppError } from '@qihui/shared/errors'
import type { BodyOf } from '@qihui/shared/http'
import type { StaffActor } from '../../../http/actor.ts'
import type { Services } from '../../../services.ts'
import { auditActorOf, recordAudit } from '../../audit/steps.ts'
import { readHierarchy } from '../hierarchy.ts'
import { presentApproval } from '../present.ts'
import { freshActor, holdApproval, mayApproveNow, readListed } from '../steps.ts'
import { updateReview } from '../tables.ts'

/** Another person's look at an emergency (domain rules i 5). @throws AppError `request.notFound`, `approval.selfDecision`, `approval.subordinateDecision`, `approval.changed` (reviewed already) */
export async function reviewBreakGlass(
  services: Pick<Services, 'db' | 'env' | 'now' | 'cipher'>,
  staff: StaffActor,
  approvalId: string,
  { verdict, note }: BodyOf<typeof reviewContract>,
  requestId: string,
): Promise<ApprovalView> {
  return services.db.transaction(async (tx) => {
    const actor = await freshActor(tx, services, staff)
    const row = await holdApproval(tx, approvalId)
    if (row === null || !row.is_break_glass) throw new AppError('request.notFound')
    if (row.requester_id === actor.staffUserId) throw new AppError('approval.selfDecision')
    if (!(await mayApproveNow(tx, actor, row.external_user_id))) throw new AppError('request.notFound')
    const hierarchy = await readHierarchy(tx, [actor.staffUserId, row.requester_id])
    if (hierarchy.isSubordinate(actor.staffUserId, row.requester_id)) throw new AppError('approval.subordinateDecision')
    if (row.reviewed_at !== null) throw new AppError('approval.changed')
    const at = services.now()
    await tx.run(updateReview, [approvalId, verdict, actor.staffUserId, at, note])
    await recordAudit(tx, { at, actor: auditActorOf(actor), action: 'approval.review', subject: `approval:${approvalId}`, personIds: [row.person_id], fields: [verdict], requestId })
    return presentApproval(services.cipher, await readListed(tx, actor, approvalId), actor, at, hierarchy)
  })
}
