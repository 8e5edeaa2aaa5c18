/** A group of the company's library, as it was read. */
export interface LibraryGroup {
  readonly groupId: string
  readonly name: string
  readonly tags: readonly { readonly tagId: string; readonly name: string; readonly order: number }[]
}

/** A tag the system keeps: what it stands for, what it is called, and the one we remember. */
export interface OwnTag<Key extends string> {
  readonly key: Key
  readonly name: string
  /** Null before it was created. */
  readonly tagId: string | null
}

/** Which tag of the library stands for what, and which names have to be created. */
export interface OwnTagPlan<Key extends string> {
  readonly tagIdByKey: ReadonlyMap<Key, string>
  readonly missing: readonly OwnTag<Key>[]
}

/**
 * Finds our tags: by the id we remember, so that a renamed tag stays ours, then by name in our group.
 * A tag deleted in the console is missing and gets created again (domain rules b.8).
 */
export function planOwnTags<Key extends string>(library: readonly LibraryGroup[], groupName: string, own: readonly OwnTag<Key>[]): OwnTagPlan<Key> {
  const existing = new Set(library.flatMap((group) => group.tags.map((tag) => tag.tagId)))
  const home = library.find((group) => group.name === groupName)
  const taken = new Set(own.flatMap(({ tagId }) => (tagId !== null && existing.has(tagId) ? [tagId] : [])))
  const tagIdByKey = new Map<Key, string>()
  for (const { key, name, tagId } of own) {
    const found = tagId !== null && existing.has(tagId) ? tagId : home?.tags.find((tag) => tag.name === name && !taken.has(tag.tagId))?.tagId
    if (found === undefined) continue
    tagIdByKey.set(key, found)
    taken.add(found)
  }
  return { tagIdByKey, missing: own.filter(({ key }) => !tagIdByKey.has(key)) }
}
