import { hash } from 'node:crypto'
import { bytesInSet } from '../db/pool.ts'
import type { Services } from '../services.ts'
import type { CallbackEvent } from '../wecom/openCallback.ts'
import { acceptedCallback } from '../vendor/sightings.ts'
import { jobsFor } from './jobsFor.ts'
import { insertCallbackEvents } from './tables.ts'

/** The same event in whatever element order is the same text. */
function canonical(fields: CallbackEvent['fields']): string {
  return JSON.stringify([...fields.keys()].sort().map((name) => [name, fields.get(name)]))
}

/** What events we have work for are counted under: a name of ours, for senders choose the rest. */
function kindOf({ event, changeType }: CallbackEvent): string {
  return event === 'change_external_contact' ? changeType : event
}

/**
 * Stores an event once and asks for its jobs, in one transaction; no business happens here (P1, R20).
 * The key is the digest of the decrypted event: sender and second alone would merge different customers' events (trust 1.1, trap 5).
 * @returns whether the event was new.
 */
export async function acceptCallback(services: Pick<Services, 'db' | 'now' | 'log' | 'cipher' | 'metrics' | 'sightings'>, event: CallbackEvent): Promise<boolean> {
  const { db, now, log, cipher, metrics, sightings } = services
  const receivedAt = now()
  const body = canonical(event.fields)
  const digest = hash('sha256', body, 'buffer')
  const digestText = digest.toString('hex')
  const jobs = jobsFor(event, digestText, receivedAt)
  const sealed = cipher.seal({ table: 'callback_event', column: 'body_sealed', rowId: digestText }, body)
  const run = { digest: bytesInSet(digest), event: event.event, change_type: event.changeType, body_sealed: bytesInSet(sealed), received_at: receivedAt, jobs: jobs ?? [] }
  const [row] = await db.runInSet<{ is_new: boolean }>(insertCallbackEvents, run)
  const isNew = row?.is_new ?? false
  metrics.callbackStored(jobs === null ? 'unknown' : kindOf(event), isNew)
  sightings.note(acceptedCallback)
  if (jobs === null) log.info({ event: event.event.slice(0, 64), changeType: event.changeType.slice(0, 64) }, 'callback of a kind without work stored')
  return isNew
}
