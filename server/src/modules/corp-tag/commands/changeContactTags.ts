import type { CorpTag } from '@qihui/shared/corp-tag'
import { AppError } from '@qihui/shared/errors'
import { newId } from '../../../security/newId.ts'
import type { Tx } from '../../../db/pool.ts'
import type { StaffActor } from '../../../http/actor.ts'
import { enqueue } from '../../../jobs/enqueue.ts'
import type { Services } from '../../../services.ts'
import { noteOnTimeline, requireFollow } from '../../contact/steps.ts'
import { markContactTags } from '../jobs.ts'
import { updatePairTags } from '../pairTables.ts'
import { selectTags } from '../tables.ts'

interface TagRow {
  readonly tag_id: string
  readonly name: string
  readonly group_name: string
  readonly is_managed: boolean
}

function presentTag(row: TagRow): CorpTag {
  return { tagId: row.tag_id, name: row.name, groupName: row.group_name, isManaged: row.is_managed }
}

async function checkedTags(tx: Tx, tagIds: readonly string[]): Promise<Map<string, TagRow>> {
  const rows = new Map((await tx.run<TagRow>(selectTags, [tagIds])).map((row) => [row.tag_id, row]))
  if (tagIds.some((tagId) => !rows.has(tagId))) throw new AppError('corpTag.unknown')
  if ([...rows.values()].some((row) => row.is_managed)) throw new AppError('corpTag.managed')
  return rows
}

/** What a rep wants changed on their relation with one contact. */
export interface TagChangeRequest {
  readonly externalUserId: string
  readonly addTagIds: readonly string[]
  readonly removeTagIds: readonly string[]
}

/**
 * Changes the tags of this rep on this contact: mirror, timeline and the job that tells WeCom in one transaction (R40, P5).
 * API-made changes raise no callback, so the mirror is written here (platform 5). A tag in both lists is removed.
 * @returns the tags on the relation afterwards. @throws AppError `contact.notFollowing`, `corpTag.unknown`, `corpTag.managed`
 */
export async function changeContactTags({ db, now }: Pick<Services, 'db' | 'now'>, actor: StaffActor, request: TagChangeRequest): Promise<CorpTag[]> {
  const { externalUserId } = request
  const { staffUserId } = actor
  const at = now()
  return db.transaction(async (tx) => {
    const follow = await requireFollow(tx, externalUserId, staffUserId)
    const known = await checkedTags(tx, [...new Set([...request.addTagIds, ...request.removeTagIds])])
    const added = [...new Set(request.addTagIds)].filter((tagId) => !follow.tag_ids.includes(tagId) && !request.removeTagIds.includes(tagId))
    const removed = [...new Set(request.removeTagIds)].filter((tagId) => follow.tag_ids.includes(tagId))
    const tagIds = [...new Set([...follow.tag_ids.filter((tagId) => !removed.includes(tagId)), ...added])]
    if (added.length > 0 || removed.length > 0) {
      const changeId = newId()
      const names = (ids: readonly string[]): string[] => ids.map((tagId) => known.get(tagId)?.name ?? '')
      await tx.run(updatePairTags, [externalUserId, staffUserId, tagIds])
      await noteOnTimeline(tx, { personId: follow.person_id, at, kind: 'corpTag.changed', data: { staffUserId, added: names(added), removed: names(removed) }, key: null })
      await enqueue(tx, markContactTags, { changeId, externalUserId, staffUserId, addTagIds: added, removeTagIds: removed })
    }
    return (await tx.run<TagRow>(selectTags, [tagIds])).map(presentTag)
  })
}
