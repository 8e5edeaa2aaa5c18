import type { Db } from 'pg-boss'
import type { Database } from '../db/pool.ts'

/** One line of the outbox. */
export interface OutboxRow {
  readonly job: string
  readonly job_key: string
  readonly payload: object
  readonly start_after: Date | null
}

/**
 * Moves up to `limit` lines to the queue: taken and handed over in one transaction, so each arrives exactly once.
 * Several relays may run; they skip each other's lines.
 */
export async function relayOutbox(database: Database, limit: number, handOver: (rows: readonly OutboxRow[], db: Db) => Promise<void>): Promise<number> {
  const client = await database.pool.connect()
  try {
    await client.query('begin')
    const taken = await client.query<OutboxRow>({
      name: 'outbox_take',
      text: `delete from outbox where outbox_id in (select outbox_id from outbox order by outbox_id limit $1 for update skip locked)
        returning job, job_key, payload, start_after`,
      values: [limit],
    })
    if (taken.rows.length > 0) {
      await handOver(taken.rows, { executeSql: (text: string, values?: unknown[]) => client.query(text, values) })
    }
    await client.query('commit')
    client.release()
    return taken.rows.length
  } catch (error) {
    await client.query('rollback').then(
      () => client.release(),
      (rollbackError: Error) => client.release(rollbackError),
    )
    throw error
  }
}
