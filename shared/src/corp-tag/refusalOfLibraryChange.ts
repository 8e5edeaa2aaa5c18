import type { ErrorCode } from '../errors/codes.ts'
import type { CorpTagChange, LibraryGroup, LibraryTag } from './libraryContract.ts'

/** Corp tags a company can have (platform 5, pages of 2024-26; older ones say 3,000). */
export const maxCorpTags = 10_000

/** Groups the system keeps itself: tiers (R43) and dynamic groups (R55). */
export const managedGroupNames = { tiers: '会员等级', segments: '企会分群' } as const

/** Why a change is not taken, with what to change. */
export interface LibraryRefusal {
  readonly code: ErrorCode
  readonly detail?: string
}

type Library = readonly LibraryGroup[]

function twice(names: readonly string[]): string | undefined {
  return names.find((name, index) => names.indexOf(name) !== index)
}

function taken(name: string): LibraryRefusal {
  return { code: 'corpTag.nameTaken', detail: `“${name}”已经存在，请换一个名称` }
}

function refusalOfNames(library: Library, names: readonly string[], existing: readonly string[]): LibraryRefusal | null {
  const repeated = twice(names) ?? names.find((name) => existing.includes(name))
  if (repeated !== undefined) return taken(repeated)
  const total = library.reduce((sum, group) => sum + group.tags.length, 0) + names.length
  return total > maxCorpTags ? { code: 'corpTag.capReached', detail: `企业标签最多 ${maxCorpTags} 个，现有 ${total - names.length} 个` } : null
}

function refusalOfOrigin(origin: LibraryTag['origin']): LibraryRefusal | null {
  if (origin === 'managed') return { code: 'corpTag.managed' }
  return origin === 'elsewhere' ? { code: 'corpTag.notOurs' } : null
}

function refusalOfRename(library: Library, { id, name }: { readonly id: string; readonly name: string }): LibraryRefusal | null {
  const group = library.find((each) => each.groupId === id)
  const home = library.find((each) => each.tags.some((tag) => tag.tagId === id))
  const origin = group?.origin ?? home?.tags.find((tag) => tag.tagId === id)?.origin
  if (origin === undefined) return { code: 'corpTag.unknown' }
  const others = group ? library.filter((each) => each.groupId !== id).map((each) => each.name) : (home?.tags.filter((tag) => tag.tagId !== id).map((tag) => tag.name) ?? [])
  return refusalOfOrigin(origin) ?? (others.includes(name) ? taken(name) : null)
}

function refusalOfOrder(library: Library, { groupId, tagIds }: { readonly groupId: string; readonly tagIds: readonly string[] }): LibraryRefusal | null {
  const group = library.find((each) => each.groupId === groupId)
  if (group === undefined || twice(tagIds) !== undefined) return { code: 'corpTag.unknown' }
  if (tagIds.length !== group.tags.length || group.tags.some((tag) => !tagIds.includes(tag.tagId))) return { code: 'corpTag.unknown', detail: '标签库刚刚变化，请刷新后再排序' }
  return group.tags.map((tag) => refusalOfOrigin(tag.origin)).find((refusal) => refusal !== null) ?? null
}

function refusalOfDeletion(library: Library, id: string): LibraryRefusal | null {
  const group = library.find((each) => each.groupId === id)
  const targets = group ? [group, ...group.tags] : library.flatMap((each) => each.tags).filter((tag) => tag.tagId === id)
  if (targets.length === 0) return { code: 'corpTag.unknown' }
  return targets.map(({ origin }) => refusalOfOrigin(origin)).find((refusal) => refusal !== null) ?? null
}

/**
 * Why WeCom, or we, would refuse a change of the library; null when it may be written (platform 5: an app edits only tags it made,
 * names are unique in their group, at most 10,000 tags).
 */
export function refusalOfLibraryChange(library: Library, change: CorpTagChange): LibraryRefusal | null {
  switch (change.kind) {
    case 'createGroup': {
      // WeCom would put the tags into the group that has the name.
      const names: readonly string[] = [...library.map((group) => group.name), ...Object.values(managedGroupNames)]
      return names.includes(change.name) ? taken(change.name) : refusalOfNames(library, change.tagNames, [])
    }
    case 'createTags': {
      const group = library.find((each) => each.groupId === change.groupId)
      if (group === undefined) return { code: 'corpTag.unknown' }
      return group.origin === 'managed' ? { code: 'corpTag.managed' } : refusalOfNames(library, change.tagNames, group.tags.map((tag) => tag.name))
    }
    case 'rename':
      return refusalOfRename(library, change)
    case 'reorder':
      return refusalOfOrder(library, change)
    case 'delete':
      return refusalOfDeletion(library, change.id)
  }
}
