import { setImmediate as turn } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { createTestDatabase } from '../testing/createTestDatabase.ts'
import { gatherRuns } from './gatherRuns.ts'
import { bytesInSet, openDatabase, sqlStateOf, uniqueViolation, type Database, type SetStatement } from './pool.ts'
import { runAsSet } from './runStatement.ts'

let fresh: Awaited<ReturnType<typeof createTestDatabase>>
let db: Database
/** Looks from outside, and holds what the runs must wait for. */
let other: Database

beforeAll(async () => {
  fresh = await createTestDatabase()
  db = openDatabase(fresh.url, () => {})
  other = openDatabase(fresh.url, () => {})
  await other.pool.query('create table heard (name text primary key); create table deed (name text)')
})
afterAll(async () => {
  await db.close()
  await other.close()
  await fresh.drop()
})
afterEach(async () => {
  await other.pool.query('truncate heard, deed')
})

/** Each name once, with a deed when it is new; whose name ends in an exclamation mark says so in two rows. */
const insertHeard: SetStatement = {
  name: 'test_heard',
  setText: `with run as (select ordinality::int as run, heard.* from rows from (json_to_recordset($1::json) as (name text)) with ordinality as heard
    ), fresh as (insert into heard select name from run order by name on conflict do nothing returning name
    ), done as (insert into deed select name from fresh)
    select run, name, name in (select name from fresh) as is_new from run cross join lateral generate_series(1, case when name like '%!' then 2 else 1 end)`,
}
interface Heard {
  readonly name: string
  readonly is_new: boolean
}
const hear = (name: string, on: Database = db): Promise<boolean | undefined> => on.runInSet<Heard>(insertHeard, { name }).then(([row]) => row?.is_new)
const isStored = async (name: string): Promise<boolean> => (await other.pool.query('select 1 from heard where name = $1', [name])).rowCount === 1

async function stored(): Promise<{ heard: number; deeds: number; commits: number }> {
  const { rows } = await other.pool.query<{ heard: number; deeds: number; commits: number }>(
    `select (select count(*)::int from heard) as heard, (select count(*)::int from deed) as deeds, (select count(distinct xmin::text)::int from heard) as commits`,
  )
  return rows[0] ?? { heard: -1, deeds: -1, commits: -1 }
}

