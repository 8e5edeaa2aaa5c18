import type { Channel } from '@qihui/shared/channel'
import type { getConsistency } from '@qihui/shared/identity'
import type { ResponseOf } from '@qihui/shared/http'
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { call, join } from '../factories/joining.ts'
import { staffCookieOf } from '../factories/staffCookieOf.ts'
import { startServer, type RunningServer } from '../factories/startServer.ts'

type Consistency = ResponseOf<typeof getConsistency>

let product: RunningServer
let operator: Record<string, string>

beforeAll(async () => {
  product = await startServer()
  operator = { cookie: await staffCookieOf(product, 'manager.wu'), origin: product.url }
})
afterAll(() => product.close())

const read = async (): Promise<Consistency> => (await call(product, 'GET', '/api/console/identity-consistency', operator)).body as unknown as Consistency

const post = (path: string, body: object): ReturnType<typeof call> => call(product, 'POST', path, { ...operator, 'idempotency-key': randomUUID() }, body)

/** A channel of an event that was announced: hundreds register within minutes. */
async function eventChannel(): Promise<string> {
  // The worker begins with reading who works here.
  await expect.poll(async () => (await product.services.db.pool.query(`select 1 from staff where staff_user_id = 'rep.li'`)).rowCount, { timeout: 20_000 }).toBe(1)
  const made = await post('/api/channels', { name: '全员入会', staffUserId: 'rep.li', bindingMode: 'progressive' })
  expect(made).toMatchObject({ status: 201 })
  const { channelId, token } = made.body as unknown as Channel
  const from = product.services.now().getTime()
  const event = { name: '周年庆', channelId, maxPerTenMinutes: 1_000, from: new Date(from - 60_000).toISOString(), until: new Date(from + 3_600_000).toISOString() }
  expect((await post('/api/console/risk-allowances', event)).status).toBe(201)
  return token
}

it('progressive linking joins more than 95 in 100 of the people it could, whichever came first', async () => {
  const { world } = product.sandbox
  const token = await eventChannel()
  const joiners = world.people.filter(({ type, phone }) => type === 1 && phone !== null)
  for (const [index, { personId }] of joiners.entries()) {
    const add = (): Promise<void> => world.addContact({ personId, staffUserId: index % 4 < 2 ? 'rep.li' : 'rep.wang', ...(index % 4 === 1 ? { state: token } : {}) })
    if (index % 2 === 0) await add()
    await join(product, personId, token)
    if (index % 2 === 1) await add()
  }
  await product.sandbox.callbacks.idle()
  const linkable = joiners.filter(({ unionId }) => unionId !== null).length
  await expect.poll(async () => {
    const { byMode } = await read()
    const progressive = byMode.find(({ bindingMode }) => bindingMode === 'progressive')
    return progressive !== undefined && progressive.linkable >= linkable ? progressive.linked / progressive.linkable : 0
  }, { timeout: 90_000, interval: 500 }).toBeGreaterThan(0.95)
  const { rate, openReviews } = await read()
  expect(rate).toBeGreaterThan(0.95)
  expect(openReviews).toBe(0)
}, 240_000)
