import { statfs } from 'node:fs/promises'
import type { Services } from '../../services.ts'
import type { Vitals } from './queries.ts'
import { setGauges, setOwnGauges } from './setGauges.ts'

/** The text format of Prometheus. */
export const metricsType = 'text/plain; version=0.0.4; charset=utf-8'

async function diskFreeRatio(folder: string): Promise<number | null> {
  try {
    const { bavail, blocks } = await statfs(folder)
    return blocks === 0 ? null : bavail / blocks
  } catch {
    return null
  }
}

/** All figures in the text format of Prometheus. A database that is away is told by a figure: what is counted here stays readable. */
export async function scrape(services: Pick<Services, 'env' | 'db' | 'log' | 'metrics'>, vitals: () => Promise<Vitals>): Promise<string> {
  const { metrics, db, env, log } = services
  let isUp = true
  try {
    setGauges(metrics.gauges, await vitals())
  } catch (error) {
    isUp = false
    log.warn({ err: error }, 'the database did not answer for the figures')
  }
  // The folder of erasures is made with the first of them.
  const free = (env.erasureListDir === null ? null : await diskFreeRatio(env.erasureListDir)) ?? (await diskFreeRatio(process.cwd()))
  setOwnGauges(metrics.gauges, db.pool, isUp, free)
  return metrics.registry.metrics()
}
