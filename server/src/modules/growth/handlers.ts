import { handle, type JobHandler } from '../../jobs/handle.ts'
import type { Services } from '../../services.ts'
import { awardCompletedForms } from './formCommands.ts'
import { awardFormGrowth } from './jobs.ts'

/** After midnight's tier decisions: what a torn job left over is made up for. */
const nightly = '40 1 * * *'

export function growthHandlers(services: Pick<Services, 'db' | 'now'>): JobHandler[] {
  return [handle(awardFormGrowth, async ({ memberId }) => void (await awardCompletedForms(services, memberId)), { cron: nightly, payload: { memberId: null } })]
}
