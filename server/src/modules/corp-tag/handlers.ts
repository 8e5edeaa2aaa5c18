import { planTagChange } from '@qihui/shared/corp-tag'
import { AppError } from '@qihui/shared/errors'
import { tiers, type TierCode } from '@qihui/shared/tier'
import { enqueue } from '../../jobs/enqueue.ts'
import { handle, type JobHandler } from '../../jobs/handle.ts'
import type { Services } from '../../services.ts'
import { mirrorContact } from '../contact/jobs.ts'
import { storeLibrary } from './commands.ts'
import { markContactTags, syncCorpTags, syncTierTag } from './jobs.ts'
import { managedGroupName, planManagedTags, type ManagedTag } from './managedGroup.ts'
import { selectManagedTags, selectPairTier, updatePairTags } from './tables.ts'

type TagServices = Pick<Services, 'db' | 'wecom' | 'log'>
type Pair = { readonly externalUserId: string; readonly staffUserId: string }

/** Copies the library; creates what is missing of our own tags first, so that one copy knows them. */
async function copyLibrary({ db, wecom, log }: TagServices): Promise<ReadonlyMap<TierCode, string>> {
  const remembered = await db.run<ManagedTag>(selectManagedTags, [])
  let library = await wecom.listCorpTags()
  let plan = planManagedTags(library, remembered)
  if (plan.missingNames.length > 0) {
    log.info({ tags: plan.missingNames.length }, 'creating tier tags in WeCom')
    await wecom.addCorpTags(managedGroupName, plan.missingNames)
    library = await wecom.listCorpTags()
    plan = planManagedTags(library, remembered)
  }
  await storeLibrary({ db }, library, plan.tagIdByTier)
  return plan.tagIdByTier
}

async function managedTags(services: TagServices): Promise<ReadonlyMap<TierCode, string>> {
  const rows = await services.db.run<ManagedTag>(selectManagedTags, [])
  return rows.length === tiers.length ? new Map(rows.map((row) => [row.tier, row.tag_id])) : copyLibrary(services)
}

/** Reads before it writes: the answer of WeCom, not our copy, says what is on the pair (R43). */
async function syncPair(services: TagServices, { externalUserId, staffUserId }: Pair): Promise<void> {
  const { db, wecom } = services
  const [pair] = await db.run<{ tier: TierCode | null }>(selectPairTier, [externalUserId, staffUserId])
  if (pair === undefined) return
  const tags = await managedTags(services)
  const detail = await wecom.getExternalContact(externalUserId)
  const current = detail?.followUsers.find((follow) => follow.staffUserId === staffUserId)?.tagIds
  if (current === undefined) return enqueue(db, mirrorContact, { externalUserId })
  const change = planTagChange(current, [...tags.values()], pair.tier === null ? null : (tags.get(pair.tier) ?? null))
  if (change.add.length > 0 || change.remove.length > 0) {
    const outcome = await wecom.markTags({ externalUserId, staffUserId, ...change })
    if (outcome === 'notFollowing') return enqueue(db, mirrorContact, { externalUserId })
    if (outcome === 'unknownTag') {
      await copyLibrary(services)
      throw new AppError('vendor.unavailable', '企业标签库刚刚变化，稍后自动重试')
    }
  }
  const kept = current.filter((tagId) => !change.remove.includes(tagId))
  await db.run(updatePairTags, [externalUserId, staffUserId, [...kept, ...change.add]])
}

/** The job door of corp tags. Refusals for concurrent changes of one pair (45035) and rate limits (45009) end in the queue's retry. */
export function corpTagHandlers(services: TagServices): JobHandler[] {
  const { db, wecom } = services
  return [
    handle(syncTierTag, (pair) => syncPair(services, pair)),
    handle(markContactTags, async ({ externalUserId, staffUserId, addTagIds, removeTagIds }) => {
      const outcome = await wecom.markTags({ externalUserId, staffUserId, add: addTagIds, remove: removeTagIds })
      if (outcome === 'unknownTag') await enqueue(db, syncCorpTags, {})
      // Read again whatever came of it: no callback follows our own calls (platform 5).
      await enqueue(db, mirrorContact, { externalUserId })
    }),
    handle(syncCorpTags, async () => void (await copyLibrary(services)), { cron: '47 * * * *', payload: {} }),
  ]
}
