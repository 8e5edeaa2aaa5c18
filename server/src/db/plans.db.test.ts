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

describe('the statements of the load: registration, inbox and card', () => {
  // A plan made while the tables are empty is kept while they grow: it must not read one from end to end. What a company defines by hand stays small.
  it.each([insertRegistration, insertMemberSession, inSet(selectMemberSessions), inSet(selectGates), inSet(countAttempts), inSet(insertCallbackEvents), inSet(selectSidebarContacts)])('$name looks up by key, even as planned for empty tables', async ({ text }) => {
    const { rows: versions } = await services.db.pool.query<{ version: number }>(`select current_setting('server_version_num')::int as version`)
    if ((versions[0]?.version ?? 0) < firstGenericPlan) return
    const { rows } = await services.db.pool.query<{ 'QUERY PLAN': string }>(`explain (generic_plan) ${text}`)
    const whole = rows.map((row) => row['QUERY PLAN']).filter((line) => /Seq Scan on (?!risk_allowance|staff|corp_tag_group)/.test(line))
    expect(whole).toEqual([])
  })
})
