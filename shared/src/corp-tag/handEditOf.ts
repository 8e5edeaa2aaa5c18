/** What a hand did to the tags of the system on one pair. */
export interface HandEdit {
  readonly added: readonly string[]
  readonly removed: readonly string[]
}

/**
 * Whether somebody changed our tags by hand: they are neither what our last write left nor what they should be (R54). A write of ours whose
 * answer was lost leaves what should be, so it is not mistaken for a hand.
 * @param left our tags as we left them, null when we never looked; @param current every tag on the pair now;
 * @param managed all tags the system owns; @param wanted those the pair should carry
 */
export function handEditOf({ left, current, managed, wanted }: { readonly left: readonly string[] | null; readonly current: readonly string[]; readonly managed: readonly string[]; readonly wanted: readonly string[] }): HandEdit | null {
  if (left === null) return null
  // A tag that is gone from the library left every pair by itself.
  const before = left.filter((tagId) => managed.includes(tagId))
  const now = current.filter((tagId) => managed.includes(tagId))
  const isRight = now.length === wanted.length && wanted.every((tagId) => now.includes(tagId))
  const added = now.filter((tagId) => !before.includes(tagId))
  const removed = before.filter((tagId) => !now.includes(tagId))
  return isRight || added.length + removed.length === 0 ? null : { added, removed }
}
