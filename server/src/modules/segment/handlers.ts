import { enqueue } from '../../jobs/enqueue.ts'
import { handle, type JobHandler } from '../../jobs/handle.ts'
import type { Services } from '../../services.ts'
import { copyLibrary } from '../corp-tag/ownTags.ts'
import { refreshMembership } from './commands.ts'
import { answerFieldsIn, indexAnswers } from './indexAnswers.ts'
import { refreshSegment, refreshSegments, removeSegment } from './jobs.ts'
import type { SegmentRow } from './present.ts'
import { deleteSegmentRow, deleteUnusedIndex, selectSegment, selectSegments, updateFailure } from './tables.ts'

type SegmentServices = Pick<Services, 'db' | 'now' | 'cipher' | 'wecom' | 'log'>

/** Every night, after the decisions about tiers at 00:10. */
const afterTiers = '40 0 * * *'

/** Makes sure that WeCom has the tag of a segment, under the segment's name. */
async function keepTag(services: SegmentServices, { segment_id: segmentId, name, tag_id: tagId, tag_name: tagName }: SegmentRow & { readonly tag_name: string | null }): Promise<void> {
  const { db, wecom } = services
  if (tagId === null || tagName === null) return void (await copyLibrary(services))
  if (tagName === name) return
  const outcome = await wecom.editCorpTag({ id: tagId, name })
  if (outcome === 'nameTaken' || outcome === 'notOurs') return void (await db.run(updateFailure, [segmentId, `标签“${tagName}”未能改名：企业微信中已有同名标签，或标签不是本应用创建的`]))
  await copyLibrary(services)
}

async function refresh(services: SegmentServices, segmentId: string): Promise<void> {
  const [row] = await services.db.run<SegmentRow & { tag_name: string | null }>(selectSegment, [segmentId])
  if (row === undefined || row.state !== 'active') return
  await keepTag(services, row)
  await indexAnswers(services, answerFieldsIn(row.conditions))
  const done = await refreshMembership(services, segmentId)
  if (done) services.log.info({ segmentId, ...done }, 'segment evaluated')
}

/** Deleting the tag takes it from every customer in one call (platform 5). */
async function remove(services: SegmentServices, segmentId: string): Promise<void> {
  const { db, wecom } = services
  const [row] = await db.run<SegmentRow>(selectSegment, [segmentId])
  if (row === undefined || row.state !== 'deleting') return
  const outcome = row.tag_id === null ? 'done' : await wecom.deleteCorpTags({ tagIds: [row.tag_id] })
  if (outcome === 'notOurs') return void (await db.run(updateFailure, [segmentId, '标签不是本应用创建的，请在企业微信管理后台删除后再试']))
  await copyLibrary(services)
  await db.run(deleteSegmentRow, [segmentId])
}

/** The job door of segments. */
export function segmentHandlers(services: SegmentServices): JobHandler[] {
  const { db } = services
  return [
    handle(refreshSegment, ({ segmentId }) => refresh(services, segmentId)),
    handle(removeSegment, ({ segmentId }) => remove(services, segmentId)),
    handle(
      refreshSegments,
      async () => {
        const rows = await db.run<SegmentRow>(selectSegments, [])
        await db.transaction(async (tx) => {
          await tx.run(deleteUnusedIndex, [answerFieldsIn(rows.flatMap((row) => row.conditions))])
          for (const row of rows) {
            if (row.state === 'active') await enqueue(tx, refreshSegment, { segmentId: row.segment_id })
            if (row.state === 'deleting') await enqueue(tx, removeSegment, { segmentId: row.segment_id })
          }
        })
      },
      { cron: afterTiers, payload: {} },
    ),
  ]
}
