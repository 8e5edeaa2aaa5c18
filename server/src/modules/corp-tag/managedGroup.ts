import { tiers, type TierCode } from '@qihui/shared/tier'

/** The group we own in the company's library; its three tags are the tiers (R43, R48-R50). */
export const managedGroupName = '会员等级'

/** A group of the company's library, as it was read. */
export interface LibraryGroup {
  readonly groupId: string
  readonly name: string
  readonly tags: readonly { readonly tagId: string; readonly name: string; readonly order: number }[]
}

/** A remembered tag of ours. */
export interface ManagedTag {
  readonly tag_id: string
  readonly tier: TierCode
}

/** Which tag of the library stands for which tier, and which names have to be created. */
export interface ManagedPlan {
  readonly tagIdByTier: ReadonlyMap<TierCode, string>
  readonly missingNames: readonly string[]
}

/**
 * Finds our tags: by the id we remember, so that a renamed tag stays ours, then by name in our group.
 * A tag deleted in the console is missing and gets created again (domain rules b.8).
 */
export function planManagedTags(library: readonly LibraryGroup[], remembered: readonly ManagedTag[]): ManagedPlan {
  const existing = new Set(library.flatMap((group) => group.tags.map((tag) => tag.tagId)))
  const own = library.find((group) => group.name === managedGroupName)
  const taken = new Set<string>()
  const tagIdByTier = new Map<TierCode, string>()
  for (const { tag_id: tagId, tier } of remembered) {
    if (!existing.has(tagId)) continue
    tagIdByTier.set(tier, tagId)
    taken.add(tagId)
  }
  for (const tier of tiers) {
    if (tagIdByTier.has(tier.code)) continue
    const byName = own?.tags.find((tag) => tag.name === tier.name && !taken.has(tag.tagId))
    if (byName) tagIdByTier.set(tier.code, byName.tagId)
  }
  return { tagIdByTier, missingNames: tiers.filter((tier) => !tagIdByTier.has(tier.code)).map((tier) => tier.name) }
}
