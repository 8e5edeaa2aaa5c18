import { getHealth } from '@qihui/shared/health'
import { rawRoute, route, type Route } from '../../http/route.ts'
import type { Services } from '../../services.ts'
import { createGuard } from './createGuard.ts'
import { presentHealth } from './present.ts'
import { createVitals } from './queries.ts'
import { metricsType, scrape } from './scrape.ts'

type HealthServices = Pick<Services, 'env' | 'db' | 'now' | 'log' | 'metrics'>

/** The running state for the console; and, where METRICS_TOKEN is set and no port of its own is, the figures for Prometheus behind it. */
export function healthModuleRoutes(services: HealthServices): Route[] {
  const { env, db } = services
  const vitals = createVitals(services)
  const console = route(getHealth, async () => presentHealth(await vitals(), db.pool))
  if (env.metricsToken === null || env.metricsPort !== null) return [console]
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
  return [console, figures]
}
