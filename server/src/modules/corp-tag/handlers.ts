import { handEditOf, planTagChange } from '@qihui/shared/corp-tag'
import { enqueue } from '../../jobs/enqueue.ts'
import { handle, type JobHandler } from '../../jobs/handle.ts'
import type { Services } from '../../services.ts'
import { mirrorContact } from '../contact/jobs.ts'
import { recordPair } from './commands/recordPair.ts'
import { startReviewRun } from './commands/startReviewRun.ts'
import { markContactTags, maxTagCalls, reconcileTierTags, reviewStaffTags, syncCorpTags, syncTierTag, writeTagLibrary } from './jobs.ts'
import { comeBackWithLibrary, copyLibrary, ownTags, wantedTags, type PairFactsRow } from './ownTags.ts'
import { insertTagReport, selectPair, selectPairs, upsertPairStates } from './pairTables.ts'
import { createGate, type Gate } from './tagCallGate.ts'
import { writeLibraryChange } from './writeLibraryChange.ts'

type TagServices = Pick<Services, 'db' | 'now' | 'wecom' | 'log'>
type Pair = { readonly externalUserId: string; readonly staffUserId: string }

/** R54: every month, at night. */
const firstOfMonth = '0 2 1 * *'

/** Reads before it writes: the answer of WeCom, not our copy, says what is on the pair (R43). */
async function syncPair(services: TagServices, gate: Gate, { externalUserId, staffUserId }: Pair): Promise<void> {
  const { db, wecom, log } = services
  const [pair] = await db.run<PairFactsRow & { left_tag_ids: string[] | null }>(selectPair, [externalUserId, staffUserId])
  if (pair === undefined) return
  const own = await ownTags(services)
  const detail = await wecom.getExternalContact(externalUserId)
  const current = detail?.followUsers.find((follow) => follow.staffUserId === staffUserId)?.tagIds
  if (current === undefined) return enqueue(db, mirrorContact, { externalUserId })
  const wanted = wantedTags(own, pair)
  const change = planTagChange(current, own.managed, wanted)
  if (change.add.length > 0 || change.remove.length > 0) {
    const outcome = await gate.run(() => wecom.markTags({ externalUserId, staffUserId, ...change }))
    if (outcome === 'notFollowing') return enqueue(db, mirrorContact, { externalUserId })
    if (outcome === 'unknownTag') return comeBackWithLibrary(services)
  }
  const handEdit = handEditOf({ left: pair.left_tag_ids, current, managed: own.managed, wanted })
  if (handEdit) log.warn({ staffUserId }, 'tags of the system were changed by hand and are put right')
  const kept = current.filter((tagId) => !change.remove.includes(tagId))
  await recordPair(services, { externalUserId, staffUserId, tagIds: [...kept, ...change.add], ownTagIds: wanted, handEdit })
}

/** One employee's pairs as WeCom has them against what they should carry. */
async function reviewStaff(services: TagServices, staffUserId: string, signal: AbortSignal): Promise<void> {
  const { db, now, wecom, log } = services
  const own = await ownTags(services)
  let checked = 0
  let differed = 0
  for await (const page of wecom.listContactsOf([staffUserId])) {
    signal.throwIfAborted()
    const rows = await db.run<PairFactsRow & { external_user_id: string }>(selectPairs, [staffUserId, page.map(({ contact }) => contact.externalUserId)])
    const wanted = new Map(rows.map((row) => [row.external_user_id, wantedTags(own, row)]))
    const known = page.filter(({ contact }) => wanted.has(contact.externalUserId))
    const isWrong = ({ contact, followUser }: (typeof page)[number]): boolean => {
      const change = planTagChange(followUser.tagIds, own.managed, wanted.get(contact.externalUserId) ?? [])
      return change.add.length + change.remove.length > 0
    }
    const wrong = known.filter(isWrong)
    const right = known.filter((pair) => !isWrong(pair)).map(({ contact }) => contact.externalUserId)
    checked += rows.length
    differed += wrong.length
    await db.transaction(async (tx) => {
      await tx.run(upsertPairStates, [staffUserId, right, right.map((id) => JSON.stringify(wanted.get(id) ?? [])), now()])
      for (const { contact } of wrong) await enqueue(tx, syncTierTag, { externalUserId: contact.externalUserId, staffUserId })
    })
  }
  await db.run(insertTagReport, [staffUserId, now(), checked, differed])
  if (differed > 0) log.warn({ checked, differed }, 'tags of the system differed and are put right')
}

/** The job door of corp tags. Refusals for concurrent changes of one pair (45035) and rate limits (45009) end in the queue's retry. */
export function corpTagHandlers(services: TagServices): JobHandler[] {
  const { db, wecom } = services
  const gate = createGate(maxTagCalls)
  return [
    handle(syncTierTag, (pair) => syncPair(services, gate, pair)),
    handle(markContactTags, async ({ externalUserId, staffUserId, addTagIds, removeTagIds }) => {
      const outcome = await gate.run(() => wecom.markTags({ externalUserId, staffUserId, add: addTagIds, remove: removeTagIds }))
      if (outcome === 'unknownTag') await enqueue(db, syncCorpTags, {})
      // Read again whatever came of it: no callback follows our own calls (platform 5).
      await enqueue(db, mirrorContact, { externalUserId })
    }),
    handle(reconcileTierTags, async () => startReviewRun(services, await wecom.listFollowStaff()), { cron: firstOfMonth, payload: {} }),
    handle(reviewStaffTags, ({ staffUserId }, { signal }) => reviewStaff(services, staffUserId, signal)),
    handle(writeTagLibrary, ({ changeId }, { attempt }) => writeLibraryChange(services, changeId, attempt)),
    handle(syncCorpTags, async () => void (await copyLibrary(services)), { cron: '47 * * * *', payload: {} }),
  ]
}
