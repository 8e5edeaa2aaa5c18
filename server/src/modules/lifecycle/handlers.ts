import { handle, type JobHandler } from '../../jobs/handle.ts'
import type { Services } from '../../services.ts'
import { purgeExpired } from './jobs.ts'
import { deleteExpiredDrafts, deleteExpiredSessions, deleteOldCallbackEvents, deleteOldDeliveries, deleteOldIdempotencyKeys, deleteOldRiskCounters } from './tables.ts'

/** Every night while shops are closed. */
const nightly = '30 3 * * *'

const purges = [deleteExpiredSessions, deleteExpiredDrafts, deleteOldIdempotencyKeys, deleteOldRiskCounters, deleteOldCallbackEvents, deleteOldDeliveries]

export function lifecycleHandlers({ db, now }: Pick<Services, 'db' | 'now'>): JobHandler[] {
  const purge = async () => {
    for (const statement of purges) await db.run(statement, [now()])
  }
  return [handle(purgeExpired, purge, { cron: nightly, payload: {} })]
}
