import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSandbox } from '../../startSandbox.ts'
import type { Sandbox } from '../../types.ts'
import { places, readVisit, visitAddress, type PlaceName } from './places.ts'

let server: Server
let sandbox: Sandbox
let seen: IncomingMessage[]

/** A product of three routes: a page, a login that leaves a cookie, and an echo. */
beforeAll(async () => {
  seen = []
  server = createServer((request, response) => {
    seen.push(request)
    const { pathname } = new URL(request.url ?? '/', 'http://product')
    if (pathname.startsWith('/i/')) {
      response.writeHead(200, { 'content-type': 'text/html', 'content-security-policy': "default-src 'self'; style-src 'self'; frame-ancestors 'none'", 'x-frame-options': 'DENY' })
      response.end('<!doctype html><html><head><title>邀请</title></head></html>')
    } else if (pathname === '/api/login') {
      response.writeHead(302, { location: `${sandbox.url}/i/abc?from=login`, 'set-cookie': ['session=s1; Path=/; HttpOnly', 'old=; Max-Age=0'] }).end()
    } else if (pathname === '/api/leave') {
      response.writeHead(302, { location: 'https://elsewhere.example/' }).end()
    } else {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    }
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  sandbox = await startSandbox({ port: 0, serverUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
})

afterAll(async () => {
  await sandbox.close()
  server.closeAllConnections()
  server.close()
})

function visit(place: PlaceName, holder: string, path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${sandbox.url}${visitAddress(place, holder, path)}`, { redirect: 'manual', headers })
}

describe('an address in a place', () => {
  it.each(Object.keys(places) as PlaceName[])('reaches the product from %s under the name of its client', async (place) => {
    await visit(place, 'p001', '/api/anything?a=1')
    expect(seen.at(-1)).toMatchObject({ url: '/api/anything?a=1', headers: { 'user-agent': places[place].userAgent } })
  })

  it('puts the client first into the page, lets the stage frame it and the client draw', async () => {
    const answer = await visit('wechat', 'p001', '/i/abc')
    expect(await answer.text()).toContain('<head><script src="/stage/place-client.js"></script><title>')
    expect(answer.headers.get('content-security-policy')).toBe("default-src 'self'; style-src 'self' 'unsafe-inline'; frame-ancestors 'self'; script-src 'self'")
    expect(answer.headers.get('x-frame-options')).toBeNull()
  })

  it('keeps cookies for this place and person alone, and redirects inside it', async () => {
    const login = await visit('wechat', 'p002', '/api/login', { cookie: 'stage=mine' })
    expect(login.headers.get('location')).toBe('/_place/wechat/p002/i/abc?from=login')
    expect(login.headers.getSetCookie()).toEqual([])
    await visit('wechat', 'p002', '/api/me', { cookie: 'stage=mine' })
    expect(seen.at(-1)?.headers.cookie).toBe('session=s1')
    await visit('phoneBrowser', 'p002', '/api/me')
    expect(seen.at(-1)?.headers.cookie).toBeUndefined()
    await visit('wechat', 'p003', '/api/me')
    expect(seen.at(-1)?.headers.cookie).toBeUndefined()
  })

  it('leaves a redirect to another site as it is', async () => {
    expect((await visit('wechat', 'p001', '/api/leave')).headers.get('location')).toBe('https://elsewhere.example/')
  })

  const authorize = (appid: string, scope: string): string =>
    `/_vendor/open/connect/oauth2/authorize?${new URLSearchParams({ appid, redirect_uri: `${sandbox.url}/api/callback`, response_type: 'code', scope, state: 's1' })}`

  it.each([
    ['wechat', 'p001', 'wx7c3e1f5a9d2b4680', 302],
    ['wecomCustomer', 'p001', 'ww5a1d0c3f7e9b2468', 302],
    ['wecomStaff', 'rep.li', 'ww5a1d0c3f7e9b2468', 302],
    ['wecomCustomer', 'p001', 'wx7c3e1f5a9d2b4680', 200],
    ['phoneBrowser', 'p001', 'wx7c3e1f5a9d2b4680', 200],
    ['desktop', 'p001', 'ww5a1d0c3f7e9b2468', 200],
  ] as const)('gives a code of the authorise page to who is logged in: %s as %s at %s is %i', async (place, holder, appid, status) => {
    const answer = await visit(place, holder, authorize(appid, 'snsapi_base'))
    expect(answer.status).toBe(status)
    if (status === 302) expect(answer.headers.get('location')).toMatch(/^\/_place\/\w+\/[\w.]+\/api\/callback\?code=/)
    else expect(await answer.text()).toContain('无法打开')
  })

  it('shows on the wire as phone or desktop, without the place in the path', async () => {
    await visit('wechat', 'p001', '/api/members/me')
    expect(sandbox.wire.entries().at(-1)).toMatchObject({ from: 'phone', what: 'GET /api/members/me' })
    await visit('desktop', 'p001', '/api/members/me')
    expect(sandbox.wire.entries().at(-1)).toMatchObject({ from: 'desktop', what: 'GET /api/members/me' })
  })

  it.each(['/_place/moon/p001/i/abc', '/_place/wechat', '/_place/wechat/p001', '/i/abc', '/_place/toString/p001/i/abc'])('is not what %s says', (address) => {
    expect(readVisit(address)).toBeNull()
  })
})
