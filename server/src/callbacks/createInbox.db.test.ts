import { hash } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { openDatabase, sqlStateOf, type Database } from '../db/pool.ts'
import { createTestDatabase } from '../testing/createTestDatabase.ts'
import { createInbox, type EventValues, type Inbox } from './createInbox.ts'

let fresh: Awaited<ReturnType<typeof createTestDatabase>>
let db: Database
/** Looks from outside, and holds what the inbox must wait for. */
let other: Database
let inbox: Inbox

beforeAll(async () => {
  fresh = await createTestDatabase()
  db = openDatabase(fresh.url, () => {})
  other = openDatabase(fresh.url, () => {})
  inbox = createInbox(db)
})
afterAll(async () => {
  await db.close()
  await other.close()
  await fresh.drop()
})
afterEach(async () => {
  await other.pool.query('truncate callback_event, outbox')
})

const digestOf = (name: string): Buffer => hash('sha256', name, 'buffer')

/** The statement's values for an event with one job. */
function eventOf(name: string, event = 'change_external_contact'): EventValues {
  const jobs = [{ job: 'mirrorContact', job_key: name, payload: { externalUserId: name } }]
  return [digestOf(name), event, 'edit_external_contact', Buffer.from('sealed'), '2026-11-22T08:00:00Z', JSON.stringify(jobs)]
}

async function stored(): Promise<{ events: number; jobs: number; commits: number }> {
  const { rows } = await other.pool.query<{ events: number; jobs: number; commits: number }>(
    `select (select count(*)::int from callback_event) as events, (select count(*)::int from outbox) as jobs,
      (select count(distinct xmin::text)::int from callback_event) as commits`,
  )
  return rows[0] ?? { events: -1, jobs: -1, commits: -1 }
}

const isStored = async (name: string): Promise<boolean> => (await other.pool.query('select 1 from callback_event where digest = $1', [digestOf(name)])).rowCount === 1

describe('the inbox', () => {
  it('stores 200 events at once, each once whatever comes twice, and says so when they are there', async () => {
    const names = Array.from({ length: 200 }, (_unused, index) => `customer-${index % 150}`)
    const isNew = await Promise.all(names.map(async (name) => {
      const answer = await inbox(eventOf(name))
      expect(await isStored(name)).toBe(true)
      return answer
    }))
    expect(isNew.filter(Boolean)).toHaveLength(150)
    expect(await stored()).toMatchObject({ events: 150, jobs: 150 })
  })

  it('stores a burst with few commits', async () => {
    await Promise.all(Array.from({ length: 200 }, (_unused, index) => inbox(eventOf(`burst-${index}`))))
    const { events, commits } = await stored()
    expect(events).toBe(200)
    expect(commits).toBeLessThanOrEqual(10)
  })

  it('recognises an event it has stored before', async () => {
    expect([await inbox(eventOf('again')), await inbox(eventOf('again'))]).toEqual([true, false])
    expect(await stored()).toMatchObject({ events: 1, jobs: 1 })
  })

  it('refuses a poisoned event alone: its neighbours of the same burst are stored', async () => {
    const burst = Array.from({ length: 30 }, (_unused, index) => (index % 10 === 5 ? eventOf(`poison-${index}`, 'nul\0') : eventOf(`good-${index}`)))
    const outcomes = await Promise.allSettled(burst.map(inbox))
    const refused = outcomes.flatMap((outcome, index) => (outcome.status === 'rejected' ? [[index, sqlStateOf(outcome.reason)]] : []))
    expect(refused).toEqual([[5, '22021'], [15, '22021'], [25, '22021']])
    expect(await stored()).toMatchObject({ events: 27, jobs: 27 })
  })

  it('settles two processes that store the same events in opposite order', async () => {
    const second = createInbox(other)
    const names = Array.from({ length: 60 }, (_unused, index) => `both-${index}`)
    const answers = await Promise.all([...names.map((name) => inbox(eventOf(name))), ...names.toReversed().map((name) => second(eventOf(name)))])
    expect(answers.filter(Boolean)).toHaveLength(60)
    expect(await stored()).toMatchObject({ events: 60, jobs: 60 })
  })

  it('refuses everything that was not committed when its connections are cut, and serves again', async () => {
    const holder = await other.pool.connect()
    await holder.query('begin; lock table callback_event in access exclusive mode')
    const names = Array.from({ length: 40 }, (_unused, index) => `cut-${index}`)
    const outcomes = Promise.allSettled(names.map((name) => inbox(eventOf(name))))
    const cut = `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
    await vi.waitFor(async () => expect((await holder.query(cut)).rowCount).toBe(1))
    await vi.waitFor(async () => expect((await holder.query(cut)).rowCount).toBe(1))
    await holder.query('rollback')
    holder.release()
    const answers = await outcomes
    for (const [index, name] of names.entries()) expect(await isStored(name), name).toBe(answers[index]?.status === 'fulfilled')
    expect(answers.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(0)
    expect(await inbox(eventOf('afterwards'))).toBe(true)
  })

  it('does not let a statement that hangs hold up what comes after it', async () => {
    const impatient = createInbox(db, 50)
    const holder = await other.pool.connect()
    await holder.query('begin')
    await holder.query(`insert into callback_event values ($1, 'e', 'c', 'b', now())`, [digestOf('hangs')])
    const hanging = impatient(eventOf('hangs'))
    expect(await impatient(eventOf('behind'))).toBe(true)
    await holder.query('rollback')
    holder.release()
    expect(await hanging).toBe(true)
  })
})
