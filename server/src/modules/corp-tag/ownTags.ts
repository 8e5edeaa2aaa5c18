import { desiredTierTag, managedGroupNames, type TierTagFacts } from '@qihui/shared/corp-tag'
import { AppError } from '@qihui/shared/errors'
import { tiers, type TierCode } from '@qihui/shared/tier'
import { enqueue } from '../../jobs/enqueue.ts'
import type { Services } from '../../services.ts'
import { refreshSegment } from '../segment/jobs.ts'
import { storeLibrary } from './commands/storeLibrary.ts'
import { reconcileTierTags } from './jobs.ts'
import { planOwnTags, type LibraryGroup, type OwnTag } from './managedGroup.ts'
import { selectSegmentTags, selectTierTags, updateSegmentFailure } from './tables.ts'

type LibraryServices = Pick<Services, 'db' | 'wecom' | 'log'>

/** The tags the system keeps. */
export interface OwnTags {
  readonly tagIdByTier: ReadonlyMap<TierCode, string>
  /** Every one of them: no other is ever taken away. */
  readonly managed: readonly string[]
}

interface Remembered {
  readonly tiers: readonly OwnTag<TierCode>[]
  readonly segments: readonly OwnTag<string>[]
  /** Tags of segments that are being deleted. */
  readonly leaving: readonly string[]
}

async function remembered({ db }: LibraryServices): Promise<Remembered> {
  const tierRows = await db.run<{ tag_id: string; tier: TierCode }>(selectTierTags, [])
  const segmentRows = await db.run<{ segment_id: string; name: string; tag_id: string | null; state: string }>(selectSegmentTags, [])
  return {
    tiers: tiers.map(({ code, name }) => ({ key: code, name, tagId: tierRows.find((row) => row.tier === code)?.tag_id ?? null })),
    segments: segmentRows.filter(({ state }) => state !== 'deleting').map((row) => ({ key: row.segment_id, name: row.name, tagId: row.tag_id })),
    leaving: segmentRows.flatMap((row) => (row.state === 'deleting' && row.tag_id !== null ? [row.tag_id] : [])),
  }
}

const plansOf = (library: readonly LibraryGroup[], own: Remembered) => ({
  tiers: planOwnTags(library, managedGroupNames.tiers, own.tiers),
  segments: planOwnTags(library, managedGroupNames.segments, own.segments),
})

/** Creates what is missing of one group. @returns the ids of what was made; a refused name is found by the next look at the library */
async function createMissing({ wecom, log }: LibraryServices, groupName: string, missing: readonly OwnTag<string>[]): Promise<string[]> {
  if (missing.length === 0) return []
  log.info({ tags: missing.length, groupName }, 'creating tags of the system in WeCom')
  const made = await wecom.addCorpTags({ name: groupName }, missing.map(({ name }) => name))
  return typeof made === 'string' ? [] : [made.groupId, ...made.tags.map((tag) => tag.tagId)]
}

/**
 * Copies the library; creates what is missing of our own tags first, so that one copy knows them (R43, R55).
 * @param madeIds tags and groups this app has made just before
 */
export async function copyLibrary(services: LibraryServices, madeIds: readonly string[] = []): Promise<OwnTags> {
  const { db, wecom } = services
  const own = await remembered(services)
  let library = await wecom.listCorpTags()
  let plans = plansOf(library, own)
  const made = [...madeIds]
  if (plans.tiers.missing.length + plans.segments.missing.length > 0) {
    made.push(...(await createMissing(services, managedGroupNames.tiers, plans.tiers.missing)))
    made.push(...(await createMissing(services, managedGroupNames.segments, plans.segments.missing)))
    library = await wecom.listCorpTags()
    plans = plansOf(library, own)
  }
  const [tagIdByTier, tagIdBySegment] = [plans.tiers.tagIdByKey, plans.segments.tagIdByKey]
  await storeLibrary({ db }, { library, tagIdByTier, tagIdBySegment, madeIds: made })
  if (plans.segments.missing.length > 0) {
    await db.run(updateSegmentFailure, [plans.segments.missing.map(({ key }) => key), '企业微信没有接受该分群的标签，可能是企业标签数量已达上限'])
  }
  // A tag of ours was deleted and is another one now: every pair that had it has lost it.
  const isReplaced = ({ key, tagId }: OwnTag<string>, now: ReadonlyMap<string, string>) => tagId !== null && now.get(key) !== tagId
  if (own.tiers.some((tag) => isReplaced(tag, tagIdByTier))) await enqueue(db, reconcileTierTags, {})
  for (const tag of own.segments) if (isReplaced(tag, tagIdBySegment)) await enqueue(db, refreshSegment, { segmentId: tag.key })
  return { tagIdByTier, managed: [...tagIdByTier.values(), ...tagIdBySegment.values(), ...own.leaving] }
}

/** Our tags as we remember them; from WeCom while the tiers' are not complete. */
export async function ownTags(services: LibraryServices): Promise<OwnTags> {
  const own = await remembered(services)
  if (own.tiers.some(({ tagId }) => tagId === null)) return copyLibrary(services)
  const known = (tags: readonly OwnTag<string>[]) => tags.flatMap(({ tagId }) => (tagId === null ? [] : [tagId]))
  return {
    tagIdByTier: new Map(own.tiers.map(({ key, tagId }) => [key, tagId ?? ''])),
    managed: [...known(own.tiers), ...known(own.segments), ...own.leaving],
  }
}

/** What decides about our tags on a pair, as stored. */
export interface PairFactsRow {
  readonly tier: TierCode | null
  readonly is_archived: boolean
  readonly is_erased: boolean
  readonly segment_tag_ids: readonly string[]
}

/** Our tags the pair should carry: one of its tier, and one of each of its segments. */
export function wantedTags({ tagIdByTier }: OwnTags, row: PairFactsRow): string[] {
  const facts: TierTagFacts = { tier: row.tier, isArchived: row.is_archived, isErased: row.is_erased }
  const tier = desiredTierTag(facts)
  const tierTag = tier === null ? undefined : tagIdByTier.get(tier)
  return [...(tierTag === undefined ? [] : [tierTag]), ...(facts.isArchived || facts.isErased ? [] : row.segment_tag_ids)]
}

/** @throws AppError always: the library changed under us, and the queue comes back. */
export async function comeBackWithLibrary(services: LibraryServices): Promise<never> {
  await copyLibrary(services)
  throw new AppError('vendor.unavailable', '企业标签库刚刚变化，稍后自动重试')
}
