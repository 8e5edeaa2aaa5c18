import type { Database } from '../db/pool.ts'
import { rawRoute, type Route } from './route.ts'

const ping = { name: 'health_ping', text: 'select count(*)::int as migrations from schema_migration' }

/** `/healthz`: the process lives. `/readyz`: it can serve: the database answers, its schema is there, and no stop has begun. */
export function healthRoutes(db: Database, isDraining: () => boolean): Route[] {
  return [
    rawRoute('GET', '/healthz', async (ctx) => {
      ctx.body = { status: 'ok' }
    }),
    rawRoute('GET', '/readyz', async (ctx) => {
      if (isDraining()) {
        ctx.status = 503
        ctx.body = { status: 'unavailable', reason: 'stopping' }
        return
      }
      try {
        await db.run(ping, [])
        ctx.body = { status: 'ready' }
      } catch {
        ctx.status = 503
        ctx.body = { status: 'unavailable', reason: 'database' }
      }
    }),
  ]
}
