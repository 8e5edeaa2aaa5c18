import { AppError } from '@qihui/shared/errors'
import { newId } from '../../security/newId.ts'
import type { Tx } from '../../db/pool.ts'
import { endUnlistedFollows, insertContactEntry, lockLiveFollow } from './tables.ts'

/** A live relation, locked until the transaction ends. */
export interface LockedFollow {
  readonly tag_ids: readonly string[]
  readonly person_id: string
}

/**
 * The relation of this staff with this contact: whoever does not serve a customer changes nothing of theirs.
 * @throws AppError `contact.notFollowing`
 */
export async function requireFollow(tx: Tx, externalUserId: string, staffUserId: string): Promise<LockedFollow> {
  const [follow] = await tx.run<LockedFollow>(lockLiveFollow, [externalUserId, staffUserId])
  if (follow === undefined) throw new AppError('contact.notFollowing')
  return follow
}

/** One line of a contact's timeline. A key makes it said once, however often the job that says it runs. */
export interface TimelineNote {
  readonly personId: string
  readonly at: Date
  readonly kind: 'contact.added' | 'contact.lost' | 'corpTag.changed' | 'invitation.sent'
  readonly data: Readonly<Record<string, unknown>>
  readonly key: string | null
}

/** Writes a timeline entry in the caller's transaction. */
export async function noteOnTimeline(tx: Tx, note: TimelineNote): Promise<void> {
  await tx.run(insertContactEntry, [newId(), note.personId, note.at, note.kind, JSON.stringify(note.data), note.key])
}

/** Ends the relations WeCom lists no more. Who ended them is not told; an event that comes later says it. */
export async function endUnlisted(tx: Tx, externalUserId: string, personId: string, listed: readonly string[], at: Date): Promise<void> {
  const ended = await tx.run<{ staff_user_id: string; added_at: Date }>(endUnlistedFollows, [externalUserId, listed, at])
  for (const { staff_user_id: staffUserId, added_at: addedAt } of ended) {
    await noteOnTimeline(tx, {
      personId,
      at,
      kind: 'contact.lost',
      data: { staffUserId },
      key: `contact.lost:${externalUserId}:${staffUserId}:${addedAt.getTime()}`,
    })
  }
}
