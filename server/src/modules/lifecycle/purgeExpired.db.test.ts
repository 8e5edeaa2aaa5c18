import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestServices, type TestServices } from '../../testing/index.ts'
import { lifecycleHandlers } from './handlers.ts'

let services: TestServices
beforeAll(async () => {
  services = await createTestServices()
})
afterAll(() => services.close())

const hours = (count: number) => new Date(services.clock.at.getTime() + count * 3_600_000)
const keysLeft = async () => (await services.db.pool.query('select key from idempotency_key order by key')).rows.map(({ key }) => key as string)

describe('purgeExpired', () => {
  it('keeps an idempotency key for 24 hours and a session until it ends, then removes them', async () => {
    for (const [key, age] of [['young', -23], ['old', -25]] as const) {
      await services.db.pool.query(`insert into idempotency_key (scope, key, request_hash, created_at) values ('s', $1, '', $2)`, [key, hours(age)])
    }
    for (const ends of [-1, 1]) {
      await services.db.pool.query('insert into member_session values ($1, $2, $3, null, $4, $5)', [randomBytes(32), randomUUID(), `ends${ends}`, hours(-24), hours(ends)])
    }
    await lifecycleHandlers(services)[0]?.run({}, { attempt: 0, signal: new AbortController().signal })
    expect(await keysLeft()).toEqual(['young'])
    expect((await services.db.pool.query('select open_id from member_session')).rows).toEqual([{ open_id: 'ends1' }])
  })
})
