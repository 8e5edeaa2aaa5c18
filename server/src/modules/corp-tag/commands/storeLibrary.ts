import type { TierCode } from '@qihui/shared/tier'
import type { Services } from '../../../services.ts'
import type { LibraryGroup } from '../managedGroup.ts'
import { deleteOtherGroups, deleteOtherTags, forgetManagedTags, lockLibrary, stripTags, updateOurTags, updateSegmentTags, upsertGroups, upsertTags } from '../tables.ts'

/** The library as WeCom answered it, and what of it is ours. */
export interface ReadLibrary {
  readonly library: readonly LibraryGroup[]
  readonly tagIdByTier: ReadonlyMap<TierCode, string>
  readonly tagIdBySegment?: ReadonlyMap<string, string>
  /** Tags and groups this app has just made: WeCom does not tell whose they are. */
  readonly madeIds?: readonly string[]
}

/** Makes our copy of the library equal to WeCom's and remembers which tags are ours. Tags that are gone leave the mirrored pairs, too. */
export async function storeLibrary({ db }: Pick<Services, 'db'>, { library, tagIdByTier, tagIdBySegment = new Map(), madeIds = [] }: ReadLibrary): Promise<void> {
  const tierByTagId = new Map([...tagIdByTier].map(([tier, tagId]) => [tagId, tier]))
  const tags = library.flatMap((group) => group.tags.map((tag) => ({ ...tag, groupId: group.groupId })))
  await db.transaction(async (tx) => {
    await tx.run(lockLibrary, [])
    const gone = await tx.run<{ tag_id: string }>(deleteOtherTags, [tags.map((tag) => tag.tagId)])
    if (gone.length > 0) await tx.run(stripTags, [gone.map((row) => row.tag_id)])
    await tx.run(deleteOtherGroups, [library.map((group) => group.groupId)])
    // The list answers groups in the order of the console: kept as it came.
    await tx.run(upsertGroups, [library.map((group) => group.groupId), library.map((group) => group.name), library.map((_group, index) => library.length - index)])
    await tx.run(forgetManagedTags, [])
    await tx.run(upsertTags, [
      tags.map((tag) => tag.tagId),
      tags.map((tag) => tag.groupId),
      tags.map((tag) => tag.name),
      tags.map((tag) => tag.order),
      tags.map((tag) => tierByTagId.get(tag.tagId) ?? null),
    ])
    if (madeIds.length > 0) await tx.run(updateOurTags, [madeIds, true])
    if (tagIdBySegment.size > 0) await tx.run(updateSegmentTags, [[...tagIdBySegment.keys()], [...tagIdBySegment.values()]])
  })
}
