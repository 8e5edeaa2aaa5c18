import { handle, type JobHandler } from '../../jobs/handle.ts'
import { createErasureList } from '../../security/erasureList.ts'
import type { Services } from '../../services.ts'
import { archiveQuiet } from './commands/archiveQuiet.ts'
import { eraseRestricted, personsToErase, reviewWaiting } from './commands/erasures.ts'
import { sendQuietNotice } from './commands/sendQuietNotice.ts'
import { archiveQuietMembers, erasePerson, purgeExpired, reviewErasures, sendQuietNoticeJob } from './jobs.ts'
import {
  deleteExpiredDrafts, deleteExpiredSessions, deleteOldCallbackEvents, deleteOldDeliveries, deleteOldDocumentDays, deleteOldIdempotencyKeys, deleteOldRiskCounters, deleteOldStaffBehaviour,
  forgetExportKeys,
} from './tables.ts'

/** Every night while shops are closed. */
const nightly = '30 3 * * *'
const afterTheNight = '10 4 * * *'

const purges = [deleteExpiredSessions, deleteExpiredDrafts, deleteOldIdempotencyKeys, deleteOldRiskCounters, deleteOldCallbackEvents, deleteOldDeliveries, deleteOldStaffBehaviour, deleteOldDocumentDays, forgetExportKeys]

export function lifecycleHandlers(services: Pick<Services, 'db' | 'now' | 'cipher' | 'env' | 'log' | 'sms'>): JobHandler[] {
  const { db, now, env, log } = services
  const list = createErasureList(env.erasureListDir, env.indexKey)
  return [
    handle(
      purgeExpired,
      async () => {
        for (const statement of purges) await db.run(statement, [now()])
      },
      { cron: nightly, payload: {} },
    ),
    handle(archiveQuietMembers, async (_payload, { signal }) => log.info(await archiveQuiet(services, signal), 'quiet members archived'), { cron: nightly, payload: {} }),
    handle(sendQuietNoticeJob, async ({ memberId, days }) => {
      if (services.sms !== null) await sendQuietNotice(services, memberId, days)
    }),
    handle(erasePerson, async ({ erasureId }) => {
      const persons = await personsToErase(services, erasureId)
      if (persons.length === 0) return
      // On the list first: a crash after this line erases once more at the next start, a crash before it erases by the next try.
      await list.append(persons.map((personId) => ({ erasureId, personHash: list.hashOf(personId) })))
      log.info({ erasureId, outcome: await eraseRestricted(services, erasureId) }, 'erasure')
    }),
    handle(reviewErasures, async () => log.info({ due: await reviewWaiting(services) }, 'retention looked at'), { cron: afterTheNight, payload: {} }),
  ]
}
