import { addDays, localDateOf, startOfDay } from '@qihui/shared/tier'
import { handle, type JobHandler } from '../../jobs/handle.ts'
import type { Services } from '../../services.ts'
import type { StaffBehaviourDay } from '../../wecom/wecom.ts'
import { storeBehaviour } from './commands.ts'
import { fetchStaffBehaviour } from './jobs.ts'

/** Yesterday's figures are ready in the early morning. */
const everyMorning = '20 6 * * *'
/** Days asked for each time, yesterday the last: a week of outages leaves no gap. WeCom answers at most 30 in one call. */
const daysBack = 7
const parallelReads = 5

type BehaviourServices = Pick<Services, 'db' | 'now' | 'wecom' | 'log'>

async function fetchBehaviour(services: BehaviourServices, signal: AbortSignal): Promise<void> {
  const { wecom, now, log } = services
  const today = localDateOf(now().toISOString())
  const [from, until] = [new Date(startOfDay(addDays(today, -daysBack))), new Date(startOfDay(addDays(today, -1)))]
  const staffUserIds = await wecom.listFollowStaff()
  for (let start = 0; start < staffUserIds.length; start += parallelReads) {
    signal.throwIfAborted()
    const batch = staffUserIds.slice(start, start + parallelReads)
    // One employee a call: for several at once WeCom answers their sum.
    const answers = await Promise.all(batch.map(async (id): Promise<[string, StaffBehaviourDay[] | null]> => [id, await wecom.getStaffBehaviour(id, from, until)]))
    for (const [id, days] of answers) if (days !== null) await storeBehaviour(services, id, days)
  }
  log.info({ staff: staffUserIds.length }, 'staff behaviour fetched')
}

/** The job door of interactions. */
export function interactionHandlers(services: BehaviourServices): JobHandler[] {
  return [handle(fetchStaffBehaviour, (_payload, { signal }) => fetchBehaviour(services, signal), { cron: everyMorning, payload: {} })]
}
