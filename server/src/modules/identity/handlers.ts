import type { Identifier } from '@qihui/shared/identity'
import { enqueue } from '../../jobs/enqueue.ts'
import { handle, type JobHandler } from '../../jobs/handle.ts'
import type { Services } from '../../services.ts'
import { linkPerson } from './commands/linkPerson.ts'
import { pendingBatchSize, retryDueLinks } from './commands/retryPendingLinks.ts'
import { linkIdentity, retryPendingLinks } from './jobs.ts'

/** The job door of identity. */
export function identityHandlers(services: Pick<Services, 'db' | 'now' | 'env' | 'log'>): JobHandler[] {
  return [
    handle(linkIdentity, ({ personId, seenTogether }) => linkPerson(services, personId, seenTogether as Identifier[] | undefined)),
    handle(
      retryPendingLinks,
      async () => {
        // More than one batch goes on with the next job, so that none runs into its deadline.
        if ((await retryDueLinks(services)) === pendingBatchSize) await enqueue(services.db, retryPendingLinks, {})
      },
      { cron: '* * * * *', payload: {} },
    ),
  ]
}
