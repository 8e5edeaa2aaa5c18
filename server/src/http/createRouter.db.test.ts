import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AppError } from '@qihui/shared/errors'
import { defineContract } from '@qihui/shared/http'
import Koa from 'koa'
import * as v from 'valibot'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLog } from '../log.ts'
import { createTestServices, type TestServices } from '../testing/index.ts'
import { createRouter } from './createRouter.ts'
import { requestScope } from './requestScope.ts'
import { route } from './route.ts'
import { staffWithoutSession } from './actor.ts'

const add = defineContract({
  method: 'POST', path: '/sums', audience: 'staff', permission: 'signedIn', summary: 'adds', isIdempotent: true, status: 201,
  body: v.strictObject({ a: v.number('a 必须是数字'), b: v.number() }),
  response: v.object({ sum: v.number() }),
})
const whoAmI = defineContract({ method: 'GET', path: '/me/:part', audience: 'member', summary: 'who', params: v.object({ part: v.string() }), response: v.object({ openId: v.string() }) })
const confirmSelf = defineContract({ method: 'POST', path: '/confirmations', audience: 'member', summary: 'confirms', response: v.object({ openId: v.string() }) })
const listSecrets = defineContract({ method: 'GET', path: '/console/secrets', audience: 'operator', permission: { action: 'read', subject: 'Rights' }, summary: 'for operators', response: v.object({ name: v.string() }) })
const listCustomers = defineContract({ method: 'GET', path: '/console/customers', audience: 'staff', permission: { action: 'export', subject: 'Contact' }, summary: 'for nobody', response: v.object({ name: v.string() }) })
const forgotten = defineContract({ method: 'GET', path: '/console/forgotten', audience: 'staff', summary: 'unguarded', response: v.object({ name: v.string() }) })

let services: TestServices
let server: Server
let base: string
let runs = 0
const logLines: string[] = []

beforeAll(async () => {
  services = await createTestServices()
  const app = new Koa()
  app.use(requestScope(createLog('info', { write: (line) => void logLines.push(line) })))
  app.use(
    createRouter(
      [
        route(add, async ({ body }) => {
          runs += 1
          if (body.a === 13) throw new AppError('vendor.unavailable')
          if (body.a === 14) throw new Error('a bug with 13800001111 in its text')
          return { sum: body.a + body.b, secret: 'never leaves' }
        }),
        route(whoAmI, async ({ actor }) => ({ openId: actor.openId })),
        route(confirmSelf, async ({ actor }) => ({ openId: actor.openId })),
        route(listSecrets, async ({ actor }) => ({ name: actor.name })),
        route(listCustomers, async ({ actor }) => ({ name: actor.name })),
        route(forgotten, async ({ actor }) => ({ name: actor.name })),
      ],
      {
        db: services.db,
        now: services.now,
        publicOrigin: 'http://localhost:3000',
        authenticators: {
          member: async (token) => (token === 'member-token-000000' ? { kind: 'member', sessionId: 's', namespace: 'mp-openid@wx1', openId: 'o1', unionId: null, externalUserId: null } : null),
          staff: async (token) => (token.endsWith('-token') ? staffWithoutSession('rep.li', '李静', token === 'operator-token') : null),
          integration: async () => null,
        },
      },
    ),
  )
  await new Promise<void>((resolve) => (server = app.listen(0, '127.0.0.1', resolve)))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve))
  await services.close()
})

