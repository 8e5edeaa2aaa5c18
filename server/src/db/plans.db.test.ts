import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SetStatement, Statement } from './pool.ts'
import { insertCallbackEvents } from '../callbacks/tables.ts'
import { createTestServices, type TestServices } from '../testing/index.ts'
import { selectSidebarContacts } from '../modules/contact/tables.ts'
import { selectComponent } from '../modules/identity/tables.ts'
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

/**
 * Lines of the plan for any values that read a table from end to end, or all that has nothing in a column, which can be most of it. What a company
 * defines by hand stays small.
 */
async function readWhole(text: string): Promise<string[]> {
  const client = await services.db.pool.connect()
  try {
    await client.query('set plan_cache_mode = force_generic_plan')
    await client.query(`prepare looked_at as ${text}`)
    const places = Math.max(...[...text.matchAll(/\$(\d+)/g)].map(([, place]) => Number(place)))
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(`explain execute looked_at (${Array.from({ length: places }, () => 'null').join(', ')})`)
    return rows.map((row) => row['QUERY PLAN']).filter((line) => /Seq Scan on (?!risk_allowance|staff|corp_tag_group)|Index Cond: \(\w+ IS NULL\)/.test(line))
  } finally {
    client.release(true)
  }
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
    expect((await readWhole(text)).filter((line) => line.includes('registration_draft'))).toEqual([])
  })
})
