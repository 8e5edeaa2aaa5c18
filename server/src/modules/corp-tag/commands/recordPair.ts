import type { HandEdit } from '@qihui/shared/corp-tag'
import type { Services } from '../../../services.ts'
import { insertHandEdit, updatePairTags, upsertPairStates } from '../pairTables.ts'

/** A pair after our look at it: every tag on it, which of them are ours, and what a hand had done. */
export interface SyncedPair {
  readonly externalUserId: string
  readonly staffUserId: string
  readonly tagIds: readonly string[]
  readonly ownTagIds: readonly string[]
  readonly handEdit: HandEdit | null
}

/** Mirror, what we left there, and the hand edit that was put right, together: API-made changes raise no callback (platform 5). */
export async function recordPair({ db, now }: Pick<Services, 'db' | 'now'>, { externalUserId, staffUserId, tagIds, ownTagIds, handEdit }: SyncedPair): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.run(updatePairTags, [externalUserId, staffUserId, tagIds])
    await tx.run(upsertPairStates, [staffUserId, [externalUserId], [JSON.stringify(ownTagIds)], now()])
    if (handEdit) await tx.run(insertHandEdit, [externalUserId, staffUserId, now(), handEdit.added, handEdit.removed])
  })
}
