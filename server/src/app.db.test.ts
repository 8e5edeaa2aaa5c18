import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApp } from './app.ts'
import { createTestServices, type TestServices } from './testing/index.ts'

let services: TestServices
const servers: Server[] = []

async function listen(requestsPerMinute: number, publicUrl = 'http://localhost:3000'): Promise<string> {
  const app = createApp({ ...services, env: { ...services.env, publicUrl } }, { requestsPerMinute })
  const server = await new Promise<Server>((resolve) => {
    const started = app.listen(0, '127.0.0.1', () => resolve(started))
  })
  servers.push(server)
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

beforeAll(async () => {
  services = await createTestServices()
})
afterAll(async () => {
  for (const server of servers) await new Promise((resolve) => server.close(resolve))
  await services.close()
})

describe('the app', () => {
  it('refuses a flood with the time to wait, but never a push of WeCom, which would be lost', async () => {
    const base = await listen(2)
    const statusOf = (path: string, method = 'GET') => fetch(`${base}${path}`, { method })
    expect([(await statusOf('/healthz')).status, (await statusOf('/healthz')).status]).toEqual([200, 200])
    const refused = await statusOf('/healthz')
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await refused.json()).toMatchObject({ code: 'request.rateLimited' })
    for (let push = 0; push < 5; push += 1) expect((await statusOf('/callbacks/wecom', 'POST')).status).not.toBe(429)
  })

  it('lets pages load only what we serve, be framed by WeCom, and be asked for by HTTPS alone once we have it', async () => {
    const page = await fetch(`${await listen(100, 'https://member.example.com')}/healthz`)
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'self'.*frame-ancestors 'self' https:\/\/\*\.work\.weixin\.qq\.com/)
    expect(page.headers.get('content-security-policy')).not.toContain('unsafe')
    expect(page.headers.get('strict-transport-security')).toBe('max-age=31536000')
    expect((await fetch(`${await listen(100)}/healthz`)).headers.get('strict-transport-security')).toBeNull()
  })

  it('sends data that no browser guesses at or keeps', async () => {
    const answer = await fetch(`${await listen(100)}/api/registrations/entry`)
    expect(Object.fromEntries(answer.headers)).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store', 'content-type': 'application/json; charset=utf-8' })
    const refused = await fetch(`${await listen(100)}/api/members/me`)
    expect(Object.fromEntries(refused.headers)).toMatchObject({ 'x-content-type-options': 'nosniff', 'content-type': 'application/problem+json; charset=utf-8' })
  })

  it('opens the integration door only with the whole key', async () => {
    const base = await listen(100)
    const read = (key: string) => fetch(`${base}/api/integration/member-codes/read`, {
      method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' }, body: JSON.stringify({ code: 'QH0' }),
    }).then((response) => response.status)
    expect(await read(services.env.integrationApiKey)).toBe(404)
    expect(await read(services.env.integrationApiKey.slice(0, -1))).toBe(401)
    expect(await read(`${services.env.integrationApiKey}x`)).toBe(401)
  })
})
