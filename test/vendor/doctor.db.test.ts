import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { examine } from '@qihui/server/src/modules/doctor/examine.ts'
import type { runDoctor } from '@qihui/shared/doctor'
import type { ResponseOf } from '@qihui/shared/http'
import { afterEach, describe, expect, it } from 'vitest'
import { staffCookieOf } from '../factories/staffCookieOf.ts'
import { startServer, type RunningServer } from '../factories/startServer.ts'

type Report = ResponseOf<typeof runDoctor>
const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const each of open.splice(0)) await each.close()
})

/** The product on the real clock: the doctor compares it with the vendor's. */
async function start(settings: Readonly<Record<string, string>> = {}): Promise<RunningServer> {
  const running = await startServer({ withWorker: false, peopleCount: 20, settings })
  open.push(running)
  return running
}

/** As `npm run doctor` does: a wrong secret lets nobody log in to the console. */
const examined = (running: RunningServer): Promise<Report> => examine(running.services)

/** As the console does. */
async function examinedByConsole(running: RunningServer): Promise<Report> {
  const response = await fetch(`${running.url}/api/console/doctor/runs`, { method: 'POST', headers: { cookie: await staffCookieOf(running, 'manager.wu'), origin: running.url } })
  expect(response.status).toBe(200)
  return (await response.json()) as Report
}

const outcomes = ({ findings }: Report): Record<string, string> => Object.fromEntries(findings.map(({ key, outcome }) => [key, outcome]))
const detailOf = ({ findings }: Report, key: string): string => findings.find((finding) => finding.key === key)?.detail ?? ''

describe('the doctor, before a platform that is really there', () => {
  it('finds a fresh set-up in order and knows what it cannot know yet', async () => {
    const report = await examinedByConsole(await start())
    expect(Object.entries(outcomes(report)).filter(([, outcome]) => outcome === 'failed' || outcome === 'skipped')).toEqual([])
    expect(outcomes(report)).toMatchObject({ corpId: 'ok', agentSecret: 'ok', trustedIp: 'ok', contactRight: 'ok', trustedDomain: 'ok', callbackUrl: 'ok', callbackPushes: 'waiting', clock: 'ok', developerId: 'waiting', tagOwnership: 'waiting', miniProgramSecret: 'ok', mail: 'ok', sms: 'ok' })
  })

  it.each<readonly [string, Readonly<Record<string, string>>, string]>([
    ['a wrong corp id', { WECOM_CORP_ID: 'ww0000000000000000' }, 'corpId'],
    ['a wrong secret', { WECOM_AGENT_SECRET: 'not-the-secret-of-this-app' }, 'agentSecret'],
    ['an agent id of another app', { WECOM_AGENT_ID: '1000099' }, 'agent'],
    ['a wrong mini-program secret', { WECHAT_MP_SECRET: 'not-the-secret-of-this-app' }, 'miniProgramSecret'],
    ['a vendor host that does not exist', { WECOM_API_BASE: 'http://127.0.0.1:9' }, 'corpId'],
  ])('points at %s, and at nothing else', async (_what, settings, key) => {
    const report = await examined(await start(settings))
    expect(report.findings.filter(({ outcome }) => outcome === 'failed').map((finding) => finding.key)).toEqual([key])
  })

  it('points at what the platform is set to', async () => {
    const running = await start()
    const { settings } = running.sandbox
    settings.trustedIps = ['203.0.113.1']
    expect(detailOf(await examined(running), 'trustedIp')).toMatch(/127\.0\.0\.1|::1/)
    settings.trustedIps = null
    settings.hasContactApi = false
    settings.trustedDomains = ['other.example.com']
    expect(outcomes(await examined(running))).toMatchObject({ trustedIp: 'ok', callableApps: 'failed', contactRight: 'skipped', trustedDomain: 'failed' })
  })

  it('tells why pushes were refused, and forgets it with the next good one', async () => {
    const running = await start()
    await fetch(`${running.serverUrl}/callbacks/wecom`)
    expect(outcomes(await examined(running))).toMatchObject({ callbackPushes: 'waiting' })
    const query = new URLSearchParams({ msg_signature: '0'.repeat(40), timestamp: String(Math.floor(Date.now() / 1000)), nonce: 'n' })
    const refusal = await fetch(`${running.serverUrl}/callbacks/wecom?${query}`, { method: 'POST', body: '<xml><Encrypt>AAAA</Encrypt></xml>' })
    expect(refusal.status).toBe(403)
    expect(await refusal.text()).not.toMatch(/signature|签名/)
    expect(detailOf(await examined(running), 'callbackPushes')).toMatch(/签名不符（1 次）/)
    await running.sandbox.world.addContact({ personId: 'p001', staffUserId: 'rep.li' })
    await expect.poll(async () => (await running.services.db.pool.query('select 1 from callback_event')).rowCount, { timeout: 5_000 }).toBeGreaterThan(0)
    expect(outcomes(await examined(running)).callbackPushes).toBe('ok')
  })

  it('knows an AES key that differs from the console', async () => {
    const running = await start({ WECOM_CALLBACK_AES_KEY: 'A7Xn2mVb9Lk4Ts8Rw1Yc6Hd3Jf5Gp0ZaEuIoQxNvBtM' })
    await running.sandbox.world.addContact({ personId: 'p001', staffUserId: 'rep.li' })
    await expect.poll(async () => detailOf(await examined(running), 'callbackPushes'), { timeout: 15_000 }).toMatch(/解密失败|不是本企业/)
  })

  it('is asked by operators only', async () => {
    const running = await start()
    const cookie = await staffCookieOf(running, 'rep.li')
    expect((await fetch(`${running.url}/api/console/doctor/runs`, { method: 'POST', headers: { cookie, origin: running.url } })).status).toBe(403)
  })
})

describe('the round trip of the callback address', () => {
  type Answer = { readonly status: number; readonly body: string; readonly headers?: Record<string, string> }

  it.each<readonly [string, (body: string) => Answer, RegExp]>([
    ['adds quotes', (body) => ({ status: 200, body: JSON.stringify(body) }), /引号/],
    ['adds a BOM', (body) => ({ status: 200, body: `\uFEFF${body}` }), /BOM/],
    ['adds a newline', (body) => ({ status: 200, body: `${body}\n` }), /换行/],
    ['adds a slash', () => ({ status: 307, body: '', headers: { location: '/callbacks/wecom/' } }), /HTTP 307/],
    ['serves the front end', () => ({ status: 200, body: '<!doctype html>' }), /网页/],
    ['does nothing wrong', (body) => ({ status: 200, body }), /都正确/],
  ])('sees a proxy that %s', async (_what, wrong, detail) => {
    let target = ''
    const proxy: Server = createServer((request, response) => {
      void (async () => {
        const answer = await fetch(target + (request.url ?? ''))
        const { status, body, headers = {} } = wrong(await answer.text())
        response.writeHead(status, headers).end(body)
      })()
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    open.push({ close: () => new Promise((resolve) => void proxy.close(() => resolve())) })
    const running = await start({ PUBLIC_URL: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` })
    target = running.serverUrl
    expect(detailOf(await examined(running), 'callbackUrl')).toMatch(detail)
  })
})
