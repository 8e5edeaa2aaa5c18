import { approvalAt } from '@qihui/shared/approval'
import { abilityFor, roleRights, roles, type RoleGrant } from '@qihui/shared/rights'
import { handle, type JobHandler } from '../../jobs/handle.ts'
import type { Services } from '../../services.ts'
import { standings } from '../contact/policy.ts'
import { readHierarchy } from './hierarchy.ts'
import { tellApprovers } from './jobs.ts'
import { approvalOf } from './steps.ts'
import { markTold, selectApprovers, selectUntold } from './tables.ts'
import type { ApprovalRow } from './types.ts'

type ApprovalJobServices = Pick<Services, 'db' | 'env' | 'now' | 'log' | 'wecom'>

interface CandidateRow {
  readonly staff_user_id: string
  readonly department_ids: readonly number[]
  readonly department_tree_ids: readonly number[]
  readonly grants: readonly RoleGrant[]
  readonly standing: 0 | 1 | 2 | 3
}

const approve = { action: 'approve', subject: 'Approval' } as const
const approvingRoles = roles.filter((role) => roleRights[role].some(({ action, subject }) => action === approve.action && subject === approve.subject))
/** WeCom's limit for one message (document 90236). */
const maxReceivers = 1_000

/** Neither the customer nor the requester nor a field is named: a message rests on a lock screen. */
const words = {
  decision: { title: '有一条查看申请等待审批', text: '同事申请查看客户的敏感信息，24 小时内无人处理将自动失效。请点击查看并处理。' },
  secondDecision: { title: '有一条查看申请还需要第二人审批', text: '同事申请查看客户的敏感信息，已有一人同意，还需要另一人审批，超过 24 小时未处理将自动失效。请点击查看并处理。' },
  review: { title: '有一次紧急查看等待复核', text: '同事未经审批紧急查看了客户的敏感信息，请在 24 小时内复核。' },
} as const

/** Whoever may decide about it now: the same rights, reach and hierarchy that the decision itself asks. */
async function approversOf({ db }: ApprovalJobServices, row: ApprovalRow): Promise<string[]> {
  const candidates = await db.run<CandidateRow>(selectApprovers, [row.external_user_id, approvingRoles])
  const hierarchy = await readHierarchy(db, [row.requester_id, ...candidates.map((candidate) => candidate.staff_user_id)])
  return candidates
    .filter(({ staff_user_id: staffUserId, department_ids: departmentIds, department_tree_ids: departmentTreeIds, grants, standing }) => {
      if (staffUserId === row.requester_id || row.approver_ids.includes(staffUserId) || hierarchy.isSubordinate(staffUserId, row.requester_id)) return false
      return abilityFor({ grants, departmentIds, departmentTreeIds }).may(approve, { relation: standings[standing] })
    })
    .map((candidate) => candidate.staff_user_id)
}

async function tell(services: ApprovalJobServices, approvalId: string): Promise<void> {
  const { db, env, now, log, wecom } = services
  const [row] = await db.run<ApprovalRow>(selectUntold, [approvalId])
  if (row === undefined) return
  const isWaiting = approvalAt(approvalOf(row), now()).state === 'requested'
  if (!isWaiting && !(row.is_break_glass && row.reviewed_at === null)) return
  const staffUserIds = (await approversOf(services, row)).slice(0, maxReceivers)
  if (staffUserIds.length === 0) {
    log.warn({ alert: 'noApprover', approvalId }, 'nobody may decide about a request that waits')
    return
  }
  // The address differs by request, so that WeCom takes two requests for two messages, and a repeat of one for the same.
  await wecom.sendAppMessage({ staffUserIds, ...words[!isWaiting ? 'review' : row.approver_ids.length > 0 ? 'secondDecision' : 'decision'], url: `${env.publicUrl}/sidebar/?approval=${approvalId}` })
  await db.run(markTold, [approvalId, now()])
}

/** The job door of the second approval. */
export function approvalHandlers(services: ApprovalJobServices): JobHandler[] {
  return [handle(tellApprovers, ({ approvalId }) => tell(services, approvalId))]
}
