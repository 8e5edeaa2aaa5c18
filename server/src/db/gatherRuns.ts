import pg from 'pg'
import type { Statement } from './namedQuery.ts'

/** Unless the statement says otherwise. */
const defaults = { lanes: 1, runsPerCommit: 64 }
/** A further lane is opened when more than so many wait for each that is open: for fewer, sharing the next commit is cheaper. */
const worthALane = 2
/** A transaction that hangs so long no longer keeps the ones behind it waiting. */
const slowMs = 4_000

/** What tells one queue from another, and how it is worked off. */
type Gathered = Omit<Statement, 'text'>
/** Does runs of a statement in one transaction. @returns the rows of each */
type RunEach<S, Run> = (statement: S, runs: readonly Run[]) => Promise<never[][]>

interface Waiting<Run> {
  readonly run: Run
  resolve(rows: never[]): void
  reject(error: unknown): void
}

/** The runs of one statement that wait for their turn. */
interface Queue<Run> {
  waiting: Waiting<Run>[]
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
 * Runs of one statement that come while a transaction of it is under way share the next one: a burst costs a few commits instead of one
 * each, and a run that comes alone goes with the next turn of the event loop. Each resolves after the commit. When PostgreSQL refuses one of them, none of that
 * transaction has happened, and each runs again alone: only the refused one fails.
 */
export function gatherRuns<S extends Gathered, Run>(runEach: RunEach<S, Run>, patienceMs = slowMs): (statement: S, run: Run) => Promise<never[]> {
  const queues = new Map<string, Queue<Run>>()

  function runAlone(statement: S, { run, resolve, reject }: Waiting<Run>): Promise<void> {
    return runEach(statement, [run]).then(([rows = []]) => resolve(rows), reject)
  }

  async function runBatch(statement: S, batch: readonly Waiting<Run>[]): Promise<void> {
    try {
      const results = await runEach(statement, batch.map(({ run }) => run))
      const handOut = () => batch.forEach(({ resolve }, index) => resolve(results[index] ?? []))
      // The driver sends within this turn of the event loop.
      if (statement.isPipelined) setImmediate(handOut)
      else handOut()
    } catch (error) {
      if (error instanceof pg.DatabaseError && batch.length > 1) await Promise.all(batch.map((one) => runAlone(statement, one)))
      else for (const { reject } of batch) reject(error)
    }
  }

  async function work(statement: S, queue: Queue<Run>): Promise<void> {
    const { runsPerCommit = defaults.runsPerCommit } = statement
    queue.underWay += 1
    while (queue.waiting.length > 0) {
      const batch = queue.waiting.slice(0, runsPerCommit)
      queue.waiting = queue.waiting.slice(runsPerCommit)
      await atMost(runBatch(statement, batch), patienceMs)
    }
    queue.underWay -= 1
  }

  function openLanes(statement: S, queue: Queue<Run>): void {
    queue.isDue = false
    const { lanes = defaults.lanes } = statement
    while (queue.underWay < lanes && queue.waiting.length > queue.underWay * worthALane) void work(statement, queue)
  }

  return (statement, run) =>
    new Promise((resolve, reject) => {
      const queue: Queue<Run> = queues.get(statement.name) ?? { waiting: [], underWay: 0, isDue: false }
      queues.set(statement.name, queue)
      queue.waiting.push({ run, resolve, reject })
      if (queue.isDue) return
      queue.isDue = true
      setImmediate(openLanes, statement, queue)
    })
}
