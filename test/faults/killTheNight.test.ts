import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { migrate } from '@qihui/server/src/db/migrate.ts'
import { addDays, localDateOf } from '@qihui/shared/tier'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startPostgres } from '../../tools/postgres.mjs'
import { newKeys, nowhere, processSettings, startProcess, type ProductProcess } from './harness/productProcess.ts'

/** NIGHT_KILLS=2 or more is the long form. */
const kills = Number(process.env['NIGHT_KILLS'] ?? '1')
/** Members whose tier the night decides, more than a batch of 10,000 in each of two lanes before, between and after the kills; some of them lose it. */
const members = 22_000 * (kills + 1)
const downgraded = 200
const migrations = path.resolve(import.meta.dirname, '../../server/migrations')
const waiting = { timeout: 120_000, interval: 10 }
const today = localDateOf(new Date().toISOString())

let folder: string
let postgres: Awaited<ReturnType<typeof startPostgres>>
let worker: ProductProcess | null = null
const keys = newKeys()

function urlOf(database: string): string {
  const url = new URL(postgres.url)
  url.pathname = `/${database}`
  return url.href
}

/** A worker alone; WeCom is out of reach, which the night does not mind. */
function startWorker(database: string): ProductProcess {
  const surroundings = { databaseUrl: urlOf(database), publicUrl: 'http://localhost:3000', bases: nowhere, keys }
  return startProcess(processSettings(surroundings, { PROCESS_ROLE: 'worker', LOG_LEVEL: 'silent' }))
}

/** Silver members on the night after their review, and a few whose grace ends with it. */
async function fill(database: string): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf(database) })
  await client.connect()
  const joined = `(date '${today}' - interval '14 months') at time zone 'Asia/Shanghai'`
  await client.query(`insert into person (person_id, created_at) select ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, ${joined} from generate_series(1, ${members}) n`)
  await client.query(`insert into member (member_id, person_id, member_no, data_key_sealed, tier, tier_since, tier_anchor, tier_review_on, tier_grace_until, growth_value, form_version, policy_version, registered_at, last_activity_at)
    select person_id, person_id, right(person_id::text, 12), '', 'silver', ${joined}, '${today}'::date - interval '13 months', case when n > ${downgraded} then '${addDays(today, -1)}'::date end, case when n <= ${downgraded} then '${today}'::date end,
      1000, '2026-01', '2026-01', ${joined}, ${joined} from (select *, row_number() over (order by person_id) as n from person) p`)
  await client.query(`insert into growth_entry (growth_entry_id, member_id, kind, amount, source, source_id, occurred_at, posted_at)
    select gen_random_uuid(), member_id, 'earn', abs(hashtext(member_id::text)) % 1500, 'test', member_id::text, now() - interval '200 days', now() - interval '200 days' from member where tier_grace_until is null`)
  await client.query(`insert into tier_day values ('${addDays(today, -1)}', now())`)
  await client.query('analyze')
  await client.end()
}

async function ask<Row extends object>(database: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: urlOf(database) })
  await client.connect()
  const { rows } = await client.query<Row>(text)
  await client.end()
  return rows
}

const decidedIn = async (database: string) => (await ask<{ n: number }>(database, `select count(*)::int as n from tier_event`))[0]?.n ?? 0

/** The end of the night: every standing, every decision, and whose tags have to follow. */
async function endOf(database: string): Promise<unknown> {
  await vi.waitFor(async () => expect(await ask(database, `select from tier_day where day = '${today}'`)).toHaveLength(1), waiting)
  await vi.waitFor(async () => expect(await ask(database, `select from outbox where job = 'linkIdentity'`)).toEqual([]), waiting)
  const [standings] = await ask(database, `select count(*)::int as members, md5(string_agg(concat_ws(',', member_id, tier, tier_since, tier_anchor, tier_review_on, tier_grace_until), ';' order by member_id)) as standings from member`)
  const [decisions] = await ask(database, `select count(*)::int as decisions, md5(string_agg(concat_ws(',', member_id, at, kind, tier, growth_value, rules_version), ';' order by member_id)) as events from tier_event`)
  const [followers] = await ask(database, `select count(distinct data->>'personId')::int as followers from queue.job where name = 'linkIdentity'`)
  return { ...standings, ...decisions, ...followers }
}

/** Keeps the night from going past this member until it is let go: however fast it is, it is killed before its end. */
async function holdFrom(database: string, first: number): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: urlOf(database) })
  await client.connect()
  await client.query('begin')
  await client.query('select from member where member_id > $1 for update', [`00000000-0000-7000-8000-${first.toString(16).padStart(12, '0')}`])
  return () => client.end()
}

async function end(): Promise<void> {
  await worker?.kill()
  worker = null
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'qihui-night-'))
  postgres = await startPostgres({ dataDir: path.join(folder, 'cluster') })
  await ask('postgres', 'create database whole')
  await migrate(urlOf('whole'), migrations)
  await fill('whole')
  await ask('postgres', 'create database killed template whole')
}, 120_000)
afterAll(async () => {
  await end()
  await postgres.stop({ isForced: true })
  await rm(folder, { recursive: true, force: true })
})

describe('kill -9 of the worker in the middle of the night', () => {
  it(`leaves what an undisturbed night of ${members} members leaves`, async () => {
    worker = startWorker('whole')
    const undisturbed = await endOf('whole')
    await end()
    expect(undisturbed).toMatchObject({ members, decisions: members, followers: downgraded })

    let before = 0
    for (let count = 0; count < kills; count += 1) {
      const letGo = await holdFrom('killed', Math.floor((members * (count + 1)) / (kills + 1)))
      worker = startWorker('killed')
      await vi.waitFor(async () => expect(await decidedIn('killed')).toBeGreaterThan(before), waiting)
      await end()
      await letGo()
      before = await decidedIn('killed')
      expect(before).toBeLessThan(members)
    }
    worker = startWorker('killed')
    expect(await endOf('killed')).toEqual(undisturbed)
  }, 300_000)
})
