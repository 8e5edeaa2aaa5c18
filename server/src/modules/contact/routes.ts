import { getSidebarContact as getSidebarContactContract, refreshContact } from '@qihui/shared/contact'
import { route, type Route } from '../../http/route.ts'
import { enqueue } from '../../jobs/enqueue.ts'
import type { Services } from '../../services.ts'
import { mirrorContact } from './jobs.ts'
import { getSidebarContact } from './queries.ts'

export function contactRoutes(services: Pick<Services, 'db' | 'now' | 'cipher' | 'forms' | 'tierRules'>): Route[] {
  return [
    route(getSidebarContactContract, ({ actor, params, requestId }) => getSidebarContact(services, actor, params.externalUserId, requestId)),
    route(refreshContact, async ({ params }) => {
      await enqueue(services.db, mirrorContact, { externalUserId: params.externalUserId })
      return { isQueued: true }
    }),
  ]
}
