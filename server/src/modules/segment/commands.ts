import { maxCorpTags } from '@qihui/shared/corp-tag'
import { AppError } from '@qihui/shared/errors'
import { maxSegments, type Segment, type SegmentCondition } from '@qihui/shared/segment'
import type { Tx } from '../../db/pool.ts'
import type { StaffActor } from '../../http/actor.ts'
import { enqueue } from '../../jobs/enqueue.ts'
import { newId } from '../../security/newId.ts'
import type { Services } from '../../services.ts'
import { auditActorOf, recordAudit } from '../audit/steps.ts'
import { refreshSegment, removeSegment } from './jobs.ts'
import { presentSegment, type SegmentRow } from './present.ts'
import { segmentFilter } from './segmentFilter.ts'
import { requireSoundConditions } from './steps.ts'
import {
  deleteMembers,
  insertSegment,
  lockSegment,
  lockSegments,
  refreshMembers,
  selectNames,
  selectSegment,
  updateFailure,
  updateSegment,
  updateSegmentState,
} from './tables.ts'

type CommandServices = Pick<Services, 'db' | 'now'>
interface Draft {
  readonly name: string
  readonly conditions: readonly SegmentCondition[]
}
interface LockedSegment {
  readonly conditions: readonly SegmentCondition[]
  readonly state: Segment['state']
  readonly tag_id: string | null
}

/** Every change of an operator leaves its row (R61). */
function audit(tx: Tx, actor: StaffActor, at: Date, verb: string, segmentId: string): Promise<void> {
  return recordAudit(tx, { at, actor: auditActorOf(actor), action: `segment.${verb}`, subject: `segment:${segmentId}` })
}

async function segmentOf(tx: Tx, segmentId: string): Promise<Segment> {
  const [row] = await tx.run<SegmentRow>(selectSegment, [segmentId])
  if (row === undefined) throw new AppError('request.notFound')
  return presentSegment(row)
}

async function lockedSegment(tx: Tx, segmentId: string): Promise<LockedSegment> {
  const [row] = await tx.run<LockedSegment>(lockSegment, [segmentId])
  if (row === undefined) throw new AppError('request.notFound')
  if (row.state === 'deleting') throw new AppError('segment.deleting')
  return row
}

async function requireFreeName(tx: Tx, name: string, segmentId: string | null): Promise<void> {
  await tx.run(lockSegments, [])
  const [found] = await tx.run<{ segments: number; same_name: number; tags: number }>(selectNames, [name, segmentId])
  if ((found?.same_name ?? 0) > 0) throw new AppError('segment.nameTaken', `“${name}”已经存在，请换一个名称`)
  if (segmentId !== null) return
  if ((found?.segments ?? 0) >= maxSegments) throw new AppError('segment.limitReached', `最多 ${maxSegments} 个分群，请先删除不用的分群`)
  if ((found?.tags ?? 0) >= maxCorpTags) throw new AppError('corpTag.capReached', `企业标签最多 ${maxCorpTags} 个，请先删除不用的标签`)
}

/**
 * Saves a segment and asks for its first evaluation, in one transaction (R55).
 * @throws AppError `request.invalid`, `segment.nameTaken`, `segment.limitReached`, `corpTag.capReached`
 */
export async function createSegment({ db, now }: CommandServices, actor: StaffActor, { name, conditions }: Draft): Promise<Segment> {
  const segmentId = newId()
  return db.transaction(async (tx) => {
    await requireFreeName(tx, name, null)
    await requireSoundConditions(tx, conditions)
    await tx.run(insertSegment, [segmentId, name, JSON.stringify(conditions), actor.staffUserId, now()])
    await audit(tx, actor, now(), 'create', segmentId)
    await enqueue(tx, refreshSegment, { segmentId })
    return segmentOf(tx, segmentId)
  })
}

/** Changes name or conditions; the tag and its holders follow. @throws AppError `request.invalid`, `request.notFound`, `segment.nameTaken`, `segment.deleting` */
export async function changeSegment({ db, now }: CommandServices, actor: StaffActor, segmentId: string, { name, conditions }: Draft): Promise<Segment> {
  return db.transaction(async (tx) => {
    await requireFreeName(tx, name, segmentId)
    await lockedSegment(tx, segmentId)
    await requireSoundConditions(tx, conditions)
    await tx.run(updateSegment, [segmentId, name, JSON.stringify(conditions), now()])
    await audit(tx, actor, now(), 'change', segmentId)
    await enqueue(tx, refreshSegment, { segmentId })
    return segmentOf(tx, segmentId)
  })
}

/** Pauses or resumes; a resumed one is evaluated at once. @throws AppError `request.notFound`, `segment.deleting` */
export async function pauseSegment({ db, now }: CommandServices, actor: StaffActor, segmentId: string, isPaused: boolean): Promise<Segment> {
  return db.transaction(async (tx) => {
    await lockedSegment(tx, segmentId)
    await tx.run(updateSegmentState, [segmentId, isPaused ? 'paused' : 'active', now()])
    await audit(tx, actor, now(), isPaused ? 'pause' : 'resume', segmentId)
    if (!isPaused) await enqueue(tx, refreshSegment, { segmentId })
    return segmentOf(tx, segmentId)
  })
}

/** Asks for an evaluation now. @throws AppError `request.notFound`, `segment.deleting` */
export async function askRefresh({ db, now }: CommandServices, actor: StaffActor, segmentId: string): Promise<Segment> {
  return db.transaction(async (tx) => {
    await lockedSegment(tx, segmentId)
    await audit(tx, actor, now(), 'refresh', segmentId)
    await enqueue(tx, refreshSegment, { segmentId })
    return segmentOf(tx, segmentId)
  })
}

/** Empties a segment and asks for the end of its tag; asking again tries again. @throws AppError `request.notFound` */
export async function deleteSegment({ db, now }: CommandServices, actor: StaffActor, segmentId: string): Promise<Segment> {
  return db.transaction(async (tx) => {
    const [row] = await tx.run<LockedSegment>(lockSegment, [segmentId])
    if (row === undefined) throw new AppError('request.notFound')
    await tx.run(updateSegmentState, [segmentId, 'deleting', now()])
    await audit(tx, actor, now(), 'delete', segmentId)
    await tx.run(updateFailure, [segmentId, null])
    await tx.run(deleteMembers, [segmentId])
    await enqueue(tx, removeSegment, { segmentId })
    return segmentOf(tx, segmentId)
  })
}

/**
 * Evaluates an active segment in one statement: membership, and the jobs of the pairs whose tag differs (P5). Twice asks for nothing new
 * once the first jobs are done. @returns null for a segment that is gone, paused or being deleted
 */
export async function refreshMembership({ db, now, cipher }: CommandServices & Pick<Services, 'cipher'>, segmentId: string): Promise<{ readonly members: number; readonly pairs: number } | null> {
  const at = now()
  return db.transaction(async (tx) => {
    const [segment] = await tx.run<LockedSegment>(lockSegment, [segmentId])
    if (segment === undefined || segment.state !== 'active') return null
    const [row] = await tx.run<{ member_count: number; pairs: number }>(refreshMembers, [...segmentFilter(cipher, segment.conditions, at), segmentId, at, segment.tag_id])
    return { members: row?.member_count ?? 0, pairs: row?.pairs ?? 0 }
  })
}
