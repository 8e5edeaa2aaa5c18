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

  it('keeps a draft until it ends, a count for two days, and which phones went with which accounts for a month', async () => {
    for (const ends of [-1, 1]) {
      await services.db.pool.query(`insert into registration_draft (namespace, open_id, draft_id, data_key_sealed, updated_at, expires_at) values ('n', $1, $2, '', now(), $3)`, [`ends${ends}`, randomUUID(), hours(ends)])
    }
    for (const [signal, age] of [['ip', 47], ['ip', 49], ['accountOfPhone', 49], ['accountOfPhone', 30 * 24], ['accountOfPhone', 32 * 24]] as const) {
      await services.db.pool.query(`insert into risk_counter (signal, key, bucket, count) values ($1, '', $2, 1)`, [signal, hours(-age)])
    }
    await lifecycleHandlers(services)[0]?.run({}, { attempt: 0, signal: new AbortController().signal })
    expect((await services.db.pool.query('select open_id from registration_draft')).rows).toEqual([{ open_id: 'ends1' }])
    const left = await services.db.pool.query<{ signal: string; hours: number }>('select signal, (extract(epoch from $1 - bucket) / 3600)::int as hours from risk_counter order by bucket', [services.clock.at])
    expect(left.rows).toEqual([{ signal: 'accountOfPhone', hours: 720 }, { signal: 'accountOfPhone', hours: 49 }, { signal: 'ip', hours: 47 }])
  })

  it('keeps figures of employees and of document links for 400 local days', async () => {
    const { pool } = services.db
    await pool.query(`insert into document values ('6f9f6f6c-0d7c-4a44-8d3e-0f2f6f1a2b3c', '手册', 'https://brand.example/', 'rep.li', now(), null)`)
    await pool.query(`insert into document_share values ('link', '6f9f6f6c-0d7c-4a44-8d3e-0f2f6f1a2b3c', 'rep.li', now())`)
    const day = `($1::timestamptz at time zone 'Asia/Shanghai')::date - age`
    await pool.query(`insert into document_day select 'link', ${day}, age, 0 from unnest(array[400, 401]) as age`, [services.clock.at])
    await pool.query(`insert into staff_behaviour select 'rep.li', ${day}, age, 0, null, null, 0, 0, 0, now() from unnest(array[400, 401]) as age`, [services.clock.at])
    await lifecycleHandlers(services)[0]?.run({}, { attempt: 0, signal: new AbortController().signal })
    expect((await pool.query('select opened from document_day')).rows).toEqual([{ opened: 400 }])
    expect((await pool.query('select chats from staff_behaviour')).rows).toEqual([{ chats: 400 }])
  })

  it('keeps a message for half a year', async () => {
    for (const days of [179, 181]) {
      await services.db.pool.query(
        `insert into delivery (delivery_id, medium, purpose, recipient_sealed, recipient_index, body_sealed, created_by, created_at) values ($1, 'sms', 'marketing', '', '', '', $2, $3)`,
        [randomUUID(), `age${days}`, hours(-24 * days)],
      )
    }
    await lifecycleHandlers(services)[0]?.run({}, { attempt: 0, signal: new AbortController().signal })
    expect((await services.db.pool.query('select created_by from delivery')).rows).toEqual([{ created_by: 'age179' }])
  })
})
