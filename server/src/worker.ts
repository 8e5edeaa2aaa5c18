import { enqueue } from './jobs/enqueue.ts'
import type { JobHandler } from './jobs/handle.ts'
import { runJobs, type JobRunner } from './jobs/runJobs.ts'
import { approvalHandlers } from './modules/approval/handlers.ts'
import { auditHandlers } from './modules/audit/handlers.ts'
import { startSealer } from './modules/audit/startSealer.ts'
import { benefitHandlers } from './modules/benefit/handlers.ts'
import { advanceBenefits } from './modules/benefit/jobs.ts'
import { channelHandlers } from './modules/channel/handlers.ts'
import { contactHandlers } from './modules/contact/handlers.ts'
import { reconcileContacts, syncStaff } from './modules/contact/jobs.ts'
import { corpTagHandlers } from './modules/corp-tag/handlers.ts'
import { syncCorpTags } from './modules/corp-tag/jobs.ts'
import { deliveryHandlers } from './modules/delivery/handlers.ts'
import { fieldKeyHandlers } from './modules/field-key/handlers.ts'
import { rotateKeys } from './modules/field-key/jobs.ts'
import { growthHandlers } from './modules/growth/handlers.ts'
import { identityHandlers } from './modules/identity/handlers.ts'
import { interactionHandlers } from './modules/interaction/handlers.ts'
import { fetchStaffBehaviour } from './modules/interaction/jobs.ts'
import { lifecycleHandlers } from './modules/lifecycle/handlers.ts'
import { segmentHandlers } from './modules/segment/handlers.ts'
import { tierHandlers } from './modules/tier/handlers.ts'
import { advanceTiers } from './modules/tier/jobs.ts'
import { welcomeHandlers } from './modules/welcome/handlers.ts'
import type { Services } from './services.ts'

/** The working half of the server: every job handler of every module. Starts by reading what WeCom knows: events may have been missed (P3). */
export async function startWorker(services: Services): Promise<JobRunner> {
  // What a night decides about members; all of it from the database, so that a trial can go through hundreds of nights.
  const nights = [...benefitHandlers(services), ...lifecycleHandlers(services), ...tierHandlers(services)]
  const handlers: JobHandler[] = [
    ...nights,
    ...approvalHandlers(services),
    ...auditHandlers(services),
    ...channelHandlers(services),
    ...contactHandlers(services),
    ...corpTagHandlers(services),
    ...deliveryHandlers(services),
    ...fieldKeyHandlers(services),
    ...growthHandlers(services),
    ...identityHandlers(services),
    ...interactionHandlers(services),
    ...segmentHandlers(services),
    ...welcomeHandlers(services),
  ]
  for (const job of [syncStaff, syncCorpTags, reconcileContacts, fetchStaffBehaviour, advanceTiers, advanceBenefits, rotateKeys]) await enqueue(services.db, job, {})
  services.trialClock?.follow(nights)
  const runner = await runJobs(services.db, services.env, handlers, services.log, services.metrics)
  const sealer = startSealer(services)
  return {
    async stop() {
      await sealer.stop()
      await runner.stop()
    },
  }
}
