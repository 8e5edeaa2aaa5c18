import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSandbox } from '../startSandbox.ts'
import type { Sandbox } from '../types.ts'

const page = '<!doctype html><html><head lang="zh"><title>侧边栏</title></head></html>'

let server: Server
let sandbox: Sandbox
let seen: IncomingMessage[]

beforeAll(async () => {
  seen = []
  server = createServer((request, response) => {
    seen.push(request)
    if (request.url?.startsWith('/sidebar/')) {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': "default-src 'self'; frame-ancestors 'none'", 'x-frame-options': 'DENY', etag: '"1"' })
      response.end(page)
      return
    }
    let size = 0
    request.on('data', (part: Buffer) => { size += part.length })
    request.on('end', () => response.writeHead(201, { 'content-type': 'application/json', 'set-cookie': 'a=1' }).end(JSON.stringify({ size })))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  sandbox = await startSandbox({ port: 0, serverUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
})

afterAll(async () => {
  await sandbox.close()
  server.closeAllConnections()
  server.close()
})

describe('the gateway', () => {
  it('streams a body of megabytes and passes status, headers and cookies on', async () => {
    const response = await fetch(`${sandbox.url}/api/anything?x=1`, { method: 'POST', body: Buffer.alloc(3_000_000) })
    expect(response.status).toBe(201)
    expect(response.headers.get('set-cookie')).toBe('a=1')
    expect(await response.json()).toEqual({ size: 3_000_000 })
  })

  it('says who asked and by which address, and keeps its own header to itself', async () => {
    await fetch(`${sandbox.url}/api/members/me`, { headers: { 'x-sandbox-client': 'phone' } })
    const headers: IncomingHttpHeaders = seen.at(-1)?.headers ?? {}
    expect(headers['x-forwarded-for']).toMatch(/127\.0\.0\.1|::1/)
    expect(headers['x-forwarded-proto']).toBe('http')
    expect(`http://${String(headers['x-forwarded-host'])}`).toBe(sandbox.url)
    expect(headers['x-sandbox-client']).toBeUndefined()
  })

  it('puts the simulated client first into the page of the sidebar, only inside a frame', async () => {
    const framed = await fetch(`${sandbox.url}/sidebar/`, { headers: { 'sec-fetch-dest': 'iframe' } })
    expect(await framed.text()).toContain('<head lang="zh"><script src="/stage/wecom-client.js"></script><title>')
    expect(framed.headers.get('content-security-policy')).toBe("default-src 'self'; frame-ancestors 'self'")
    expect(framed.headers.get('x-frame-options')).toBeNull()
    const plain = await fetch(`${sandbox.url}/sidebar/`)
    expect(await plain.text()).toBe(page)
    expect(plain.headers.get('x-frame-options')).toBe('DENY')
  })

  it('writes a line on the wire by the name of the route, without id or query', async () => {
    await fetch(`${sandbox.url}/api/sidebar/contacts/wmSecretId?code=abc`)
    const line = sandbox.wire.entries().at(-1)
    expect(line).toMatchObject({ from: 'desktop', to: 'server', what: 'GET /api/sidebar/contacts/:externalUserId', meaning: '侧边栏客户名片', status: 201 })
    expect(JSON.stringify(sandbox.wire.entries())).not.toMatch(/wmSecretId|abc/)
  })

  it('explains in words that the product does not answer', async () => {
    const alone = await startSandbox({ port: 0, serverUrl: 'http://127.0.0.1:9' })
    const response = await fetch(`${alone.url}/api/members/me`)
    expect(response.status).toBe(502)
    expect(await response.json()).toMatchObject({ code: 'server.unavailable', title: '产品服务没有响应' })
    await alone.close()
  })
})
