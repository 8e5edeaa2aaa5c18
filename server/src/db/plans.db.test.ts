import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SetStatement, Statement } from './pool.ts'
import { insertCallbackEvents } from '../callbacks/tables.ts'
import { createTestServices, type TestServices } from '../testing/index.ts'
import { selectSidebarContacts } from '../modules/contact/tables.ts'
import { selectAccesses } from '../modules/audit/listTables.ts'
import { selectWeakCandidates, selectWaitingFor } from '../modules/identity/pendingTables.ts'
import { selectComponent } from '../modules/identity/tables.ts'
import { selectFamily } from '../modules/lifecycle/restrictTables.ts'
import { insertMemberSession, selectMemberSessions } from '../modules/member/tables.ts'
import { countAttempts } from '../modules/risk/tables.ts'
import { selectGates } from '../modules/registration/draftTables.ts'
import { insertRegistrations } from '../modules/registration/tables.ts'

const inSet = ({ name, setText }: SetStatement): Statement => ({ name, text: setText })

let services: TestServices
beforeAll(async () => {
  services = await createTestServices()
})
afterAll(() => services.close())

/** A node of a plan as PostgreSQL tells it. */
interface PlanNode {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Index Cond'?: string
  readonly Plans?: readonly PlanNode[]
}

/** Every node of the plan for any values, under these settings. */
async function planOf(text: string, ...settings: string[]): Promise<PlanNode[]> {
  const client = await services.db.pool.connect()
  try {
    for (const setting of ['plan_cache_mode = force_generic_plan', ...settings]) await client.query(`set ${setting}`)
    await client.query(`prepare looked_at as ${text}`)
    const places = Math.max(...[...text.matchAll(/\$(\d+)/g)].map(([, place]) => Number(place)))
    const values = Array.from({ length: places }, () => 'null').join(', ')
    const { rows } = await client.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(`explain (format json) execute looked_at (${values})`)
    const within = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(within)]
    return rows.flatMap((row) => row['QUERY PLAN'].flatMap(({ Plan }) => within(Plan)))
  } finally {
    client.release(true)
  }
}

/** What a company defines by hand stays small. */
const small = ['risk_allowance', 'staff', 'corp_tag_group']

/** Tables that are read from end to end, or for all that has nothing in a column, which can be most of it. */
async function readWhole(text: string): Promise<string[]> {
  const nodes = await planOf(text)
  const whole = nodes.filter((node) => node['Node Type'] === 'Seq Scan' || /^\(\w+ IS NULL\)$/.test(node['Index Cond'] ?? ''))
  return whole.map((node) => node['Relation Name'] ?? '').filter((name) => !small.includes(name))
}

describe('the statements of the load: registration, inbox, junction and card', () => {
  // A plan made while the tables are empty is kept while they grow: it must not read one from end to end.
  it.each([inSet(insertRegistrations), insertMemberSession, inSet(selectMemberSessions), inSet(selectGates), inSet(countAttempts), inSet(insertCallbackEvents), inSet(selectSidebarContacts), selectComponent])('$name looks up by key, even as planned for empty tables', async ({ text }) => {
    expect(await readWhole(text)).toEqual([])
  })

  it.each([inSet(selectGates), inSet(insertRegistrations)])('$name looks up a draft by its key, also when a burst of them has come and gone', async ({ text }) => {
    const { pool } = services.db
    await pool.query(`insert into registration_draft (namespace, open_id, draft_id, data_key_sealed, updated_at, expires_at)
      select 'mp-openid@wx', 'visitor-' || n, gen_random_uuid(), decode(repeat('00', 60), 'hex'), now(), now() from generate_series(1, 5000) n`)
    await pool.query('delete from registration_draft')
    await pool.query('vacuum analyze registration_draft')
    expect((await readWhole(text)).filter((name) => name === 'registration_draft')).toEqual([])
  })
})

describe('the statements about one person', () => {
  // Among a million nobody may be looked for one by one, whatever the planner takes the tables for: with no index it reads all of them.
  it.each([selectComponent, selectWeakCandidates, selectWaitingFor, selectFamily, selectAccesses])('$name has an index for every step', async ({ text }) => {
    const nodes = await planOf(text, 'enable_seqscan = off')
    const whole = nodes.filter((node) => node['Node Type'] === 'Seq Scan' || (node['Node Type'].startsWith('Index') && node['Index Cond'] === undefined))
    expect(whole.map((node) => node['Relation Name'])).toEqual([])
  })
})
