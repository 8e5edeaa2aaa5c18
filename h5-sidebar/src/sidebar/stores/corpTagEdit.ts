import type { CorpTag } from '@qihui/shared/corp-tag'
import type { CorpTagEdit } from '../../api/sidebarApi.ts'

function idsMissing(tags: readonly CorpTag[], others: readonly CorpTag[]): string[] {
  return tags.filter((tag) => !others.some((other) => other.tagId === tag.tagId)).map((tag) => tag.tagId)
}

/** What to ask for and what to show meanwhile. Managed tags stay as they are, whatever `wanted` says: they may have changed since. */
export function corpTagEdit(before: readonly CorpTag[], wanted: readonly CorpTag[]): { edit: CorpTagEdit; shown: CorpTag[] } {
  const managed = before.filter((tag) => tag.isManaged)
  const free = before.filter((tag) => !tag.isManaged)
  const chosen = wanted.filter((tag) => !tag.isManaged)
  return { edit: { addTagIds: idsMissing(chosen, free), removeTagIds: idsMissing(free, chosen) }, shown: [...managed, ...chosen] }
}
