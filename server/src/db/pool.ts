import pg from 'pg'

/** Named SQL: prepared once per connection under its name. Lives in `tables.ts` of a module. */
export interface Statement {
  readonly name: string
  readonly text: string
}

/** Runs named statements, inside or outside a transaction. */
export interface Tx {
  run<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]>
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

function txOf(client: pg.Pool | pg.PoolClient): Tx {
  return {
    async run<Row>(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
      const result = await client.query({ name: statement.name, text: statement.text, values: values as unknown[] })
      return result.rows as Row[]
    },
  }
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
    ...txOf(pool),
    pool,
    async transaction(work) {
      const client = await pool.connect()
      try {
        await client.query('begin')
        const result = await work(txOf(client))
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
