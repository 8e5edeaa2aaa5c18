import { sqlStateOf, type Database } from '../db/pool.ts'
import { insertCallbackEvent } from './tables.ts'

/** A burst is stored in statements of so many at most; bodies are at most 64 KiB each. */
const maxBatch = 64
/** A statement that hangs longer than a caller waits no longer holds up the ones behind it. */
const slowStatementMs = 4_000

/** Values of `insertCallbackEvent` for one event. */
export type EventValues = readonly unknown[]

interface Waiting {
  readonly values: EventValues
  resolve(isNew: boolean): void
  reject(error: unknown): void
}

/** Stores events; resolves after the commit. @returns whether the event was new */
export type Inbox = (values: EventValues) => Promise<boolean>

interface InsertedRow {
  readonly is_new: boolean
}

function settle(waiting: Waiting, rows: readonly InsertedRow[] | undefined): void {
  waiting.resolve(rows?.[0]?.is_new ?? false)
}

/**
 * What arrives while a commit is under way is stored together by the next one: a burst costs a few commits instead of one each,
 * and an event that comes alone goes at once. An event that PostgreSQL refuses fails alone: its neighbours are stored one by one.
 */
export function createInbox(db: Pick<Database, 'run' | 'runEach'>, patienceMs = slowStatementMs): Inbox {
  let waiting: Waiting[] = []
  let isStoring = false

  async function storeAlone(one: Waiting): Promise<void> {
    try {
      settle(one, await db.run<InsertedRow>(insertCallbackEvent, one.values))
    } catch (error) {
      one.reject(error)
    }
  }

  async function store(batch: readonly Waiting[]): Promise<void> {
    try {
      const results = await db.runEach<InsertedRow>(insertCallbackEvent, batch.map(({ values }) => values))
      batch.forEach((one, index) => settle(one, results[index]))
    } catch (error) {
      const isRefused = sqlStateOf(error) !== null
      if (isRefused && batch.length > 1) await Promise.all(batch.map(storeAlone))
      else for (const one of batch) one.reject(error)
    }
  }

  async function storeWaiting(): Promise<void> {
    isStoring = true
    while (waiting.length > 0) {
      const batch = waiting.slice(0, maxBatch)
      waiting = waiting.slice(maxBatch)
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, patienceMs)
      })
      await Promise.race([store(batch), late])
      clearTimeout(timer)
    }
    isStoring = false
  }

  return (values) =>
    new Promise((resolve, reject) => {
      waiting.push({ values, resolve, reject })
      if (!isStoring) void storeWaiting()
    })
}
