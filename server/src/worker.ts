import type { JobHandler } from './jobs/handle.ts'
import { runJobs, type JobRunner } from './jobs/runJobs.ts'
import { identityHandlers } from './modules/identity/handlers.ts'
import type { Services } from './services.ts'

/** The working half of the server: every job handler of every module. */
export function startWorker(services: Services): Promise<JobRunner> {
  const handlers: JobHandler[] = [...identityHandlers(services)]
  return runJobs(services.db, services.env.databaseUrl, handlers, services.log)
}
