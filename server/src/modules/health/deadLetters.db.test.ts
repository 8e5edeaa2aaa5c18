import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AppError } from '@qihui/shared/errors'
import { listDeadLetterQueues, listDeadLetters, replayDeadLetters } from '@qihui/shared/health'
import type { ResponseOf } from '@qihui/shared/http'
import pino from 'pino'
import * as v from 'valibot'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createApp } from '../../app.ts'
import { defineJob } from '../../jobs/defineJob.ts'
import { enqueue } from '../../jobs/enqueue.ts'
import { handle, type JobHandler } from '../../jobs/handle.ts'
import { runJobs, type JobRunner } from '../../jobs/runJobs.ts'
import { hashToken } from '../../security/tokens.ts'
import { createTestServices, type TestServices } from '../../testing/index.ts'
import { storeStaff } from '../contact/commands/storeStaff.ts'

const greet = defineJob({ name: 'greet', payload: v.object({ externalUserId: v.string(), phone: v.string() }), keyOf: ({ externalUserId }) => externalUserId, retryLimit: 0 })
const silent = pino({ level: 'silent' })
const phone = '13912345678'

let services: TestServices
let server: Server
let base: string
let runner: JobRunner | null = null
beforeAll(async () => {
  services = await createTestServices({ settings: { OPERATOR_STAFF_USER_IDS: 'manager.wu' } })
  await storeStaff(services, ['manager.wu', 'rep.li'].map((staffUserId) => ({ staffUserId, name: staffUserId, departmentIds: [1] })))
  for (const [cookie, staffUserId] of [['cookie-of-wu', 'manager.wu'], ['cookie-of-li', 'rep.li']] as const) {
    await services.db.pool.query(`insert into staff_session values ($1, $2, $3::timestamptz, $3::timestamptz + interval '1 hour')`, [hashToken(cookie), staffUserId, services.now()])
  }
  server = createApp(services).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve))
  await services.close()
})
beforeEach(async () => {
  if (runner === null) await run([])
  await stop()
  await services.db.pool.query('delete from queue.job; delete from outbox')
})
afterEach(() => stop())

async function run(handlers: JobHandler[]): Promise<void> {
  runner = await runJobs(services.db, services.env, handlers, silent)
}
async function stop(): Promise<void> {
  await runner?.stop()
  runner = null
}
const ask = (ids: readonly string[]) => services.db.transaction(async (tx) => {
  for (const externalUserId of ids) await enqueue(tx, greet, { externalUserId, phone })
})

