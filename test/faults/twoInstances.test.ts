import { readdirSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openDatabase } from '@qihui/server/src/db/pool.ts'
import { SMS_PATH } from '../sandbox/vendors/sms/mountSms.ts'
import { staffCookieOf } from '../factories/staffCookieOf.ts'
import { sealCallback, writeEventXml } from '../sandbox/callbacks/sealCallback.ts'
import { openFleet, type Fleet } from './harness/fleet.ts'
import { settle } from './harness/settle.ts'
import { staffCallsOf } from './harness/staffCalls.ts'

const migrations = path.resolve(import.meta.dirname, '../../server/migrations')
/** Within so long a dead line is recovered from (trust test 13), and a stop is over (test 71). */
const recoveryMs = 30_000
const drainMs = 10_000
const clients = 6
const messages = 20

let fleet: Fleet
/** How often the platforms were asked, by path; from the first process on. */
const calls = new Map<string, number>()

beforeAll(async () => {
  fleet = await openFleet({ hasLine: true })
  fleet.sandbox.wire.onEntry(({ what }) => {
    const key = what.split(' ').at(-1) ?? ''
    calls.set(key, (calls.get(key) ?? 0) + 1)
  })
  await fleet.ready()
}, 240_000)
afterAll(() => fleet.close(), 60_000)

/** Longer than a silence on the line is borne. */
async function runLongQuery(): Promise<{ answers: number; complaints: Error[] }> {
  const complaints: Error[] = []
  const database = openDatabase(fleet.postgres.url, (error) => complaints.push(error), { connections: 2 })
  try {
    const rows = await database.run({ name: 'slept', text: 'select pg_sleep(8)::text as slept' }, [])
    return { answers: rows.length, complaints }
  } finally {
    await database.close()
  }
}

const webs = () => fleet.places.filter(({ role }) => role === 'web')

describe('four processes that start at once on an empty database', () => {
  it('bring its schema up once, and publish the first rules once', async () => {
    const files = readdirSync(migrations).filter((name) => name.endsWith('.sql')).length
    const [found] = await fleet.ask<object>(`select (select count(*)::int from schema_migration) as migrations, (select count(distinct name)::int from schema_migration) as distinct_migrations,
      (select count(*) - count(distinct version) from policy_version)::int as repeated_policies, (select count(*)::int from key_check) as key_marks`)
    expect(found).toEqual({ migrations: files, distinct_migrations: files, repeated_policies: 0, key_marks: 2 })
  })

  it('fetch each credential once for all of them', async () => {
    const cookie = await staffCookieOf({ url: fleet.sandbox.url }, 'rep.li')
    const page = encodeURIComponent(`${fleet.sandbox.url}/sidebar/`)
    const sign = ({ port }: { port: number }, kind: string) => fetch(`http://127.0.0.1:${port}/api/jssdk/${kind}-signature?url=${page}`, { headers: { cookie } })
    const answers = await Promise.all(Array.from({ length: 20 }, (_unused, index) => webs().flatMap((web) => [sign(web, index % 2 === 0 ? 'config' : 'agent-config')])).flat())
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    const asked = (name: string): number => calls.get(name) ?? 0
    expect({ token: asked('/cgi-bin/gettoken'), corp: asked('/cgi-bin/get_jsapi_ticket'), agent: asked('/cgi-bin/ticket/get') }).toEqual({ token: 1, corp: 1, agent: 1 })
  })
})

describe('a rolling restart under load', () => {
  it('loses no request, and each process is gone within ten seconds', async () => {
    let isOver = false
    let asked = 0
    const failures: string[] = []
    const client = async (number: number): Promise<void> => {
      for (let turn = 0; !isOver; turn += 1) {
        asked += 1
        const event = { event: 'change_external_contact', changeType: 'of_tomorrow', fields: { UserID: 'rep.li', ExternalUserID: `wmRestart${number}x${turn}` } }
        const { query, body } = sealCallback({ plaintext: writeEventXml(event, 1), timestamp: Math.floor(Date.now() / 1000), nonce: `${number}${turn}` })
        const url = `http://127.0.0.1:${fleet.front.port}/callbacks/wecom?${new URLSearchParams(query)}`
        const status = await fetch(url, { method: 'POST', body }).then(async (answer) => (await answer.arrayBuffer(), String(answer.status)), (error: Error) => String(error.cause ?? error))
        if (status !== '200') failures.push(status)
      }
    }
    const load = Promise.all(Array.from({ length: clients }, (_unused, index) => client(index)))
    const endings = []
    for (const place of fleet.places) {
      endings.push(await fleet.retire(place))
      fleet.restart(place)
      await fleet.ready()
    }
    isOver = true
    await load
    console.info(`${asked} requests over ${endings.length} restarts, each gone after ${endings.map(({ ms }) => `${(ms / 1000).toFixed(1)} s`).join(', ')}`)
    expect(failures).toEqual([])
    expect(endings.map(({ code, ms }) => ({ code, isInTime: ms < drainMs }))).toEqual(endings.map(() => ({ code: 0, isInTime: true })))
    const [stored] = await fleet.ask<{ count: number }>(`select count(*)::int as count from callback_event where change_type = 'of_tomorrow'`)
    expect(stored?.count).toBe(asked)
  }, 240_000)
})

describe('a line to the database that goes dead without a word', () => {
  it('is given up, nothing that was under way is done twice, and a query that takes long is left alone', async () => {
    const longQuery = runLongQuery()
    await settle(fleet)
    const manager = await staffCallsOf(fleet, 'manager.wu')
    const { channelId } = await manager.post('/api/channels', { kind: 'inviteLink', name: '短信邀请' })
    const phones = fleet.sandbox.world.people.flatMap(({ phone }) => phone ?? []).slice(0, messages)
    await manager.post(`/api/channels/${String(channelId)}/deliveries`, { recipients: phones })
    await vi.waitFor(() => expect(fleet.sandbox.effects.of(SMS_PATH).size).toBeGreaterThan(0), { timeout: 30_000, interval: 2 })
    expect(fleet.line.goSilent()).toBeGreaterThan(0)
    const started = Date.now()
    const serves = async (): Promise<void> => {
      const answers = await Promise.all(webs().map(({ port }) => fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(20_000) })))
      expect(answers.map(({ status }) => status)).toEqual(webs().map(() => 200))
    }
    await vi.waitFor(serves, { timeout: 120_000, interval: 100 })
    const recoveredMs = Date.now() - started
    await settle(fleet)
    console.info(`web processes served again after ${(recoveredMs / 1000).toFixed(1)} s, all work was done after ${((Date.now() - started) / 1000).toFixed(1)} s`)
    expect(recoveredMs).toBeLessThan(recoveryMs)
    const arrived = fleet.sandbox.world.outbox().map(({ to }) => to.replace(/\D/g, '').slice(-11))
    expect(arrived.sort()).toEqual([...phones].sort())
    expect(await fleet.ask(`select state from delivery where state <> 'sent'`)).toEqual([])
    expect(await longQuery).toEqual({ answers: 1, complaints: [] })
  }, 360_000)
})

describe('the clock of two workers', () => {
  it('asks for each scheduled job once a minute', async () => {
    const runs = () => fleet.ask<{ runs: number }>(`select count(*)::int as runs from queue.job where name = 'retryPendingLinks' group by date_trunc('minute', created_on)`)
    await vi.waitFor(async () => expect((await runs()).length).toBeGreaterThan(0), { timeout: 100_000, interval: 500 })
    expect((await runs()).every(({ runs: count }) => count === 1)).toBe(true)
  }, 120_000)
})
