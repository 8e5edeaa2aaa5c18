import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApp } from '../app.ts'
import { createTestServices, type TestServices } from '../testing/index.ts'

let services: TestServices
let dist: string
let base: string
const server = createServer()
beforeAll(async () => {
  dist = await mkdtemp(path.join(tmpdir(), 'pages-'))
  for (const name of ['sidebar', 'console', 'invite']) await writeFile(path.join(dist, `${name}.html`), '<!doctype html><!--invite-->')
  services = await createTestServices({ settings: { PUBLIC_URL: 'https://member.example.com', SIDEBAR_DIST: dist } })
  await services.db.pool.query(`insert into channel (channel_id, token, kind, name, state, created_at) values (gen_random_uuid(), $1, 'inviteLink', '邀请', 'ready', $2)`, ['A'.repeat(22), services.now()])
  server.on('request', createApp(services).callback())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve))
  await services.close()
  await rm(dist, { recursive: true })
})

const pages = ['/sidebar', '/console', `/i/${'A'.repeat(22)}`, `/i/${'B'.repeat(22)}`, '/api/staff/oauth/callback?code=x&state=y']

describe.each(pages)('the page %s', (page) => {
  const headersOf = async () => (await fetch(base + page, { redirect: 'manual' })).headers

  it('is HTML with a policy that allows no script but ours and no inline script', async () => {
    const headers = await headersOf()
    expect(headers.get('content-type')).toContain('text/html')
    const policy = headers.get('content-security-policy') ?? ''
    const scripts = /(?:script-src|default-src) ([^;]*)/.exec(policy)?.[1] ?? ''
    expect(["'self'", "'none'"]).toContain(scripts.trim())
    expect(policy).toContain('frame-ancestors')
    expect(policy).not.toMatch(/unsafe-/)
    const styles = /style-src ([^;]*)/.exec(policy)?.[1] ?? scripts
    expect(styles.trim()).toMatch(/^('self'|'sha256-[\w+/=]+'|'self' 'sha256-[\w+/=]+')$/)
  })

  it('asks for HTTPS for a year, no guessing of types, and no feature of the device', async () => {
    const headers = await headersOf()
    expect(headers.get('strict-transport-security')).toMatch(/max-age=31536000/)
    expect(headers.get('permissions-policy')).toContain('camera=()')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  })
})

describe('frames', () => {
  it('of WeCom may show the sidebar, nobody else', async () => {
    expect((await fetch(`${base}/sidebar`)).headers.get('content-security-policy')).toContain("frame-ancestors 'self' https://*.work.weixin.qq.com")
  })
})

describe('an answer of the API', () => {
  it('is never kept and never guessed', async () => {
    const { headers } = await fetch(`${base}/api/policies/current`)
    expect([headers.get('cache-control'), headers.get('x-content-type-options')]).toEqual(['no-store', 'nosniff'])
  })
})
