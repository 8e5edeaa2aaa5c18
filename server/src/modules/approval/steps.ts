import { approvalAfter, type Approval, type ApprovalAct, type ApprovalRefusal, type ApprovalState } from '@qihui/shared/approval'
import { AppError, type ErrorCode } from '@qihui/shared/errors'
import type { Relation, Rights } from '@qihui/shared/rights'
import type { Tx } from '../../db/pool.ts'
import type { StaffActor } from '../../http/actor.ts'
import { standings } from '../contact/policy.ts'
import { readActor } from '../staff/readActor.ts'
import type { Services } from '../../services.ts'
import { lockApproval, selectApproval, selectSubject, updateApproval } from './tables.ts'
import type { ApprovalRow, ListedRow, SubjectRow } from './types.ts'

/** What the requester's rights are about right now, and the customer as they are now. */
export interface Standing {
  readonly rights: Rights
  readonly relation: Relation
  readonly subject: SubjectRow
}

/** Reads the session's rights anew: a role lost a second ago is lost. @throws AppError `session.expired` */
export async function freshActor(tx: Tx, { env, now }: Pick<Services, 'env' | 'now'>, actor: StaffActor): Promise<StaffActor> {
  const fresh = await readActor(tx, env, Buffer.from(actor.sessionId ?? '', 'hex'), now())
  if (fresh === null) throw new AppError('session.expired')
  return fresh
}

/** How somebody stands to a customer now; null when the contact is not mirrored. Served by somebody else meanwhile: another relation. */
export async function standingOf(tx: Tx, actor: StaffActor, externalUserId: string): Promise<Standing | null> {
  const rights = actor.rights
  const { departmentIds, departmentTreeIds } = rights.facts
  const [subject] = await tx.run<SubjectRow>(selectSubject, [externalUserId, actor.staffUserId, departmentIds, departmentTreeIds])
  return subject === undefined ? null : { rights, relation: standings[subject.standing], subject }
}

/** The request as the rules see it. */
export function approvalOf(row: ApprovalRow): Approval {
  return {
    state: row.state,
    version: row.version,
    requesterId: row.requester_id,
    sessionId: row.session_hash.toString('hex'),
    personId: row.person_id,
    fieldKeys: row.field_keys,
    isBreakGlass: row.is_break_glass,
    neededApprovers: row.needed_approvers,
    approverIds: row.approver_ids,
    minutes: row.minutes,
    maxViews: row.max_views,
    views: row.views,
    requestedAt: row.requested_at,
    openUntil: row.open_until,
  }
}

/** Takes hold of a request until the transaction ends: two who act at once act one after the other. Null: no such request. */
export async function holdApproval(tx: Tx, approvalId: string): Promise<ApprovalRow | null> {
  const [row] = await tx.run<ApprovalRow>(lockApproval, [approvalId])
  return row ?? null
}

const decisions: readonly ApprovalState[] = ['approved', 'denied']

/** One step of the state machine, written with its version. @returns why not, or null when it is done */
export async function takeStep(tx: Tx, row: ApprovalRow, act: ApprovalAct, at: Date): Promise<ApprovalRefusal | null> {
  const outcome = approvalAfter(approvalOf(row), act, at)
  if ('refusal' in outcome) return outcome.refusal
  const { state, version, views, approverIds, openUntil } = outcome.next
  const decidedAt = decisions.includes(state) && act.kind !== 'view' ? at : null
  const [written] = await tx.run(updateApproval, [row.approval_id, row.version, state, version, views, approverIds, openUntil, decidedAt])
  return written === undefined ? 'changed' : null
}

const refusals: Record<ApprovalRefusal, ErrorCode> = {
  self: 'approval.selfDecision',
  subordinate: 'approval.subordinateDecision',
  changed: 'approval.changed',
  // Somebody else's request and one out of reach are as unknown as one that is not there.
  notAllowed: 'request.notFound',
  notYours: 'request.notFound',
  otherSession: 'approval.notOpen',
  otherPerson: 'approval.notOpen',
  otherField: 'approval.notOpen',
  outOfReach: 'approval.notOpen',
  notOpen: 'approval.notOpen',
}

/** The error of a refusal. */
export function refused(refusal: ApprovalRefusal): AppError {
  return new AppError(refusals[refusal], refusal === 'otherSession' ? '授权只在申请时的登录中有效，请回到原来的设备，或重新申请' : undefined)
}

/** Whether somebody may approve for this customer now: the right, as far as their grant reaches. */
export async function mayApproveNow(tx: Tx, actor: StaffActor, externalUserId: string): Promise<boolean> {
  const standing = await standingOf(tx, actor, externalUserId)
  return standing !== null && standing.rights.may({ action: 'approve', subject: 'Approval' }, { relation: standing.relation })
}

/** The request as lists show it. */
export async function readListed(tx: Tx, actor: StaffActor, approvalId: string): Promise<ListedRow> {
  const { departmentIds, departmentTreeIds } = actor.rights.facts
  const [row] = await tx.run<ListedRow>(selectApproval, [actor.staffUserId, departmentIds, departmentTreeIds, approvalId])
  if (row === undefined) throw new AppError('request.notFound')
  return row
}
