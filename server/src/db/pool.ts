import pg from 'pg'
import { NamedQuery, type Statement } from './namedQuery.ts'

export type { Statement } from './namedQuery.ts'

/** Runs named statements, inside or outside a transaction. */
export interface Tx {
  run<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]>
}

/** The one door to PostgreSQL. */
export interface Database extends Tx {
  /** Runs `work` in one transaction; rolls back when it throws. No network call may happen inside. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** Runs one statement for each list of values, in one round trip and one transaction. @returns the rows of each run */
  runEach<Row>(statement: Statement, runs: readonly (readonly unknown[])[]): Promise<Row[][]>
  readonly pool: pg.Pool
  close(): Promise<void>
}

/** SQLSTATE of a unique violation; what two writers of the same key see. */
export const uniqueViolation = '23505'

/** The SQLSTATE of a database error, or null for any other error. */
export function sqlStateOf(error: unknown): string | null {
  return error instanceof pg.DatabaseError && error.code !== undefined ? error.code : null
}

/** An error of the driver knows only the socket it came from: its trace is replaced by the one of the code that asked. */
function tracedToCaller(error: Error): never {
  Error.captureStackTrace(error)
  throw error
}

function runOn<Row>(client: pg.ClientBase, statement: Statement, values: readonly unknown[]): Promise<Row[]> {
  return new Promise<Row[]>((resolve, reject) => {
    client.query(new NamedQuery<Row>(statement, [values], (error, [rows = []]) => (error ? reject(error) : resolve(rows))))
  }).catch(tracedToCaller)
}

/** A statement that PostgreSQL refused leaves its connection as good as before; after anything else it is thrown away. */
function isConnectionGood(error: Error | null): boolean {
  return error === null || (error instanceof pg.DatabaseError && error.severity === 'ERROR')
}

/** Takes a connection, runs one statement, gives it back. The pool's own query does the same with more ceremony. */
function runIn<Row>(pool: pg.Pool, statement: Statement, runs: readonly (readonly unknown[])[]): Promise<Row[][]> {
  return new Promise<Row[][]>((resolve, reject) => {
    pool.connect((refused, client, release) => {
      if (refused !== undefined || client === undefined) {
        reject(refused ?? new Error('no connection'))
        return
      }
      const query = new NamedQuery<Row>(statement, runs, (error, results) => {
        release(isConnectionGood(error) ? undefined : error)
        if (error) reject(error)
        else resolve(results)
      })
      client.query(query)
    })
  }).catch(tracedToCaller)
}

/**
 * Opens the pool. Eight connections: more only wait for each other on few cores. They stay open: a timer for each idle one
 * would be set and cleared with every query.
 * @param onError called when an idle connection dies, which must not end the process.
 */
export function openDatabase(url: string, onError: (error: Error) => void, connections = 8): Database {
  const pool = new pg.Pool({ connectionString: url, max: connections, connectionTimeoutMillis: 5000, idleTimeoutMillis: 0 })
  pool.on('error', onError)
  // A connection checked out when the server dies reports here too; without a listener the process would end.
  pool.on('connect', (client) => client.on('error', onError))
  return {
    async run<Row>(statement: Statement, values: readonly unknown[]) {
      const [rows = []] = await runIn<Row>(pool, statement, [values])
      return rows
    },
    runEach: (statement, runs) => runIn(pool, statement, runs),
    pool,
    async transaction(work) {
      const client = await pool.connect()
      try {
        await client.query('begin')
        const result = await work({ run: (statement, values) => runOn(client, statement, values) })
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
    close: () => pool.end(),
  }
}
