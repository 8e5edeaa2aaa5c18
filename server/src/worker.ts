import type { JobHandler } from './jobs/handle.ts'
import { runJobs, type JobRunner } from './jobs/runJobs.ts'
import { contactHandlers } from './modules/contact/handlers.ts'
import { corpTagHandlers } from './modules/corp-tag/handlers.ts'
import { identityHandlers } from './modules/identity/handlers.ts'
import { lifecycleHandlers } from './modules/lifecycle/handlers.ts'
import type { Services } from './services.ts'

/** The working half of the server: every job handler of every module. */
export function startWorker(services: Services): Promise<JobRunner> {
  const handlers: JobHandler[] = [
    ...contactHandlers(services),
    ...corpTagHandlers(services),
    ...identityHandlers(services),
    ...lifecycleHandlers(services),
  ]
  return runJobs(services.db, services.env.databaseUrl, handlers, services.log)
}
