import pg from 'pg'
import { createServices } from '@qihui/server/src/createServices.ts'
import { readEnv } from '@qihui/server/src/env.ts'
import { decideDay } from '@qihui/server/src/modules/tier/commands.ts'
import { loadLedger, loadTierRules, settleTier } from '@qihui/server/src/modules/tier/steps.ts'
import type { Services } from '@qihui/server/src/services.ts'
import { startOfDay, tierStanding } from '@qihui/shared/tier'
import { benchSettings, openBenchDatabase } from './benchDatabase.ts'
import type { Cluster } from './clusters.ts'
import { compare, type Contestant, type Measure, type Result } from './rounds.ts'

const MEMBERS = Number(process.env['TIER_MEMBERS'] ?? '1000000')
/** Lines of the ledger for each member: the one that made them silver, and three in the window of the review. */
const LINES = 4
/** Members whose result is compared with the engine's after each run. */
const COMPARED = Number(process.env['TIER_SAMPLE'] ?? '2000')
/** Members the engine decides one by one, to say what set-based work saves. */
const SAMPLE = 2000
/** The midnight after everybody's review; the ledger is of the months before. */
const DAY = '2026-11-21'
const REGISTERED = "timestamptz '2025-11-01 12:00+08'"

/** The database everybody starts from: a million silver members on the night of their review, most of whom have not kept it. */
async function makeTemplate(cluster: Cluster): Promise<string> {
  const database = await openBenchDatabase(cluster)
  const { query } = database
  // One statement string is one connection and one transaction. Rows that are right by construction need no check of their references.
  await query(`set local session_replication_role = replica;
    insert into person (person_id, created_at) select ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, ${REGISTERED} from generate_series(1, ${MEMBERS}) n;
    insert into member (member_id, person_id, member_no, data_key_sealed, tier, tier_since, tier_anchor, tier_review_on, growth_value, form_version, policy_version, registered_at, last_activity_at)
    select person_id, person_id, right(person_id::text, 12), '', 'silver', ${REGISTERED} + interval '19 days', '2025-11-20', '2026-11-20', 1000, '2026-01', '2026-01', ${REGISTERED}, ${REGISTERED} from person;
    insert into growth_entry (growth_entry_id, member_id, kind, amount, source, source_id, occurred_at, posted_at)
    select overlay(member_id::text placing to_hex(i) from 15)::uuid, member_id, 'earn', case when i = 1 then 1000 when hashtext(member_id::text) % 25 = 0 then 400 else 1 + abs(hashtext(member_id::text || i)) % 300 end, 'bench', member_id || ':' || i, at, at
    from member, generate_series(1, ${LINES}) i, lateral (select ${REGISTERED} + case when i = 1 then interval '19 days' else interval '40 days' * i end as at) posted`)
  await query('vacuum analyze')
  const url = database.cluster.url
  await database.close()
  return url
}

/** A copy of the template for one run, and the means to work on it. */
async function openCopy(cluster: Cluster): Promise<Services> {
  const admin = new pg.Client({ connectionString: cluster.url })
  await admin.connect()
  await admin.query('drop database if exists bench_run with (force)')
  await admin.query('create database bench_run template bench')
  await admin.query('checkpoint')
  await admin.end()
  const url = new URL(cluster.url)
  url.pathname = '/bench_run'
  return createServices(readEnv(benchSettings(url.href)), { logTo: { write: () => {} } })
}

interface Stored {
  readonly member_id: string
  readonly registered_at: Date
  readonly tier: string
  readonly since: Date
  readonly anchor: string
  readonly review_on: string | null
  readonly grace_until: string | null
}

/** @throws when the night left a member elsewhere than the engine, which reads the whole ledger of that member */
async function compareWithEngine({ db }: Services): Promise<void> {
  const versions = await loadTierRules(db)
  const { rows } = await db.pool.query<Stored>(`select member_id, registered_at, tier, tier_since as since, to_char(tier_anchor, 'YYYY-MM-DD') as anchor,
    to_char(tier_review_on, 'YYYY-MM-DD') as review_on, to_char(tier_grace_until, 'YYYY-MM-DD') as grace_until from member order by hashtext(member_id::text) limit ${COMPARED}`)
  for (const row of rows) {
    const said = tierStanding(await loadLedger(db, row.member_id), versions, row.registered_at.toISOString(), startOfDay(DAY))
    const expected = [said.tier, said.since, said.anchor, said.reviewOn, said.graceUntil]
    const found = [row.tier, row.since.toISOString(), row.anchor, row.review_on, row.grace_until]
    if (JSON.stringify(found) !== JSON.stringify(expected)) throw new Error(`member ${row.member_id} is ${JSON.stringify(found)}, the engine says ${JSON.stringify(expected)}`)
  }
}

function contestant(cluster: Cluster, name: string, work: (services: Services) => Promise<number>, check: (services: Services) => Promise<void> = async () => {}): Contestant {
  let services: Services | null = null
  return {
    name,
    async prepare() {
      services = await openCopy(cluster)
    },
    async run(): Promise<Measure> {
      if (services === null) throw new Error('not prepared')
      const started = performance.now()
      const operations = await work(services)
      const seconds = (performance.now() - started) / 1000
      const rssMb = process.memoryUsage().rss / 1_000_000
      await check(services)
      await services.db.close()
      if (operations !== MEMBERS) throw new Error(`${name} decided ${operations} members, not ${MEMBERS}`)
      return { operations, seconds, nodeCpuUs: null, postgresCpuUs: null, rssMb }
    },
  }
}

/** The same rows written without deciding anything: what the disk alone costs. */
async function rewrite({ db }: Services): Promise<number> {
  const updated = await db.pool.query(`update member set tier_review_on = null, tier_grace_until = '2026-12-21'`)
  await db.pool.query(`insert into tier_event (member_id, at, kind, tier, growth_value, rules_version) select member_id, now(), 'graceStarted', 'silver', growth_value, '2026-01' from member`)
  return updated.rowCount ?? 0
}

/** What the same decisions cost one member at a time, by the engine, in seconds for everybody. */
async function rowByRow(cluster: Cluster): Promise<number> {
  const services = await openCopy(cluster)
  const { rows } = await services.db.pool.query<{ member_id: string; registered_at: Date }>(`select member_id, registered_at from member limit ${SAMPLE}`)
  const started = performance.now()
  for (const row of rows) await services.db.transaction((tx) => settleTier(tx, row, new Date('2026-11-20T16:00:00.000Z')))
  const seconds = (performance.now() - started) / 1000
  await services.db.close()
  return (seconds / SAMPLE) * MEMBERS
}

/** `tier_recompute_1m`: the nightly decision for a million members who are all due, against writing the same rows. */
export async function tierRecompute(cluster: Cluster, rounds: number): Promise<Result> {
  await makeTemplate(cluster)
  const ours = contestant(cluster, 'decideDay', (services) => decideDay(services, DAY), compareWithEngine)
  const result = await compare('tier_recompute_1m', ours, contestant(cluster, 'one UPDATE and one INSERT of the same rows', rewrite), rounds)
  const alone = await rowByRow(cluster)
  return { ...result, note: `${result.note}; ${COMPARED} compared with the engine; row by row ${Math.round(alone)} s extrapolated from ${SAMPLE}, ${Math.round((alone * result.ours) / MEMBERS)} times as long` }
}
