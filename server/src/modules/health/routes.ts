import { discardDeadLetters, getHealth, listDeadLetterQueues, listDeadLetters, replayDeadLetters } from '@qihui/shared/health'
import { rawRoute, route, type Route } from '../../http/route.ts'
import type { Services } from '../../services.ts'
import { discardLettersOf, replayLettersOf } from './commands.ts'
import { createGuard } from './createGuard.ts'
import { listLetterQueues, listLetters } from './deadLetterQueries.ts'
import { presentHealth } from './present.ts'
import { createVitals } from './queries.ts'
import { metricsType, scrape } from './scrape.ts'

type HealthServices = Pick<Services, 'env' | 'db' | 'now' | 'log' | 'metrics'>

/** Jobs that failed for good: looked at, run again, dropped. */
function letterRoutes(services: HealthServices): Route[] {
  return [
    route(listDeadLetterQueues, () => listLetterQueues(services)),
    route(listDeadLetters, ({ query }) => listLetters(services, query)),
    route(replayDeadLetters, ({ actor, body, requestId }) => replayLettersOf(services, actor, body, requestId)),
    route(discardDeadLetters, ({ actor, body, requestId }) => discardLettersOf(services, actor, body, requestId)),
  ]
}

/** The running state for the console; and, where METRICS_TOKEN is set and no port of its own is, the figures for Prometheus behind it. */
export function healthModuleRoutes(services: HealthServices): Route[] {
  const { env, db } = services
  const vitals = createVitals(services)
  const console = [route(getHealth, async () => presentHealth(await vitals(), db.pool)), ...letterRoutes(services)]
  if (env.metricsToken === null || env.metricsPort !== null) return console
  const mayRead = createGuard(env.metricsToken)
  const figures = rawRoute('GET', '/metrics', async (ctx) => {
    ctx.set('cache-control', 'no-store')
    if (!mayRead(ctx.req.headers.authorization)) {
      ctx.status = 401
      ctx.set('www-authenticate', 'Bearer')
      ctx.body = 'Send METRICS_TOKEN as a bearer token.\n'
      return
    }
    const text = await scrape(services, vitals)
    ctx.set('content-type', metricsType)
    ctx.body = text
  })
  return [...console, figures]
}
