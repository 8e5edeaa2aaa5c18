import { planTagChange } from '@qihui/shared/corp-tag'
import { AppError } from '@qihui/shared/errors'
import { tiers, type TierCode } from '@qihui/shared/tier'
import { enqueue } from '../../jobs/enqueue.ts'
import { handle, type JobHandler } from '../../jobs/handle.ts'
import type { Services } from '../../services.ts'
import { mirrorContact } from '../contact/jobs.ts'
import { storeLibrary } from './commands.ts'
import { markContactTags, reconcileTierTags, reviewStaffTags, syncCorpTags, syncTierTag } from './jobs.ts'
import { managedGroupName, planManagedTags, type ManagedTag } from './managedGroup.ts'
import { insertTagReport, selectManagedTags, selectPairTier, selectPairTiers, updatePairTags } from './tables.ts'

type TagServices = Pick<Services, 'db' | 'now' | 'wecom' | 'log'>

/** Employees begin so far apart in the monthly look, milliseconds: a thousand of them take the night, not a minute of quota. */
const staffSpacingMs = 15_000
/** R54: every month, at night. */
const firstOfMonth = '0 2 1 * *'
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
  // A tag of ours was deleted and is another one now: every pair that had it has lost it.
  if (remembered.some(({ tier, tag_id: tagId }) => plan.tagIdByTier.get(tier) !== tagId)) await enqueue(db, reconcileTierTags, {})
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

/** One employee's pairs as WeCom has them against what they should carry. */
async function reviewStaff(services: TagServices, staffUserId: string, signal: AbortSignal): Promise<void> {
  const { db, now, wecom, log } = services
  const tags = await managedTags(services)
  const managed = [...tags.values()]
  let checked = 0
  let differed = 0
  for await (const page of wecom.listContactsOf([staffUserId])) {
    signal.throwIfAborted()
    const rows = await db.run<{ external_user_id: string; tier: TierCode | null }>(selectPairTiers, [staffUserId, page.map(({ contact }) => contact.externalUserId)])
    const wanted = new Map(rows.map((row) => [row.external_user_id, row.tier === null ? null : (tags.get(row.tier) ?? null)]))
    const wrong = page.filter(({ contact, followUser }) => {
      const tag = wanted.get(contact.externalUserId)
      if (tag === undefined) return false
      const change = planTagChange(followUser.tagIds, managed, tag)
      return change.add.length + change.remove.length > 0
    })
    checked += rows.length
    differed += wrong.length
    await db.transaction(async (tx) => {
      for (const { contact } of wrong) await enqueue(tx, syncTierTag, { externalUserId: contact.externalUserId, staffUserId })
    })
  }
  await db.run(insertTagReport, [staffUserId, now(), checked, differed])
  if (differed > 0) log.warn({ checked, differed }, 'tier tags differed and are put right')
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
    handle(
      reconcileTierTags,
      async () => {
        const staffUserIds = await wecom.listFollowStaff()
        const begin = services.now().getTime()
        await db.transaction(async (tx) => {
          for (const [index, staffUserId] of staffUserIds.entries()) await enqueue(tx, reviewStaffTags, { staffUserId }, { startAfter: new Date(begin + index * staffSpacingMs) })
        })
      },
      { cron: firstOfMonth, payload: {} },
    ),
    handle(reviewStaffTags, ({ staffUserId }, { signal }) => reviewStaff(services, staffUserId, signal)),
    handle(syncCorpTags, async () => void (await copyLibrary(services)), { cron: '47 * * * *', payload: {} }),
  ]
}
