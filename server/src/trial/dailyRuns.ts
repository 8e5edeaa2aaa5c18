import { localDateOf, nextDay, startOfDay } from '@qihui/shared/tier'
import type { JobHandler } from '../jobs/handle.ts'

const minuteMs = 60_000

/** One run of a job that goes by the clock. */
export interface DailyRun {
  readonly at: Date
  readonly handler: JobHandler
}

/** Minutes after midnight a schedule fires on a local day, or null when it does not, or fires more than once a day. */
function minuteOn(cron: string, day: string): number | null {
  const [, minute, hour, dayOfMonth, weekday] = /^(\d{1,2}) (\d{1,2}) (\*|\d{1,2}) \* (\*|[0-6])$/.exec(cron) ?? []
  if (minute === undefined || hour === undefined) return null
  if (dayOfMonth !== '*' && Number(dayOfMonth) !== Number(day.slice(8))) return null
  if (weekday !== '*' && Number(weekday) !== new Date(day).getUTCDay()) return null
  return Number(hour) * 60 + Number(minute)
}

/** Runs that fall after one instant and up to another, oldest first. Jobs of every hour or minute are left to the real clock. */
export function dailyRuns(handlers: readonly JobHandler[], after: Date, until: Date): DailyRun[] {
  const runs: DailyRun[] = []
  const last = localDateOf(until.toISOString())
  for (let day = localDateOf(after.toISOString()); day <= last; day = nextDay(day)) {
    for (const handler of handlers) {
      const minute = handler.schedule === null ? null : minuteOn(handler.schedule.cron, day)
      if (minute !== null) runs.push({ at: new Date(Date.parse(startOfDay(day)) + minute * minuteMs), handler })
    }
  }
  return runs.filter(({ at }) => at > after && at <= until).sort((one, other) => one.at.getTime() - other.at.getTime())
}
