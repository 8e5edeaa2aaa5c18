import pg from 'pg'
import { NamedQuery, type SetStatement, type Statement } from './namedQuery.ts'

type Values = readonly unknown[]

/** An error of the driver knows only the socket it came from: its trace is replaced by the one of the code that asked. */
function tracedToCaller(error: Error): never {
  Error.captureStackTrace(error)
  throw error
}

/** Runs a statement once on a connection that is held. */
export function runOn<Row>(client: pg.ClientBase, statement: Statement, values: Values): Promise<Row[]> {
  return new Promise<Row[]>((resolve, reject) => {
    client.query(new NamedQuery<Row>(statement, values, (error, rows) => (error ? reject(error) : resolve(rows))))
  }).catch(tracedToCaller)
}

/** Runs a set of one on a connection that is held. */
export function runOneOn<Row>(client: pg.ClientBase, { name, setText }: SetStatement, run: object): Promise<Row[]> {
  return runOn(client, { name, text: setText }, [JSON.stringify([run])])
}

/** A statement that PostgreSQL refused leaves its connection as good as before; after anything else it is thrown away. */
function isConnectionGood(error: Error | null): boolean {
  return error === null || (error instanceof pg.DatabaseError && error.severity === 'ERROR')
}

/** Takes a connection, runs a statement once, gives the connection back. The pool's own query does it with more ceremony. */
export function runIn<Row>(pool: pg.Pool, statement: Statement, values: Values): Promise<Row[]> {
  return new Promise<Row[]>((resolve, reject) => {
    pool.connect((refused, client, release) => {
      if (refused !== undefined || client === undefined) {
        reject(refused ?? new Error('no connection'))
        return
      }
      const query = new NamedQuery<Row>(statement, values, (error, rows) => {
        release(isConnectionGood(error) ? undefined : error)
        if (error) reject(error)
        else resolve(rows)
      })
      client.query(query)
    })
  }).catch(tracedToCaller)
}

/** Does all runs in one statement. @returns the rows of each run, after the commit */
export async function runAsSet<Row>(pool: pg.Pool, { name, setText }: SetStatement, runs: readonly object[]): Promise<Row[][]> {
  const rows = await runIn<Row & { readonly run: number }>(pool, { name, text: setText }, [JSON.stringify(runs)])
  const results = runs.map((): Row[] => [])
  for (const row of rows) results[row.run - 1]?.push(row)
  return results
}