const staffHeaders = { cookie: 'qihui_staff=staff-token', origin: 'http://localhost:3000', 'content-type': 'application/json' }
async function post(body: string, headers: Record<string, string> = {}): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${base}/sums`, { method: 'POST', headers: { ...staffHeaders, 'idempotency-key': crypto.randomUUID(), ...headers }, body })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

describe('router', () => {
  it('answers only what the contract describes', async () => {
    expect(await post('{"a":1,"b":2}')).toEqual({ status: 201, body: { sum: 3 } })
  })

  it.each([
    ['{"a":1', 400, 'request.malformed'],
    ['"x"', 422, 'request.invalid'],
    ['{"a":1,"b":2,"c":3}', 422, 'request.invalid'],
    ['{"a":1,"b":2,"__proto__":{"x":1}}', 422, 'request.invalid'],
    [`${'['.repeat(10_000)}`, 400, 'request.malformed'],
    [`{"a":"${'x'.repeat(70_000)}"}`, 413, 'request.tooLarge'],
  ])('refuses %.30s with a clear problem', async (body, status, code) => {
    expect(await post(body)).toMatchObject({ status, body: { code, status } })
  })

  it('names the field and what to change', async () => {
    const { body } = await post('{"a":"x","b":2}')
    expect(body['errors']).toEqual([{ path: 'body.a', message: 'a 必须是数字' }])
  })

  it('refuses a foreign or missing origin, another media type, a missing or malformed key', async () => {
    expect(await post('{}', { origin: 'https://evil.example' })).toMatchObject({ status: 403, body: { code: 'request.originRefused' } })
    expect(await post('{}', { origin: '' })).toMatchObject({ status: 403 })
    expect(await post('{}', { 'content-type': 'text/plain' })).toMatchObject({ status: 415 })
    expect(await post('{"a":1,"b":2}', { 'idempotency-key': '' })).toMatchObject({ status: 400, body: { code: 'idempotency.keyMissing' } })
    expect(await post('{"a":1,"b":2}', { 'idempotency-key': 'a b' })).toMatchObject({ status: 400 })
  })

  it('runs once for one key: same answer again, other content refused, twins share one run', async () => {
    const key = crypto.randomUUID()
    const before = runs
    const twins = await Promise.all(Array.from({ length: 10 }, () => post('{"a":4,"b":5}', { 'idempotency-key': key })))
    expect(runs - before).toBe(1)
    for (const twin of twins) expect([201, 409]).toContain(twin.status)
    expect(await post('{"a":4,"b":5}', { 'idempotency-key': key })).toEqual({ status: 201, body: { sum: 9 } })
    expect(await post('{"a":4,"b":6}', { 'idempotency-key': key })).toMatchObject({ status: 422, body: { code: 'idempotency.keyReused' } })
    expect(runs - before).toBe(1)
  })

  it('frees the key when the work failed, so that the same call can be tried again', async () => {
    const key = crypto.randomUUID()
    const before = runs
    expect(await post('{"a":13,"b":1}', { 'idempotency-key': key })).toMatchObject({ status: 502 })
    expect(await post('{"a":13,"b":1}', { 'idempotency-key': key })).toMatchObject({ status: 502 })
    expect(runs - before).toBe(2)
  })

  it('tells nothing of an unexpected failure but its request id', async () => {
    const { status, body } = await post('{"a":14,"b":1}')
    expect(status).toBe(500)
    expect(Object.keys(body).sort()).toEqual(['code', 'requestId', 'status', 'title', 'type'])
  })

  it('asks for the session of the right audience', async () => {
    const call = (headers: Record<string, string>) => fetch(`${base}/me/x`, { headers }).then((response) => response.status)
    expect(await call({})).toBe(401)
    expect(await call({ authorization: 'Bearer unknown-token-00000' })).toBe(401)
    expect(await call({ cookie: 'qihui_staff=staff-token' })).toBe(401)
    expect(await call({ authorization: 'Bearer member-token-000000' })).toBe(200)
  })

  it('takes a member by cookie on our own pages, and refuses a mutation from elsewhere', async () => {
    const confirm = (headers: Record<string, string>) => fetch(`${base}/confirmations`, { method: 'POST', headers }).then((response) => response.status)
    const cookie = 'qihui_member=member-token-000000'
    expect(await confirm({ cookie, origin: 'http://localhost:3000' })).toBe(200)
    expect(await confirm({ cookie })).toBe(403)
    expect(await confirm({ cookie, origin: 'https://evil.example' })).toBe(403)
    expect(await confirm({ authorization: 'Bearer member-token-000000' })).toBe(200)
    expect(await fetch(`${base}/me/x`, { headers: { cookie } }).then((response) => response.status)).toBe(200)
  })

  it('refuses staff who do not hold the permission, and everybody where a contract names none', async () => {
    for (const path of ['/console/customers', '/console/forgotten']) {
      const refused = await fetch(`${base}${path}`, { headers: { cookie: 'qihui_staff=operator-token' } })
      expect([refused.status, await refused.json()]).toMatchObject([403, { code: 'rights.denied' }])
    }
  })

  it('opens the console to operators only', async () => {
    const look = (cookie: string) => fetch(`${base}/console/secrets`, { headers: { cookie } }).then(async (response) => [response.status, ((await response.json()) as { code?: string }).code])
    expect(await look('qihui_staff=operator-token')).toEqual([200, undefined])
    expect(await look('qihui_staff=staff-token')).toEqual([403, 'staff.notOperator'])
    expect(await look('')).toEqual([401, 'session.missing'])
  })

  it('knows unknown paths from wrong methods', async () => {
    expect((await fetch(`${base}/nothing`)).status).toBe(404)
    const wrong = await fetch(`${base}/sums`)
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST'])
  })

  it('logs the route, never the address', async () => {
    await fetch(`${base}/me/13800001111?code=secret-code`, { headers: { authorization: 'Bearer member-token-000000' } })
    const text = logLines.join('')
    expect(text).toContain('"/me/:part"')
    expect(text).not.toMatch(/secret-code|13800001111|member-token/)
  })
})
