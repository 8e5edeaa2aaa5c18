import pg from 'pg'
import { gatherRuns } from './gatherRuns.ts'
import type { SetStatement, Statement } from './namedQuery.ts'
import { runAsSet, runIn, runOn, runOneOn } from './runStatement.ts'
import { watchConnections } from './watchConnections.ts'

export { bytesInSet, type SetStatement, type Statement } from './namedQuery.ts'

/** Runs named statements, inside or outside a transaction. */
export interface Tx {
  run<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]>
  /**
   * For a statement that many ask for at once and that is done in no time. Outside a transaction, runs that come while one is under way
   * share the next round trip, statement and commit. Each still stands alone: it resolves after its commit, and a refused one fails without
   * the others. Inside a transaction it goes by itself.
   * @param run its record of values
   */
  runInSet<Row>(statement: SetStatement, run: object): Promise<Row[]>
}

/** The one door to PostgreSQL. */
export interface Database extends Tx {
  /** Runs `work` in one transaction; rolls back when it throws. No network call may happen inside. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  readonly pool: pg.Pool
  close(): Promise<void>
}

/** SQLSTATE of a unique violation; what two writers of the same key see. */
export const uniqueViolation = '23505'

/** The SQLSTATE of a database error, or null for any other error. */
export function sqlStateOf(error: unknown): string | null {
  return error instanceof pg.DatabaseError && error.code !== undefined ? error.code : null
}

/** How connections of the product greet the database. */
export interface Greeting {
  /** What they may do, taken with the greeting, so that it costs no statement (ADR 0019). */
  readonly role?: string | null
  /** Nothing is said: for poolers that refuse start-up options. */
  readonly isGreetingPlain?: boolean
}

/**
 * The start-up options of a connection, for the driver. Compiling a plan costs up to a second each time it runs, and PostgreSQL decides for it by
 * an estimate that a burst has overtaken (ADR 0023).
 */
export function greetingOf({ role, isGreetingPlain }: Greeting): { readonly options?: string } {
  if (isGreetingPlain) return {}
  return { options: ['-c jit=off', ...(role ? [`-c role=${role}`] : [])].join(' ') }
}

/**
 * Opens the pool. Eight connections: more only wait for each other on few cores. They stay open: a timer for each idle one
 * would be set and cleared with every query.
 * @param onError called when an idle connection dies, which must not end the process.
 */
export function openDatabase(url: string, onError: (error: Error) => void, options: Greeting & { readonly connections?: number } = {}): Database {
  const pool = new pg.Pool({ connectionString: url, max: options.connections ?? 8, connectionTimeoutMillis: 5000, idleTimeoutMillis: 0, keepAlive: true, keepAliveInitialDelayMillis: 10_000, ...greetingOf(options) })
  pool.on('error', onError)
  // A connection checked out when the server dies reports here too; without a listener the process would end.
  pool.on('connect', (client) => client.on('error', onError))
  const stopWatching = watchConnections(pool, url, (count) => onError(new Error(`${count} connections to the database were dead and are replaced`)))
  const runInSet = gatherRuns((statement, runs) => runAsSet(pool, statement, runs))
  return {
    run: (statement, values) => runIn(pool, statement, values),
    runInSet,
    pool,
    async transaction(work) {
      const client = await pool.connect()
      try {
        await client.query('begin')
        const result = await work({ run: (statement, values) => runOn(client, statement, values), runInSet: (statement, run) => runOneOn(client, statement, run) })
        await client.query('commit')
        client.release()
        return result
      } catch (error) {
        // A failed rollback means the connection is gone; either way it is not given back to the pool.
        await client.query('rollback').then(
          () => client.release(),
          (rollbackError: Error) => client.release(rollbackError),
        )
        throw error
      }
    },
    close() {
      stopWatching()
      return pool.end()
    },
  }
}
