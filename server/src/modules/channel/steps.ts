import type { Tx } from '../../db/pool.ts'
import { enqueue } from '../../jobs/enqueue.ts'
import { newId } from '../../security/newId.ts'
import { markContactTags } from '../corp-tag/jobs.ts'
import { selectChannelTags } from './tables.ts'

/** A relation that has just begun, with the state its contact way carried. */
export interface NewFollow {
  readonly externalUserId: string
  readonly staffUserId: string
  /** The channel's token, or whatever else an add was started with. */
  readonly state: string
}

/**
 * Asks for the tags of the channel a contact came through (R13). The state may be an old one (a contact who deleted the rep and came back):
 * it decides a tag, never who somebody is.
 */
export async function tagByChannel(tx: Tx, { externalUserId, staffUserId, state }: NewFollow): Promise<void> {
  const [row] = await tx.run<{ tag_ids: string[] | null }>(selectChannelTags, [state])
  const addTagIds = row?.tag_ids ?? []
  if (addTagIds.length > 0) await enqueue(tx, markContactTags, { changeId: newId(), externalUserId, staffUserId, addTagIds, removeTagIds: [] })
}
