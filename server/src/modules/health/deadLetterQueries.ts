import { deadLetterPageSize, type listDeadLetterQueues, type listDeadLetters } from '@qihui/shared/health'
import type { QueryOf, ResponseOf } from '@qihui/shared/http'
import { sqlStateOf } from '../../db/pool.ts'
import { deadSuffix, letterQueueOf, unhandledQueue } from '../../jobs/deadLetterQueues.ts'
import type { Services } from '../../services.ts'
import { selectDeadLetters, selectDeadQueues, selectQueueTime } from './deadLetterTables.ts'
import { presentDeadLetter, type DeadLetterRow } from './presentDeadLetter.ts'
import { undefinedTable } from './queries.ts'

interface QueueRow {
  readonly job: string
  readonly dead: number
  readonly oldest_at: Date
  readonly under_way: number
}

/** Queues with jobs that failed for good. Before the first worker has run there are none. */
export async function listLetterQueues({ db }: Pick<Services, 'db'>): Promise<ResponseOf<typeof listDeadLetterQueues>> {
  const [time] = await db.run<{ at: Date }>(selectQueueTime, [])
  if (time === undefined) throw new Error('the time always comes')
  try {
    const rows = await db.run<QueueRow>(selectDeadQueues, [deadSuffix, unhandledQueue])
    return { at: time.at.toISOString(), queues: rows.map(({ job, dead, oldest_at, under_way }) => ({ job, dead, underWay: under_way, oldestAt: oldest_at.toISOString() })) }
  } catch (error) {
    if (sqlStateOf(error) === undefinedTable) return { at: time.at.toISOString(), queues: [] }
    throw error
  }
}

/** One page of the letters of a job, newest first. */
export async function listLetters({ db }: Pick<Services, 'db'>, { job, cursor }: QueryOf<typeof listDeadLetters>): Promise<ResponseOf<typeof listDeadLetters>> {
  const [micros, id] = cursor?.split('_') ?? []
  const rows = await db.run<DeadLetterRow & { micros: string }>(selectDeadLetters, [letterQueueOf(job), micros ?? null, id ?? null, deadLetterPageSize + 1])
  const shown = rows.slice(0, deadLetterPageSize)
  const last = rows.length > deadLetterPageSize ? shown.at(-1) : undefined
  return { deadLetters: shown.map((row) => presentDeadLetter(job, row)), nextCursor: last ? `${last.micros}_${last.id}` : null }
}
