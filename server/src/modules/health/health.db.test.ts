import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getHealth } from '@qihui/shared/health'
import type { ResponseOf } from '@qihui/shared/http'
import pino from 'pino'
import * as v from 'valibot'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createApp } from '../../app.ts'
import { acceptCallback } from '../../callbacks/acceptCallback.ts'
import { handle } from '../../jobs/handle.ts'
import { runJobs } from '../../jobs/runJobs.ts'
import { hashToken } from '../../security/tokens.ts'
import { createTestServices, type TestServices } from '../../testing/index.ts'
import { createCallWindows } from '../../vendor/callWindows.ts'
import { storeStaff } from '../contact/commands/storeStaff.ts'
import { mirrorContact } from '../contact/jobs.ts'
import { listenForMetrics } from './listenForMetrics.ts'
import { createVitals } from './queries.ts'
import { scrape } from './scrape.ts'

const token = 'k3J9xQ7mZ2vR8wB5nT1cY6pL4hD0sF8g'
const silent = pino({ level: 'silent' })
const open = async (services: TestServices) => {
  const server = createApp(services).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return { server, base: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}
const close = (server: Server) => new Promise((resolve) => server.close(resolve))

let services: TestServices
let server: Server
let base: string
beforeAll(async () => {
  services = await createTestServices({ settings: { METRICS_TOKEN: token, OPERATOR_STAFF_USER_IDS: 'manager.wu' } })
  await storeStaff(services, [{ staffUserId: 'manager.wu', name: '吴敏', departmentIds: [1] }])
  await services.db.pool.query(`insert into staff_session values ($1, 'manager.wu', $2::timestamptz, $2::timestamptz + interval '1 hour')`, [hashToken('cookie-of-wu'), services.now()])
  // Makes the queue's tables, as the first worker does.
  await (await runJobs(services.db, services.env, [handle(mirrorContact, async () => {})], silent)).stop()
  ;({ server, base } = await open(services))
})
afterAll(async () => {
  await close(server)
  await services.close()
})
beforeEach(() => services.db.pool.query('delete from queue.job; delete from outbox; delete from sighting; delete from callback_event'))

/** Figures as they are now; the door keeps them for ten seconds. */
const figuresNow = () => scrape(services, createVitals(services))
/** The value of one series, by its whole name with labels. */
const valueOf = (figures: string, series: string): number | undefined => {
  const line = figures.split('\n').find((candidate) => candidate.startsWith(`${series} `))
  return line === undefined ? undefined : Number(line.slice(series.length + 1))
}
const ask = (path: string, headers: Record<string, string> = {}) => fetch(base + path, { headers })
const bearer = { authorization: `Bearer ${token}` }
const addJob = (name: string, ageSeconds: number) =>
  services.db.pool.query(`insert into queue.job (name, start_after, created_on) values ($1, now() - $2 * interval '1 s', now() - $2 * interval '1 s')`, [name, ageSeconds])

describe('the door of the figures', () => {
  it('opens with the token only', async () => {
    expect((await ask('/metrics')).status).toBe(401)
    expect((await ask('/metrics', { authorization: `Bearer ${token}x` })).status).toBe(401)
    const answer = await ask('/metrics', bearer)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toContain('text/plain')
    expect(await answer.text()).toContain('process_cpu_seconds_total')
  })

  it('is not there while no token is set', async () => {
    const { server: other, base: otherBase } = await open({ ...services, env: { ...services.env, metricsToken: null } })
    expect((await fetch(`${otherBase}/metrics`, { headers: bearer })).status).toBe(404)
    await close(other)
  })

  it('moves to a port of its own where one is set', async () => {
    const moved = { ...services, env: { ...services.env, metricsPort: 0, host: '127.0.0.1' } }
    const { server: web, base: webBase } = await open(moved)
    expect((await fetch(`${webBase}/metrics`, { headers: bearer })).status).toBe(404)
    await close(web)
    const own = await listenForMetrics(moved)
    const address = `http://127.0.0.1:${(own?.address() as AddressInfo).port}`
    expect((await fetch(`${address}/metrics`)).status).toBe(401)
    expect((await fetch(`${address}/metrics`, { headers: bearer })).status).toBe(200)
    expect((await fetch(`${address}/api/console/health`, { headers: bearer })).status).toBe(404)
    if (own) await close(own)
  })
})

describe('the figures', () => {
  it('count answers by route, never by address, and hold nothing a sender chose', async () => {
    const canaries = ['wmCANARYexternal01', 'rep.canary', '13912345678', 'canary-token-0123456789', 'canaryChange']
    await ask(`/api/contacts/${canaries[0]}/profile`, { cookie: `qihui_staff=${canaries[3]}` })
    await ask(`/nowhere/${canaries[1]}?phone=${canaries[2]}`)
    await acceptCallback(services, { event: 'change_external_contact', changeType: 'add_external_contact', fields: new Map(Object.entries({ UserID: 'rep.canary', ExternalUserID: 'wmCANARYexternal01', CreateTime: '1789000000' })) })
    await acceptCallback(services, { event: 'change_external_contact', changeType: 'canaryChange', fields: new Map(Object.entries({ UserID: 'rep.canary' })) })
    await fetch(`${base}/callbacks/wecom?msg_signature=${canaries[3]}&timestamp=1&nonce=2`, { method: 'POST', body: '<xml></xml>' })
    const figures = await figuresNow()
    for (const canary of canaries) expect(figures).not.toContain(canary)
    expect(figures).toMatch(/qihui_http_request_seconds_count\{method="GET",route="\(static\)",status="4xx"\} \d/)
    expect(valueOf(figures, 'qihui_callbacks_total{kind="add_external_contact",known="no"}')).toBe(1)
    expect(valueOf(figures, 'qihui_callbacks_total{kind="unknown",known="no"}')).toBe(1)
    expect(figures).toMatch(/qihui_callbacks_refused_total\{reason="\w+"\} 1/)
    expect(valueOf(figures, 'qihui_outbox_waiting')).toBe(1)
  })

  it('tell how long work waits and what failed for good', async () => {
    await addJob('mirrorContact', 40)
    await addJob('mirrorContact', 10)
    await addJob('mirrorContact', -60)
    await addJob('mirrorContact-dead', 90)
    await addJob('unhandled', 5)
    const figures = await figuresNow()
    expect(valueOf(figures, 'qihui_queue_waiting_jobs{job="mirrorContact"}')).toBe(2)
    expect(valueOf(figures, 'qihui_queue_dead_jobs{job="mirrorContact"}')).toBe(1)
    expect(valueOf(figures, 'qihui_queue_dead_jobs{job="unhandled"}')).toBe(1)
    expect(Math.floor(valueOf(figures, 'qihui_queue_oldest_seconds{job="mirrorContact"}') ?? 0)).toBeGreaterThanOrEqual(40)
    expect(valueOf(figures, 'qihui_callback_lag_seconds')).toBe(valueOf(figures, 'qihui_queue_oldest_seconds{job="mirrorContact"}'))
  })

  it('are what the console is told', async () => {
    await acceptCallback(services, { event: 'change_contact', changeType: 'update_user', fields: new Map(Object.entries({ UserID: 'rep.li' })) })
    await services.sightings.flush()
    const { server: fresh, base: freshBase } = await open(services)
    const answer = await fetch(`${freshBase}${getHealth.path}`, { headers: { cookie: 'qihui_staff=cookie-of-wu' } })
    const health = (await answer.json()) as ResponseOf<typeof getHealth>
    await close(fresh)
    expect(v.is(getHealth.response, health)).toBe(true)
    expect(health).toMatchObject({ outbox: { waiting: 1 }, callbacks: { lastAt: services.now().toISOString() }, audit: { isBroken: false } })
    expect(health.callbacks.stored).toBeGreaterThanOrEqual(1)
  })

  it('tell the age of credentials and that a secret is refused, not their values', async () => {
    await services.db.pool.query(
      `insert into vendor_credential (vendor, app, kind, value_sealed, obtained_at, expires_at, blocked_until) values
        ('wecom', 'corp/app', 'accessToken', '\\x01', $1::timestamptz - interval '10 min', $1::timestamptz + interval '110 min', null),
        ('wechat', 'wxapp', 'accessToken', null, null, null, $1::timestamptz + interval '50 min')`,
      [services.now()],
    )
    const figures = await figuresNow()
    expect(valueOf(figures, 'qihui_vendor_token_age_seconds{vendor="wecom",app="corp/app",kind="accessToken"}')).toBe(600)
    expect(valueOf(figures, 'qihui_vendor_token_expires_in_seconds{vendor="wecom",app="corp/app",kind="accessToken"}')).toBe(6600)
    expect(valueOf(figures, 'qihui_vendor_secret_blocked{vendor="wechat",app="wxapp",kind="accessToken"}')).toBe(1)
  })

  it('say that the database is away, and go on', async () => {
    const figures = await scrape(services, () => Promise.reject(new Error('connection refused')))
    expect(valueOf(figures, 'qihui_database_up')).toBe(0)
    expect(figures).toContain('qihui_http_request_seconds_count')
    expect(valueOf(await figuresNow(), 'qihui_database_up')).toBe(1)
  })

  it('tell of the disk before the folder of erasures is made', async () => {
    const early = { ...services, env: { ...services.env, erasureListDir: '/nowhere/erasures' } }
    expect(valueOf(await scrape(early, createVitals(early)), 'qihui_disk_free_ratio')).toBeGreaterThan(0)
  })

  it('leave out what nobody knows yet, so that no alarm takes it for a zero', async () => {
    const unknown = await createTestServices()
    expect(valueOf(await scrape(unknown, createVitals(unknown)), 'qihui_last_tier_day_age_days')).toBeUndefined()
    await unknown.close()
    await services.db.pool.query(`insert into tier_day (day, finished_at) values ('2026-11-18', $1)`, [services.now()])
    expect(valueOf(await figuresNow(), 'qihui_last_tier_day_age_days')).toBe(2)
  })
})

describe('the quota', () => {
  const path = '/cgi-bin/externalcontact/get'
  const callsOf = async () => (await createVitals(services)()).calls

  it('counts what several processes call, and begins anew with the window', async () => {
    services.clock.at = new Date('2026-11-20T02:10:10.000Z')
    const [one, two] = [createCallWindows(services), createCallWindows(services)]
    for (let call = 0; call < 3; call += 1) one.note(path)
    two.note(path)
    two.note('/cgi-bin/user/get')
    await Promise.all([one.flush(), two.flush()])
    expect(await callsOf()).toEqual([{ path, minute: 4, hour: 4 }, { path: '/cgi-bin/user/get', minute: 1, hour: 1 }])
    services.clock.at = new Date('2026-11-20T02:11:00.000Z')
    one.note(path)
    await one.flush()
    expect(await callsOf()).toContainEqual({ path, minute: 1, hour: 5 })
    services.clock.at = new Date('2026-11-20T03:00:00.000Z')
    expect(await callsOf()).toEqual([])
  })

  it('is what is left of the documented limit', async () => {
    const windows = createCallWindows(services)
    for (let call = 0; call < 9000; call += 1) windows.note(path)
    await windows.flush()
    const figures = await figuresNow()
    expect(valueOf(figures, `qihui_vendor_quota_used{path="${path}",window="minute"}`)).toBe(9000)
    expect(valueOf(figures, `qihui_vendor_quota_left_ratio{path="${path}",window="minute"}`)).toBeCloseTo(0.1)
    expect(valueOf(figures, `qihui_vendor_quota_left_ratio{path="${path}",window="hour"}`)).toBeCloseTo(0.94)
  })
})

describe('a look at the database', () => {
  it('is shared by those who ask within ten seconds', async () => {
    const vitals = createVitals(services)
    expect(await vitals()).toBe(await vitals())
  })
})
