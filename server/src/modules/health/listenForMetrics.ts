import { createServer, type Server } from 'node:http'
import type { Services } from '../../services.ts'
import { createGuard } from './createGuard.ts'
import { createVitals } from './queries.ts'
import { metricsType, scrape } from './scrape.ts'

/** A listener for the figures alone, so that a worker has them too and no proxy can show them; null unless METRICS_PORT is set. */
export async function listenForMetrics(services: Pick<Services, 'env' | 'db' | 'now' | 'log' | 'metrics'>): Promise<Server | null> {
  const { env, log } = services
  if (env.metricsToken === null || env.metricsPort === null) return null
  const mayRead = createGuard(env.metricsToken)
  const vitals = createVitals(services)
  const server = createServer((request, response) => {
    if (request.url?.split('?', 1)[0] !== '/metrics' || request.method !== 'GET') return void response.writeHead(404).end()
    if (!mayRead(request.headers.authorization)) return void response.writeHead(401, { 'www-authenticate': 'Bearer' }).end('Send METRICS_TOKEN as a bearer token.\n')
    scrape(services, vitals).then(
      (text) => response.writeHead(200, { 'content-type': metricsType, 'cache-control': 'no-store' }).end(text),
      (error: unknown) => {
        log.error({ err: error }, 'figures could not be read')
        response.writeHead(500).end()
      },
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(env.metricsPort ?? 0, env.host, () => resolve())
  })
  return server
}
