import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SetStatement, Statement } from './pool.ts'
import { insertCallbackEvents } from '../callbacks/tables.ts'
import { createTestServices, type TestServices } from '../testing/index.ts'
import { selectSidebarContacts } from '../modules/contact/tables.ts'
import { insertMemberSession, selectMemberSessions } from '../modules/member/tables.ts'
import { countAttempts } from '../modules/risk/tables.ts'
import { selectGates } from '../modules/registration/draftTables.ts'
import { insertRegistration } from '../modules/registration/tables.ts'

/** Plans without values can be asked for from PostgreSQL 16 on. */
const firstGenericPlan = 160_000

const inSet = ({ name, setText }: SetStatement): Statement => ({ name, text: setText })

let services: TestServices
beforeAll(async () => {
  services = await createTestServices()
})
afterAll(() => services.close())

/** Tables that are read from end to end by a plan without values; null where PostgreSQL cannot say. What a company defines by hand stays small. */
async function readWhole(text: string): Promise<string[] | null> {
  const { pool } = services.db
  const { rows: versions } = await pool.query<{ version: number }>(`select current_setting('server_version_num')::int as version`)
  if ((versions[0]?.version ?? 0) < firstGenericPlan) return null
  const { rows } = await pool.query<{ 'QUERY PLAN': string }>(`explain (generic_plan) ${text}`)
  return rows.map((row) => row['QUERY PLAN']).filter((line) => /Seq Scan on (?!risk_allowance|staff|corp_tag_group)/.test(line))
}

describe('the statements of the load: registration, inbox and card', () => {
  // A plan made while the tables are empty is kept while they grow: it must not read one from end to end.
  it.each([insertRegistration, insertMemberSession, inSet(selectMemberSessions), inSet(selectGates), inSet(countAttempts), inSet(insertCallbackEvents), inSet(selectSidebarContacts)])('$name looks up by key, even as planned for empty tables', async ({ text }) => {
    expect((await readWhole(text)) ?? []).toEqual([])
  })

  it.each([inSet(selectGates), insertRegistration])('$name looks up a draft by its key, also when a burst of them has come and gone', async ({ text }) => {
    const { pool } = services.db
    await pool.query(`insert into registration_draft (namespace, open_id, draft_id, data_key_sealed, updated_at, expires_at)
      select 'mp-openid@wx', 'visitor-' || n, gen_random_uuid(), decode(repeat('00', 60), 'hex'), now(), now() from generate_series(1, 5000) n`)
    await pool.query('delete from registration_draft')
    await pool.query('vacuum analyze registration_draft')
    const whole = (await readWhole(text)) ?? []
    expect(whole.filter((line) => line.includes('registration_draft'))).toEqual([])
  })
})
