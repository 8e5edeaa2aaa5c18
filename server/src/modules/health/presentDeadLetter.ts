import type { DeadLetter } from '@qihui/shared/health'
import { unhandledQueue } from '../../jobs/deadLetterQueues.ts'

/** A row of a queue of letters. */
export interface DeadLetterRow {
  readonly id: string
  readonly data: unknown
  readonly source_output: unknown
  readonly source_retry_count: number | null
  readonly asked_at: Date
  readonly created_on: Date
}

/**
 * Fields of payloads that are ids, days or kinds. One that is not listed is not shown: welcome codes open a chat,
 * and what a later job carries has to be looked at first.
 */
const shownFields: ReadonlySet<string> = new Set([
  ...['externalUserId', 'staffUserId', 'personId', 'memberId', 'channelId', 'deliveryId', 'erasureId', 'segmentId', 'changeId'],
  ...['endedBy', 'days', 'addTagIds', 'removeTagIds', 'askedBy'],
])
/** Milliseconds since the epoch: shown as instants. */
const shownInstants: ReadonlySet<string> = new Set(['endedAtMs', 'receivedAtMs'])

const asObject = (value: unknown): Readonly<Record<string, unknown>> => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {})

function valueOf(name: string, value: unknown): string | null {
  if (shownInstants.has(name)) return typeof value === 'number' ? new Date(value).toISOString() : null
  if (!shownFields.has(name)) return null
  if (Array.isArray(value)) return value.length === 0 ? null : value.map(String).join(' ')
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null
}

function payloadOf(data: unknown): DeadLetter['payload'] {
  return Object.entries(asObject(data)).flatMap(([name, raw]) => {
    const value = valueOf(name, raw)
    return value === null ? [] : [{ name, value }]
  })
}

/** What the queue itself writes when a run outlived its deadline or its process died. */
const queueVerdict = /timed? ?out/

function failureOf(output: unknown): DeadLetter['failure'] {
  const { code, message, value } = asObject(output)
  const ownWords = asObject(value)['message']
  if (typeof ownWords === 'string' && queueVerdict.test(ownWords)) return { code: 'timedOut', message: ownWords }
  return typeof message === 'string' ? { code: typeof code === 'string' ? code : null, message } : null
}

/** A letter as the console is told it: ids and the cause, nothing of the customer (R57). */
export function presentDeadLetter(queue: string, row: DeadLetterRow): DeadLetter {
  const ofAnotherVersion = queue === unhandledQueue
  const envelope = asObject(row.data)
  return {
    deadLetterId: row.id,
    job: ofAnotherVersion ? String(envelope['job']) : queue,
    payload: payloadOf(ofAnotherVersion ? envelope['payload'] : row.data),
    failure: failureOf(row.source_output),
    attempts: row.source_retry_count === null ? null : row.source_retry_count + 1,
    askedAt: row.asked_at.toISOString(),
    gaveUpAt: row.created_on.toISOString(),
  }
}
