import { defineContract } from '@qihui/shared/http'
import * as v from 'valibot'
import { route, type Route } from '../http/route.ts'
import type { Services } from '../services.ts'

const dayMs = 86_400_000

/** Not part of the product: there only while it is tried out, so no client knows it from shared. */
const moveTrialClock = defineContract({
  method: 'POST',
  path: '/api/trial/clock',
  audience: 'integration',
  summary: '仅限本机试用：把时间向前拨，并逐日执行其间的夜间任务',
  body: v.strictObject({ offsetMs: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(3660 * dayMs, '最多拨到十年以后')) }),
  response: v.object({ now: v.string(), nightlyRuns: v.number() }),
})

/** Moves the time of the server; no route at all where there is no clock to move. */
export function trialRoutes({ trialClock }: Pick<Services, 'trialClock'>): Route[] {
  if (trialClock === null) return []
  return [
    route(moveTrialClock, async ({ body }) => {
      const nightlyRuns = await trialClock.moveTo(body.offsetMs)
      return { now: trialClock.now().toISOString(), nightlyRuns }
    }),
  ]
}
