import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createTestDatabase } from '../testing/createTestDatabase.ts'
import { openDatabase, sqlStateOf, uniqueViolation, type Database, type Statement } from './pool.ts'

let fresh: Awaited<ReturnType<typeof createTestDatabase>>
/** One connection, so that what one run leaves behind is what the next one finds. */
let db: Database

beforeAll(async () => {
  fresh = await createTestDatabase()
  db = openDatabase(fresh.url, () => {}, { connections: 1 })
  await db.pool.query('create table thing (id integer primary key, name text)')
})
afterAll(async () => {
  await db.close()
  await fresh.drop()
})

const everyType: Statement = {
  name: 'test_every_type',
  text: `select $1::int as number, $2::text as words, $3::bytea as bytes, $4::jsonb as document, $5::text[] as list, $6::timestamptz as at, $7::boolean as yes, null::text as nothing`,
}
const insertThing: Statement = { name: 'test_insert', text: 'insert into thing values ($1, $2)' }
const returnThing: Statement = { name: 'test_return', text: 'insert into thing values ($1, $2) returning id, name' }
const backend: Statement = { name: 'test_backend', text: 'select pg_backend_pid() as pid' }
const pidOf = async (): Promise<number> => (await db.run<{ pid: number }>(backend, []))[0]?.pid ?? 0
const stateOf = (work: Promise<unknown>): Promise<string | null> => work.then(() => null, (error: unknown) => sqlStateOf(error))

describe('a named query', () => {
  it('takes and gives every type alike, the first time and later', async () => {
    const at = new Date('2026-11-22T08:30:00.250Z')
    const values = [7, '会员 "x" \\', Buffer.from([0, 255]), { a: [1] }, ['a,b', 'c"d', ''], at, true]
    for (let run = 1; run <= 3; run += 1) {
      expect(await db.run(everyType, values)).toEqual([
        { number: 7, words: '会员 "x" \\', bytes: Buffer.from([0, 255]), document: { a: [1] }, list: ['a,b', 'c"d', ''], at, yes: true, nothing: null },
      ])
    }
    expect(await db.run(everyType, Array.from({ length: 7 }, () => null))).toEqual([
      { number: null, words: null, bytes: null, document: null, list: null, at: null, yes: null, nothing: null },
    ])
  })

  it('answers no rows for a statement that returns none, again and again', async () => {
    expect(await db.run(insertThing, [1, 'a'])).toEqual([])
    expect(await db.run(insertThing, [2, 'b'])).toEqual([])
  })

  it('keeps its connection when PostgreSQL refuses a run, even the first one', async () => {
    const pid = await pidOf()
    expect(await stateOf(db.run(returnThing, [1, 'again']))).toBe(uniqueViolation)
    expect(await db.run(returnThing, [3, 'c'])).toEqual([{ id: 3, name: 'c' }])
    expect(await stateOf(db.run(insertThing, [1, 'again']))).toBe(uniqueViolation)
    expect(await stateOf(db.run({ name: 'test_no_sql', text: 'selec 1' }, []))).toBe('42601')
    expect(await stateOf(db.run({ name: 'test_no_sql', text: 'selec 1' }, []))).toBe('42601')
    expect(await pidOf()).toBe(pid)
  })

  it('says which code asked when it is refused', async () => {
    async function registerTwice(): Promise<void> {
      await db.run(insertThing, [1, 'again'])
    }
    await expect(registerTwice()).rejects.toThrow(expect.objectContaining({ stack: expect.stringContaining('registerTwice') }))
  })

  it('refuses a second text under its name and a parameter that cannot be sent, and goes on', async () => {
    await pidOf()
    await expect(db.run({ name: backend.name, text: 'select 2 as pid' }, [])).rejects.toThrow('test_backend')
    const circle: { self?: unknown } = {}
    circle.self = circle
    await expect(db.run(insertThing, [4, circle])).rejects.toThrow(/circular/i)
    expect(await db.run(insertThing, [4, 'd'])).toEqual([])
  })

  it('runs inside a transaction and is rolled back with it', async () => {
    const failed = db.transaction(async (tx) => {
      await tx.run(insertThing, [10, 'x'])
      expect(await tx.run(returnThing, [11, 'y'])).toEqual([{ id: 11, name: 'y' }])
      await tx.run(insertThing, [10, 'twice'])
    })
    expect(await stateOf(failed)).toBe(uniqueViolation)
    expect(await db.run({ name: 'test_count', text: 'select count(*)::int as count from thing where id >= 10' }, [])).toEqual([{ count: 0 }])
  })

  it('fails when its connection is cut, and the next one gets another', async () => {
    const pid = await pidOf()
    const waiting = db.run({ name: 'test_wait', text: 'select pg_sleep(60)' }, [])
    const failed = expect(waiting).rejects.toThrow()
    const other = openDatabase(fresh.url, () => {}, { connections: 1 })
    const cut: Statement = { name: 'test_cut', text: `select pg_terminate_backend(pid) as is_cut from pg_stat_activity where pid = $1 and query like 'select pg_sleep%'` }
    await vi.waitFor(async () => expect(await other.run(cut, [pid])).toEqual([{ is_cut: true }]))
    await other.close()
    await failed
    expect(await pidOf()).not.toBe(pid)
  })
})

describe('a connection', () => {
  it('never compiles a plan: an estimate of many rows made a look-up by key cost a second', async () => {
    expect(await db.run({ name: 'test_jit', text: `select current_setting('jit') as jit` }, [])).toEqual([{ jit: 'off' }])
    const { current_user: user } = (await db.pool.query<{ current_user: string }>('select current_user')).rows[0] ?? { current_user: '' }
    const withRole = openDatabase(fresh.url, () => {}, { connections: 1, role: user })
    try {
      expect(await withRole.run({ name: 'test_jit', text: `select current_setting('jit') as jit, current_setting('role') as role` }, [])).toEqual([{ jit: 'off', role: user }])
    } finally {
      await withRole.close()
    }
  })

  it('says nothing with its greeting where a pooler would refuse it', async () => {
    const source: Statement = { name: 'test_jit_source', text: `select source from pg_settings where name = 'jit'` }
    expect(await db.run(source, [])).toEqual([{ source: 'client' }])
    const plain = openDatabase(fresh.url, () => {}, { connections: 1, isGreetingPlain: true })
    try {
      expect(await plain.run(source, [])).toEqual([{ source: 'default' }])
    } finally {
      await plain.close()
    }
  })
})