describe('runs of a set', () => {
  it('are each done once, and answered when they are there', async () => {
    const names = Array.from({ length: 200 }, (_unused, index) => `customer-${index}`)
    const isNew = await Promise.all(names.map(async (name) => {
      const answer = await hear(name)
      expect(await isStored(name)).toBe(true)
      return answer
    }))
    expect(isNew.filter(Boolean)).toHaveLength(200)
    expect(await stored()).toMatchObject({ heard: 200, deeds: 200 })
    expect(await hear('customer-7')).toBe(false)
    expect(await stored()).toMatchObject({ heard: 200, deeds: 200 })
  })

  it('cost few commits', async () => {
    await Promise.all(Array.from({ length: 200 }, (_unused, index) => hear(`burst-${index}`)))
    const { heard, commits } = await stored()
    expect(heard).toBe(200)
    expect(commits).toBeLessThanOrEqual(10)
  })

  it('share no commit when their statement says so', async () => {
    const alone: SetStatement = { ...insertHeard, name: 'test_heard_alone', runsPerSet: 1 }
    await Promise.all(Array.from({ length: 50 }, (_unused, index) => db.runInSet(alone, { name: `alone-${index}` })))
    expect(await stored()).toMatchObject({ heard: 50, commits: 50 })
  })

  it('go in as many lanes as their statement asks for, and in no more', async () => {
    const lanes: SetStatement = { name: 'test_lanes', setText: `select pg_advisory_xact_lock_shared(1), 1 as run from json_array_elements($1::json)`, lanes: 2, runsPerSet: 1 }
    const holder = await other.pool.connect()
    await holder.query('select pg_advisory_lock(1)')
    const runs = Promise.all(Array.from({ length: 20 }, (_unused, index) => db.runInSet(lanes, { index })))
    const waiting = async () => (await other.pool.query(`select 1 from pg_stat_activity where datname = current_database() and wait_event = 'advisory'`)).rowCount
    await expect.poll(waiting).toBe(2)
    await holder.query('select pg_advisory_unlock(1)')
    holder.release()
    expect(await runs).toHaveLength(20)
  })

  it('open a further lane for a whole set and no earlier', async () => {
    const lanes: SetStatement = { name: 'test_whole_set', setText: `select pg_advisory_xact_lock_shared(2), run::int from json_array_elements($1::json) with ordinality as r(record, run)`, lanes: 2, runsPerSet: 4 }
    const holder = await other.pool.connect()
    await holder.query('select pg_advisory_lock(2)')
    let sets = 0
    const count = () => (sets += 1)
    db.pool.on('acquire', count)
    const runs: Promise<unknown[]>[] = []
    const come = async (number: number) => {
      for (let index = 0; index < number; index += 1) runs.push(db.runInSet(lanes, { index }))
      // A lane is opened one turn after the first of them has come.
      await turn()
      await turn()
    }
    try {
      await come(1)
      await come(3)
      expect(sets).toBe(1)
      await come(1)
      expect(sets).toBe(2)
      await come(8)
      expect(sets).toBe(2)
    } finally {
      db.pool.off('acquire', count)
      await holder.query('select pg_advisory_unlock(2)')
      holder.release()
    }
    expect(await Promise.all(runs)).toHaveLength(13)
  })

  it('get each their own rows, of whatever number', async () => {
    const names = Array.from({ length: 50 }, (_unused, index) => `rows-${index}${index % 7 === 0 ? '!' : ''}`)
    const answers = await Promise.all(names.map((name) => db.runInSet<Heard>(insertHeard, { name })))
    expect(answers.map((rows) => rows.map((row) => row.name))).toEqual(names.map((name) => (name.endsWith('!') ? [name, name] : [name])))
  })

  it('stand alone when one of them is refused: its neighbours are done', async () => {
    const names = Array.from({ length: 30 }, (_unused, index) => (index % 10 === 5 ? `nul\0${index}` : `good-${index}`))
    const outcomes = await Promise.allSettled(names.map((name) => hear(name)))
    const refused = outcomes.flatMap((outcome, index) => (outcome.status === 'rejected' ? [[index, sqlStateOf(outcome.reason)]] : []))
    expect(refused).toEqual([[5, '22P05'], [15, '22P05'], [25, '22P05']])
    expect(await stored()).toMatchObject({ heard: 27, deeds: 27 })
  })

  it('are done one by one when two of a set are in each other\'s way: the first has it, the second is told', async () => {
    const once: SetStatement = { name: 'test_once', setText: `with run as (select * from json_to_recordset($1::json) as r(name text)), fresh as (insert into heard select name from run) select 1 as run` }
    const outcomes = await Promise.allSettled(['alike', 'other', 'alike'].map((name) => db.runInSet(once, { name })))
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'fulfilled', 'rejected'])
    expect(outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [sqlStateOf(outcome.reason)] : []))).toEqual([uniqueViolation])
    expect(await stored()).toMatchObject({ heard: 2 })
  })

  it('go by themselves inside a transaction, and are rolled back with it', async () => {
    const failed = db.transaction(async (tx) => {
      expect(await tx.runInSet<Heard>(insertHeard, { name: 'inside' })).toMatchObject([{ name: 'inside', is_new: true }])
      expect(await isStored('inside')).toBe(false)
      throw new Error('no')
    })
    await expect(failed).rejects.toThrow('no')
    expect(await isStored('inside')).toBe(false)
  })

  it('settle when two processes do the same in opposite order', async () => {
    const names = Array.from({ length: 60 }, (_unused, index) => `both-${index}`)
    const answers = await Promise.all([...names.map((name) => hear(name)), ...names.toReversed().map((name) => hear(name, other))])
    expect(answers.filter(Boolean)).toHaveLength(60)
    expect(await stored()).toMatchObject({ heard: 60, deeds: 60 })
  })

  it('fail where they were not committed when the database dies, and are done again afterwards', async () => {
    const holder = await other.pool.connect()
    await holder.query('begin; lock table heard in access exclusive mode')
    const names = Array.from({ length: 40 }, (_unused, index) => `cut-${index}`)
    const outcomes = Promise.allSettled(names.map((name) => hear(name)))
    const cut = `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
    let areSettled = false
    void outcomes.then(() => (areSettled = true))
    // Whoever comes to the lock is killed, until nobody is left who waits for an answer.
    await vi.waitFor(async () => {
      await other.pool.query(cut)
      expect(areSettled).toBe(true)
    }, { timeout: 10_000, interval: 10 })
    await holder.query('rollback')
    holder.release()
    expect((await outcomes).filter(({ status }) => status === 'fulfilled')).toEqual([])
    expect(await stored()).toMatchObject({ heard: 0, deeds: 0 })
    expect(await hear('afterwards')).toBe(true)
  })

  it('do not wait long for one that hangs', async () => {
    const impatient = gatherRuns((statement, runs) => runAsSet(db.pool, statement, runs), 50)
    const holder = await other.pool.connect()
    await holder.query('begin')
    await holder.query(`insert into heard values ('hangs')`)
    const hanging = impatient(insertHeard, { name: 'hangs' })
    await expect.poll(async () => (await other.pool.query(`select 1 from pg_stat_activity where datname = current_database() and wait_event = 'transactionid'`)).rowCount).toBe(1)
    expect(await impatient(insertHeard, { name: 'behind' })).toMatchObject([{ is_new: true }])
    await holder.query('rollback')
    holder.release()
    expect(await hanging).toMatchObject([{ is_new: true }])
  })

  it('carry bytes', async () => {
    const hash: SetStatement = { name: 'test_bytes', setText: `select ordinality::int as run, bytes from rows from (json_to_recordset($1::json) as (bytes bytea)) with ordinality` }
    const all = Buffer.from(Array.from({ length: 256 }, (_unused, index) => index))
    expect(await db.runInSet(hash, { bytes: bytesInSet(all) })).toEqual([{ run: 1, bytes: all }])
  })
})

describe('runs whose statement is pipelined', () => {
  /** For each answer in turn: how many runs had a connection by then, which they use at once. */
  async function underWayByAnswer(isPipelined: boolean): Promise<number[]> {
    let underWay = 0
    const count = () => (underWay += 1)
    const slice: SetStatement = { name: `test_pipelined_${isPipelined}`, setText: 'select 1 as run, n from json_to_recordset($1::json) as r(n int)', runsPerSet: 1, isPipelined }
    db.pool.on('acquire', count)
    try {
      return await Promise.all([1, 2, 3].map((n) => db.runInSet(slice, { n }).then((rows) => {
        expect(rows).toEqual([{ run: 1, n }])
        return underWay
      })))
    } finally {
      db.pool.off('acquire', count)
    }
  }

  it('are answered once the next are on their way', async () => {
    expect(await underWayByAnswer(true)).toEqual([2, 3, 3])
    expect(await underWayByAnswer(false)).toEqual([1, 2, 3])
  })
})
