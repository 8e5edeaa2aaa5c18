import { localDateOf } from '@qihui/shared/tier'
import { sqlStateOf, type Statement } from '../../db/pool.ts'
import { deadSuffix, unhandledQueue } from '../../jobs/deadLetterQueues.ts'
import type { Services } from '../../services.ts'
import { acceptedCallback } from '../../vendor/sightings.ts'
import { selectCounts, selectCredentials, selectLastReconcile, selectQueues, selectVitals, selectWelcomes } from './tables.ts'

/** Several who ask within this time share one look at the database. */
const keptMs = 10_000
/** The queue's tables are made by the first worker. */
export const undefinedTable = '42P01'

interface QueueRow {
  readonly name: string
  readonly waiting: number
  readonly deferred: number
  readonly oldest_seconds: number | null
}
interface VitalsRow {
  readonly outbox_waiting: number
  readonly outbox_oldest_seconds: number | null
  readonly last_tier_day: string | null
  readonly tier_day_age: number | null
  readonly last_archive_day: string | null
  readonly archive_day_age: number | null
  readonly erasures_open: number
  readonly erasures_overdue: number
  readonly seal_lag_seconds: number | null
  readonly verified_at: Date | null
  readonly is_broken: boolean
  readonly database_bytes: number
}
interface CredentialRow {
  readonly vendor: 'wecom' | 'wechat'
  readonly app: string
  readonly kind: string
  readonly obtained_at: Date | null
  readonly expires_at: Date | null
  readonly blocked_until: Date | null
}
interface CountRow {
  readonly name: string
  readonly count: number
  readonly last_at: Date
}

/** What waits for one job. */
export interface Queue {
  readonly job: string
  readonly waiting: number
  readonly deferred: number
  readonly oldestSeconds: number | null
  readonly dead: number
}

/** What the database knows of how the product runs. */
export interface Vitals {
  readonly at: Date
  readonly queues: readonly Queue[]
  readonly lastReconcileAt: Date | null
  readonly row: VitalsRow
  readonly credentials: readonly CredentialRow[]
  /** Null until the first. */
  readonly accepted: { readonly count: number; readonly lastAt: Date } | null
  readonly refused: readonly { readonly reason: string; readonly count: number; readonly lastAt: Date }[]
  readonly welcomes: ReadonlyMap<string, number>
  readonly calls: readonly { readonly path: string; readonly minute: number; readonly hour: number }[]
}

function queuesOf(rows: readonly QueueRow[]): Queue[] {
  const dead = new Map(rows.filter(({ name }) => name.endsWith(deadSuffix)).map(({ name, waiting, deferred }) => [name.slice(0, -deadSuffix.length), waiting + deferred]))
  // The scheduler's own queue is an inner matter of pg-boss.
  const living = rows.filter(({ name }) => !name.endsWith(deadSuffix) && !name.startsWith('__'))
  const known = new Set(living.map(({ name }) => name))
  const onlyDead = [...dead.keys()].filter((name) => !known.has(name)).map((name) => ({ name, waiting: 0, deferred: 0, oldest_seconds: null }))
  return [...living, ...onlyDead].map(({ name, waiting, deferred, oldest_seconds }) =>
    // Work of another version of the server waits for a person, like work that failed.
    name === unhandledQueue ? { job: name, waiting: 0, deferred: 0, oldestSeconds: null, dead: waiting + deferred } : { job: name, waiting, deferred, oldestSeconds: oldest_seconds, dead: dead.get(name) ?? 0 },
  )
}

function callsOf(rows: readonly CountRow[]): Vitals['calls'] {
  const counts = new Map(rows.map(({ name, count }) => [name, count]))
  const paths = new Set(rows.filter(({ name }) => name.startsWith('calls.')).map(({ name }) => name.slice(name.indexOf(' ') + 1)))
  return [...paths].map((path) => ({ path, minute: counts.get(`calls.minute ${path}`) ?? 0, hour: counts.get(`calls.hour ${path}`) ?? 0 })).sort((a, b) => b.hour - a.hour)
}

async function readVitals({ db, now }: Pick<Services, 'db' | 'now'>): Promise<Vitals> {
  const at = now()
  const ofQueue = async <Row>(statement: Statement): Promise<Row[]> => {
    try {
      return await db.run<Row>(statement, [])
    } catch (error) {
      if (sqlStateOf(error) === undefinedTable) return []
      throw error
    }
  }
  // One after the other: a look takes one connection, whatever else is going on.
  const queues = queuesOf(await ofQueue<QueueRow>(selectQueues))
  const [reconcile] = await ofQueue<{ at: Date | null }>(selectLastReconcile)
  const [row] = await db.run<VitalsRow>(selectVitals, [at, localDateOf(at.toISOString())])
  if (row === undefined) throw new Error('one row of vitals always comes')
  const credentials = await db.run<CredentialRow>(selectCredentials, [])
  const welcomes = await db.run<{ outcome: string; count: number }>(selectWelcomes, [at])
  const counts = await db.run<CountRow>(selectCounts, [at, acceptedCallback])
  const refused = counts.filter(({ name }) => name.startsWith('callback.')).map(({ name, count, last_at: lastAt }) => ({ reason: name.slice('callback.'.length), count, lastAt }))
  const accepted = counts.find(({ name }) => name === acceptedCallback)
  return { at, queues, accepted: accepted ? { count: accepted.count, lastAt: accepted.last_at } : null, lastReconcileAt: reconcile?.at ?? null, row, credentials, refused, welcomes: new Map(welcomes.map(({ outcome, count }) => [outcome, count])), calls: callsOf(counts) }
}

/** Looks at most once in ten seconds, however many ask. @throws what the database throws; then the next one looks again. */
export function createVitals(services: Pick<Services, 'db' | 'now'>): () => Promise<Vitals> {
  let kept: Promise<Vitals> | null = null
  let until = 0
  return () => {
    const at = performance.now()
    if (kept !== null && at < until) return kept
    until = at + keptMs
    const look = readVitals(services)
    kept = look
    look.catch(() => {
      if (kept === look) kept = null
    })
    return look
  }
}
