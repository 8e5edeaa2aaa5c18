import pg from 'pg'
import type { SetStatement } from './namedQuery.ts'

/** Unless the statement says otherwise. */
const defaults = { lanes: 1, runsPerSet: 64 }
/** A set that hangs so long no longer keeps the ones behind it waiting. */
const slowMs = 4_000

/** Does a set in one transaction. @returns the rows of each run */
type RunSet = (statement: SetStatement, runs: readonly object[]) => Promise<never[][]>

interface Waiting {
  readonly run: object
  resolve(rows: never[]): void
  reject(error: unknown): void
}

/** The runs of one statement that wait for their turn. */
interface Queue {
  waiting: Waiting[]
  underWay: number
  /** Lanes are about to be opened: once everything that has arrived by now is in. */
  isDue: boolean
}

/** Until the work is done, or for so long at most. */
async function atMost(work: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([work, late])
  clearTimeout(timer)
}

/**
 * Runs of one statement that come while a set of it is under way share the next one: a burst costs a few commits instead of one
 * each, and a run that comes alone goes with the next turn of the event loop. Each resolves after the commit. When PostgreSQL refuses one of them, none of that
 * set has happened, and each runs again alone: only the refused one fails.
 */
export function gatherRuns(runSet: RunSet, patienceMs = slowMs): (statement: SetStatement, run: object) => Promise<never[]> {
  const queues = new Map<string, Queue>()

  function runAlone(statement: SetStatement, { run, resolve, reject }: Waiting): Promise<void> {
    return runSet(statement, [run]).then(([rows = []]) => resolve(rows), reject)
  }

  async function runBatch(statement: SetStatement, batch: readonly Waiting[]): Promise<void> {
    try {
      const results = await runSet(statement, batch.map(({ run }) => run))
      const handOut = () => batch.forEach(({ resolve }, index) => resolve(results[index] ?? []))
      // The driver sends within this turn of the event loop.
      if (statement.isPipelined) setImmediate(handOut)
      else handOut()
    } catch (error) {
      if (error instanceof pg.DatabaseError && batch.length > 1) await Promise.all(batch.map((one) => runAlone(statement, one)))
      else for (const { reject } of batch) reject(error)
    }
  }

  async function work(statement: SetStatement, queue: Queue): Promise<void> {
    const { runsPerSet = defaults.runsPerSet } = statement
    queue.underWay += 1
    while (queue.waiting.length > 0) {
      const batch = queue.waiting.slice(0, runsPerSet)
      queue.waiting = queue.waiting.slice(runsPerSet)
      await atMost(runBatch(statement, batch), patienceMs)
    }
    queue.underWay -= 1
  }

  /** A further lane is opened when a whole set waits: for fewer, sharing the next set is cheaper. */
  function openLanes(statement: SetStatement, queue: Queue): void {
    queue.isDue = false
    const { lanes, runsPerSet } = { ...defaults, ...statement }
    while (queue.underWay < lanes && queue.waiting.length >= (queue.underWay === 0 ? 1 : runsPerSet)) void work(statement, queue)
  }

  return (statement, run) =>
    new Promise((resolve, reject) => {
      const queue: Queue = queues.get(statement.name) ?? { waiting: [], underWay: 0, isDue: false }
      queues.set(statement.name, queue)
      queue.waiting.push({ run, resolve, reject })
      if (queue.isDue) return
      queue.isDue = true
      setImmediate(openLanes, statement, queue)
    })
}
