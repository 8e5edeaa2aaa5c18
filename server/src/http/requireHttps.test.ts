import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Koa from 'koa'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { requestScope } from './requestScope.ts'
import { requireHttps } from './requireHttps.ts'

let base: string
const server = createServer()
const publicUrl = 'https://member.example.com'
beforeAll(async () => {
  const hops = (header: string | undefined) => Number(header ?? 1)
  const app = new Koa()
  app.use(requestScope(pino({ level: 'silent' })))
  app.use((ctx, next) => requireHttps({ publicUrl, trustedProxyHops: hops(ctx.get('x-test-hops') || undefined) })(ctx, next))
  app.use((ctx) => void (ctx.body = 'served'))
  server.on('request', app.callback())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

const statusOf = async (path: string, proto: string | null, hops = '1') => (await fetch(base + path, { headers: { 'x-test-hops': hops, ...(proto === null ? {} : { 'x-forwarded-proto': proto }) } })).status

describe('plain HTTP', () => {
  it('is refused with one clear line', async () => {
    const answer = await fetch(`${base}/api/members/me`)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ code: 'transport.insecure', detail: expect.stringContaining(publicUrl) })
  })

  it.each([
    ['https', '1', 200],
    ['http', '1', 400],
    ['https, http', '1', 400],
    ['http, https', '1', 200],
    ['https, https', '2', 200],
    ['http, https', '2', 400],
    ['https, http, https', '2', 400],
    ['https', '0', 400],
    ['HTTPS', '1', 200],
    ['', '1', 400],
  ])('is told by “%s” behind %s trusted proxies: %i', async (proto, hops, status) => {
    expect(await statusOf('/console', proto, hops)).toBe(status)
  })

  it('is enough for probes of the machine itself', async () => {
    expect(await statusOf('/healthz', null)).toBe(200)
    expect(await statusOf('/readyz', null)).toBe(200)
  })
})
