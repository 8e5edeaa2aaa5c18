import type { Statement, Tx } from '../db/pool.ts'
import type { Job } from './defineJob.ts'

const insertOutbox: Statement = {
  name: 'outbox_insert',
  text: 'insert into outbox (job, job_key, payload, start_after) values ($1, $2, $3, $4)',
}

/** Asks for a job in the caller's transaction: it exists exactly when the change does (P5). */
export async function enqueue<Payload extends object>(tx: Tx, job: Job<Payload>, payload: Payload, options: { readonly startAfter?: Date } = {}): Promise<void> {
  await tx.run(insertOutbox, [job.name, job.keyOf(payload), JSON.stringify(payload), options.startAfter ?? null])
}
