import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { applicationRole } from '../../db/applicationRole.ts'
import { openDatabase, sqlStateOf, type Database } from '../../db/pool.ts'
import { createAuditChain } from '../../security/auditChain.ts'
import { createTestServices, type TestServices } from '../../testing/index.ts'
import { purgeAudit } from './commands/purgeAudit.ts'
import { sealAll } from './commands/sealEntries.ts'
import { signHeads } from './commands/signHeads.ts'
import { verifyAudit } from './commands/verifyAudit.ts'
import { createHeadStore } from './headStore.ts'
import { recordAudit } from './steps.ts'

let services: TestServices
let daily: Database
const person = '0190b6f0-0000-7000-8000-0000000000aa'
beforeAll(async () => {
  services = await createTestServices()
  daily = openDatabase(services.env.databaseUrl, () => {}, { role: 'qihui_app' })
  await services.db.pool.query('insert into person (person_id, created_at) values ($1, now())', [person])
})
afterAll(async () => {
  await daily.close()
  await services.close()
})

const note = (at: Date, personIds: string[] = []) => recordAudit(daily, { at, actor: { kind: 'staff', id: 'rep.li' }, action: 'contact.read', subject: 'contact:1', personIds, outcome: 'shown' })
const stateOf = (database: Database, text: string) => database.pool.query(text).then(() => null, sqlStateOf)
const chain = () => createAuditChain(null, services.env.indexKey)
const nothing = createHeadStore(null)

describe('the role of daily work', () => {
  it('adds to the audit and reads it, and may not change, remove or empty it', async () => {
    await note(new Date())
    await sealAll({ db: daily }, chain(), new Date(0))
    for (const table of ['audit_entry', 'audit_seal', 'audit_head', 'audit_verification']) {
      const column = table === 'audit_entry' || table === 'audit_seal' ? 'audit_entry_id' : table === 'audit_head' ? 'day' : 'entries'
      expect(await stateOf(daily, `update ${table} set ${column} = ${column}`)).toBe('42501')
      expect(await stateOf(daily, `delete from ${table}`)).toBe('42501')
      expect(await stateOf(daily, `truncate ${table}`)).toBe('42501')
      expect(await stateOf(daily, `alter table ${table} disable trigger all`)).toBe('42501')
    }
    expect((await daily.pool.query('select count(*)::int as count from audit_entry')).rows).toEqual([{ count: 1 }])
  })

  it('is the one the connections greet with, without a statement of their own', async () => {
    expect((await daily.pool.query('select current_user as role, session_user as login')).rows[0]).toMatchObject({ role: 'qihui_app' })
    expect(await applicationRole(services.env.databaseUrl, 'qihui_app')).toBe('qihui_app')
    expect(await applicationRole(services.env.databaseUrl, 'nobody_here')).toBeNull()
    expect(await applicationRole(services.env.databaseUrl, null)).toBeNull()
  })

  it('leaves the owner a second line: the triggers refuse changes, and the purge of anything younger than six months', async () => {
    expect(await stateOf(services.db, 'update audit_entry set actor_id = actor_id')).toBe('42501')
    expect(await stateOf(services.db, 'delete from audit_entry')).toBe('42501')
    expect(await stateOf(services.db, 'update audit_seal set seq = seq')).toBe('42501')
    expect(await stateOf(services.db, `begin; select set_config('qihui.audit_purge', 'on', true); delete from audit_entry`)).toBe('42501')
    await services.db.pool.query('rollback')
  })
})

describe('the purge', () => {
  const setting = (months: number) => ({ ...services, env: { ...services.env, auditRetentionMonths: months } })
  const dayOf = (daysAgo: number): Date => new Date(Date.now() - daysAgo * 24 * 3600_000)
  const purge = (months: number) => purgeAudit({ ...setting(months), now: () => new Date() }, services.db)

  it('takes whole days past their time, tells of itself, and leaves a chain that is whole', async () => {
    await note(dayOf(500))
    await note(dayOf(500))
    await note(dayOf(200))
    await note(dayOf(170))
    await sealAll({ db: daily }, chain(), new Date(0))
    await signHeads({ ...services, db: daily }, chain(), nothing, { fromDay: '2000-01-01' })
    const first = await purge(13)
    expect(first.purged).toHaveLength(1)
    const told = await services.db.pool.query(`select actor_kind, subject, fields[1] as rows from audit_entry where action = 'audit.purge'`)
    expect(told.rows).toEqual([{ actor_kind: 'system', subject: `day:${first.purged[0]}`, rows: 'entries:2' }])
    expect((await purge(13)).purged).toEqual([])
    await sealAll({ db: daily }, chain(), new Date(0))
    expect((await verifyAudit({ db: daily, now: () => new Date() }, chain(), nothing)).findings).toEqual([])
  })

  it('takes nothing that is not six months and a day old, whatever is set', async () => {
    expect((await purge(0)).purged).toHaveLength(1)
    expect((await purge(0)).purged).toEqual([])
    const youngest = await services.db.pool.query(`select count(*)::int as count from audit_entry where at > now() - interval '6 months'`)
    expect(youngest.rows).toEqual([{ count: 4 }])
  })

  it('gives way to a legal hold on a person somebody looked at that day, and to one on all members', async () => {
    await note(dayOf(600), [person])
    await sealAll({ db: daily }, chain(), new Date(0))
    const place = (scope: string, column: string, value: string) => services.db.pool.query(
      `insert into legal_hold (hold_id, scope, ${column}, reason, placed_by, placed_at, expires_at, review_due_at) values (gen_random_uuid(), $1, $2, '诉讼', 'x', now(), now() + interval '1 year', now())`, [scope, value])
    await place('person', 'person_id', person)
    expect(await purge(13)).toMatchObject({ purged: [], held: [expect.any(String)] })
    await services.db.pool.query('delete from legal_hold')
    await place('class', 'data_class', 'members')
    expect(await purge(13)).toMatchObject({ purged: [], held: [expect.any(String)] })
    await services.db.pool.query(`update legal_hold set lifted_at = now()`)
    expect((await purge(13)).purged).toHaveLength(1)
  })
})
