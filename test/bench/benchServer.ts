/**
 * The web half of the product as a process of its own, with WeChat and WeCom answered in process: what is measured is the
 * product, not a stand-in's speed. A second, plain Koa application with the same staff check is the ceiling of `jssdk_sign`.
 * Started with an IPC channel: takes the settings, answers the ports.
 */
import type { AddressInfo } from 'node:net'
import Koa from 'koa'
import { createApp } from '@qihui/server/app'
import { createServices } from '@qihui/server/services'
import { readEnv } from '@qihui/server/src/env.ts'
import { staffCookie } from '@qihui/server/src/http/actor.ts'
import { createStaffSessions } from '@qihui/server/src/modules/staff/sessions.ts'
import type { Services } from '@qihui/server/src/services.ts'

export interface BenchServerPorts {
  readonly product: number
  readonly plain: number
}

const TICKET_LIFE_MS = 7200_000
/** No request of a bench is one too many, but each is counted. */
const REQUESTS_PER_MINUTE = 100_000_000

function withVendorsInProcess(services: Services): Services {
  const ticket = async () => ({ ticket: 'bench-ticket-0000000000000000000000000000000000000000000000000000', expiresAt: new Date(Date.now() + TICKET_LIFE_MS) })
  const wecom = { ...services.wecom, getCorpTicket: ticket, getAgentTicket: ticket }
  // The phone code of a bench request is the number itself.
  const wechat = { ...services.wechat, phoneOfCode: async (code: string) => ({ phoneNumber: code, countryCode: '86' }) }
  return { ...services, wecom, wechat }
}

function plainApp(services: Services): Koa {
  const sessions = createStaffSessions(services)
  const app = new Koa()
  app.use(async (ctx) => {
    const staff = await sessions.authenticate(ctx.cookies.get(staffCookie) ?? '')
    if (staff === null) ctx.throw(401)
    ctx.body = { timestamp: 1789000000, nonceStr: '00000000000000000000000000000000', signature: '0000000000000000000000000000000000000000' }
  })
  return app
}

function listen(app: Koa): Promise<number> {
  return new Promise((resolve) => {
    const server = app.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
    server.keepAliveTimeout = 60_000
  })
}

process.once('message', (settings: Record<string, string>) => {
  const services = withVendorsInProcess(createServices(readEnv(settings)))
  void Promise.all([listen(createApp(services, { requestsPerMinute: REQUESTS_PER_MINUTE })), listen(plainApp(services))]).then(([product, plain]) => {
    process.on('message', () => process.send?.({ rssMb: process.memoryUsage.rss() / 1024 / 1024 }))
    process.send?.({ product, plain } satisfies BenchServerPorts)
  })
})
process.once('disconnect', () => process.exit(0))
