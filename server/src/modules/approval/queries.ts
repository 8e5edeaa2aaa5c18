import type { ApprovalDesk, ApprovalView, listApprovals as listContract, listContactApprovals as contactContract } from '@qihui/shared/approval'
import { answerHours } from '@qihui/shared/approval'
import type { ResponseOf } from '@qihui/shared/http'
import { scopes, type Permission } from '@qihui/shared/rights'
import type { StaffActor } from '../../http/actor.ts'
import type { Services } from '../../services.ts'
import { readHierarchy } from './hierarchy.ts'
import { mayBreakGlass } from './policy.ts'
import { presentApproval } from './present.ts'
import { standingOf } from './steps.ts'
import { selectAlerts, selectInReach, selectOwn } from './tables.ts'
import type { ListedRow } from './types.ts'

type QueryServices = Pick<Services, 'db' | 'env' | 'now' | 'cipher'>

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const limits = { ofContact: 20, mine: 50, forMe: 50, recent: 200 }
const [recentDays, reviewDays, alertDays] = [30, 90, 7]

function ago({ now }: Pick<Services, 'now'>, ms: number): Date {
  return new Date(now().getTime() - ms)
}

async function present(services: QueryServices, actor: StaffActor, rows: readonly ListedRow[]): Promise<ApprovalView[]> {
  if (rows.length === 0) return []
  const hierarchy = await readHierarchy(services.db, [actor.staffUserId, ...rows.map((row) => row.requester_id)])
  return rows.map((row) => presentApproval(services.cipher, row, actor, services.now(), hierarchy))
}

async function own(services: QueryServices, actor: StaffActor, externalUserId: string | null, limit: number): Promise<ApprovalView[]> {
  const { departmentIds, departmentTreeIds } = actor.rights.facts
  const rows = await services.db.run<ListedRow>(selectOwn, [actor.staffUserId, departmentIds, departmentTreeIds, ago(services, dayMs), externalUserId, limit])
  return present(services, actor, rows)
}

/** Requests as far as a right reaches; none when it is not held. */
async function inReach(services: QueryServices, actor: StaffActor, permission: Permission, which: 'waiting' | 'review' | 'all', sinceMs: number, limit: number): Promise<ApprovalView[]> {
  const rights = actor.rights
  const reach = rights.reachOf(permission)
  if (reach === null) return []
  const { departmentIds, departmentTreeIds } = rights.facts
  const rows = await services.db.run<ListedRow>(selectInReach, [actor.staffUserId, departmentIds, departmentTreeIds, ago(services, sinceMs), scopes.indexOf(reach), limit, which])
  return present(services, actor, rows)
}

/** One's own requests about one customer, of the last day. */
export async function listContactApprovals(services: QueryServices, actor: StaffActor, externalUserId: string): Promise<ResponseOf<typeof contactContract>> {
  const standing = await standingOf(services.db, actor, externalUserId)
  return {
    approvals: await own(services, actor, externalUserId, limits.ofContact),
    mayBreakGlass: standing !== null && mayBreakGlass(standing.rights, standing.relation, services.env.breakGlassRoles),
  }
}

/** What waits for one's decision, oldest first, and one's own requests. */
export async function listApprovals(services: QueryServices, actor: StaffActor): Promise<ResponseOf<typeof listContract>> {
  const waiting = await inReach(services, actor, { action: 'approve', subject: 'Approval' }, 'waiting', answerHours * hourMs, limits.forMe)
  return { forMe: waiting.filter(({ canDecide }) => canDecide), mine: await own(services, actor, null, limits.mine) }
}

/** The console's page: as far as the viewer may read requests. What looks odd is told to whoever reads the whole company's. */
export async function listApprovalDesk(services: QueryServices, actor: StaffActor): Promise<ApprovalDesk> {
  const read = { action: 'read', subject: 'Approval' } as const
  const seesAll = actor.rights.reachOf(read) === 'all'
  return {
    waiting: await inReach(services, actor, read, 'waiting', answerHours * hourMs, limits.forMe),
    toReview: await inReach(services, actor, read, 'review', reviewDays * dayMs, limits.forMe),
    recent: await inReach(services, actor, read, 'all', recentDays * dayMs, limits.recent),
    alerts: seesAll ? await services.db.run<ApprovalDesk['alerts'][number]>(selectAlerts, [ago(services, alertDays * dayMs)]) : [],
  }
}
