import { exportAuditEntries, getAuditVerification, listAccessLog, listAuditEntries, requestAuditVerification } from '@qihui/shared/audit'
import { route, type Route } from '../../http/route.ts'
import { enqueue } from '../../jobs/enqueue.ts'
import type { Services } from '../../services.ts'
import { verifyAuditChain } from './jobs.ts'
import { exportEntries, getLatestVerification, listAccesses, listEntries } from './queries.ts'
import { auditActorOf, recordAudit } from './steps.ts'

/** The audit for those who look after it, and for the member it is about. */
export function auditRoutes(services: Pick<Services, 'db' | 'now' | 'env'>): Route[] {
  return [
    route(listAuditEntries, ({ query }) => listEntries(services, query)),
    route(exportAuditEntries, ({ actor, body, requestId }) => exportEntries(services, actor, body, requestId)),
    route(getAuditVerification, () => getLatestVerification(services)),
    route(requestAuditVerification, async ({ actor, requestId }) => {
      await services.db.transaction(async (tx) => {
        await recordAudit(tx, { at: services.now(), actor: auditActorOf(actor), action: 'audit.verify', subject: 'audit:all', requestId })
        await enqueue(tx, verifyAuditChain, { askedBy: actor.staffUserId })
      })
      return { isQueued: true }
    }),
    route(listAccessLog, ({ actor }) => listAccesses(services, actor)),
  ]
}