async function call(method: string, path: string, body?: object, cookie = 'cookie-of-wu') {
  const response = await fetch(base + path, {
    method,
    headers: { cookie: `qihui_staff=${cookie}`, origin: 'http://localhost:3000', 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, json: (await response.json()) as unknown }
}
const queues = async () => (await call('GET', listDeadLetterQueues.path)).json as ResponseOf<typeof listDeadLetterQueues>
const letters = async (job = 'greet', cursor = '') => (await call('GET', `${listDeadLetters.path}?job=${job}${cursor && `&cursor=${cursor}`}`)).json as ResponseOf<typeof listDeadLetters>
const replay = async (choice: object, job = 'greet') => (await call('POST', replayDeadLetters.path, { job, choice })).json as ResponseOf<typeof replayDeadLetters>
const until = { timeout: 20_000, interval: 50 }

/** Lets every job of the ids fail for good; `before` are dead already. */
async function letDie(ids: readonly string[], error: Error = new AppError('vendor.unavailable'), before = 0): Promise<void> {
  await run([handle(greet, () => Promise.reject(error))])
  await ask(ids)
  await expect.poll(async () => (await queues()).queues.find(({ job }) => job === 'greet')?.dead, until).toBe(before + ids.length)
  await stop()
}
const audited = async () => (await services.db.pool.query(`select actor_id, action, subject, fields from audit_entry where action like 'deadLetter.%' order by at, audit_entry_id`)).rows as unknown[]

describe('jobs that failed for good', { timeout: 60_000 }, () => {
  it('are told with ids and the cause, and nothing of the customer', async () => {
    await letDie(['wmA'], new AppError('vendor.unavailable', `企业微信不认识 ${phone}`))
    expect((await queues()).queues).toMatchObject([{ job: 'greet', dead: 1, underWay: 0 }])
    const page = await letters()
    expect(page).toMatchObject({ nextCursor: null, deadLetters: [{ job: 'greet', payload: [{ name: 'externalUserId', value: 'wmA' }], failure: { code: 'vendor.unavailable' }, attempts: 1 }] })
    expect(v.is(listDeadLetters.response, page)).toBe(true)
    expect(JSON.stringify(page)).not.toContain(phone)
  })

  it('come in pages without a gap or a repeat', async () => {
    const ids = Array.from({ length: 120 }, (_none, index) => `wm${index}`)
    await letDie(ids)
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page: ResponseOf<typeof listDeadLetters> = await letters('greet', cursor)
      seen.push(...page.deadLetters.map(({ payload }) => payload[0]?.value ?? ''))
      cursor = page.nextCursor
    }
    expect(seen.toSorted()).toEqual(ids.toSorted())
  })

  it('run again with the payload and key they had, once however many ask, and leave a line in the audit', async () => {
    await letDie(['wmA', 'wmB'])
    const [letter] = (await letters()).deadLetters.filter(({ payload }) => payload[0]?.value === 'wmB')
    const answers = await Promise.all(Array.from({ length: 8 }, () => replay({ kind: 'some', deadLetterIds: [letter?.deadLetterId] })))
    expect(answers.map(({ handled }) => handled).toSorted()).toEqual([0, 0, 0, 0, 0, 0, 0, 1])
    expect((await services.db.pool.query('select job, job_key, payload from outbox')).rows).toEqual([{ job: 'greet', job_key: 'wmB', payload: { externalUserId: 'wmB', phone } }])
    const done: string[] = []
    await run([handle(greet, async ({ externalUserId }) => void done.push(externalUserId))])
    await expect.poll(() => done, until).toEqual(['wmB'])
    expect((await queues()).queues).toMatchObject([{ job: 'greet', dead: 1 }])
    expect((await audited()).at(-1)).toEqual({ actor_id: 'manager.wu', action: 'deadLetter.replay', subject: 'job:greet', fields: ['count:1'] })
  })

  it('run again all at once up to an instant: what fails after it is not taken twice', async () => {
    await letDie(['wmA', 'wmB'])
    const { at } = await queues()
    await letDie(['wmC'], new Error('again'), 2)
    expect(await replay({ kind: 'all', gaveUpUntil: at })).toEqual({ handled: 2, left: 0 })
    expect(await replay({ kind: 'all', gaveUpUntil: at })).toEqual({ handled: 0, left: 0 })
    expect((await letters()).deadLetters).toMatchObject([{ payload: [{ value: 'wmC' }] }])
  })

  it('of another version are asked for by the name they had', async () => {
    await run([])
    await ask(['wmA'])
    await expect.poll(async () => (await queues()).queues, until).toMatchObject([{ job: 'unhandled', dead: 1 }])
    await stop()
    expect((await letters('unhandled')).deadLetters).toMatchObject([{ job: 'greet', payload: [{ name: 'externalUserId', value: 'wmA' }], failure: null, attempts: null }])
    const { at } = await queues()
    expect(await replay({ kind: 'all', gaveUpUntil: at }, 'unhandled')).toEqual({ handled: 1, left: 0 })
    expect((await services.db.pool.query('select job, job_key, payload from outbox')).rows).toEqual([{ job: 'greet', job_key: 'wmA', payload: { externalUserId: 'wmA', phone } }])
  })

  it('are dropped with a reason that stays in the audit', async () => {
    await letDie(['wmA'])
    const [letter] = (await letters()).deadLetters
    const body = { job: 'greet', choice: { kind: 'some', deadLetterIds: [letter?.deadLetterId] } }
    expect((await call('POST', '/api/console/dead-letter-discards', body)).status).toBe(422)
    expect((await call('POST', '/api/console/dead-letter-discards', { ...body, reason: 'outdated' })).json).toEqual({ handled: 1, left: 0 })
    expect((await queues()).queues).toEqual([])
    expect((await services.db.pool.query('select 1 from outbox')).rows).toEqual([])
    expect((await audited()).at(-1)).toEqual({ actor_id: 'manager.wu', action: 'deadLetter.discard', subject: 'job:greet', fields: ['count:1', 'reason:outdated'] })
  })

  it('are nobody else’s business', async () => {
    for (const [method, path, body] of [['GET', listDeadLetterQueues.path], ['GET', `${listDeadLetters.path}?job=greet`], ['POST', replayDeadLetters.path, { job: 'greet', choice: { kind: 'all', gaveUpUntil: services.now().toISOString() } }]] as const) {
      expect((await call(method, path, body, 'cookie-of-li')).status).toBe(403)
    }
  })
})
