import { localDateOf } from '@qihui/shared/tier'
import { handle, type JobHandler } from '../../jobs/handle.ts'
import type { Services } from '../../services.ts'
import { advanceTo } from './commands.ts'
import { advanceTiers } from './jobs.ts'

/** Ten minutes after midnight: postings of the old day have committed. */
const afterMidnight = '10 0 * * *'

export function tierHandlers(services: Pick<Services, 'db' | 'now' | 'log'>): JobHandler[] {
  const advance = async () => {
    const members = await advanceTo(services, localDateOf(services.now().toISOString()))
    services.log.info({ members }, 'tiers decided')
  }
  return [handle(advanceTiers, advance, { cron: afterMidnight, payload: {} })]
}
