import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createAuditChain, type AuditChain } from '../../security/auditChain.ts'
import { createTestServices, type TestServices } from '../../testing/index.ts'
import { sealAll } from './commands/sealEntries.ts'
import { signHeads } from './commands/signHeads.ts'
import { verifyAndKeep, verifyAudit } from './commands/verifyAudit.ts'
import { createHeadStore, type HeadStore } from './headStore.ts'
import { recordAudit } from './steps.ts'

const [today, yesterday] = ['2026-11-20', '2026-11-19']
let services: TestServices
let chain: AuditChain
let folder: string
let store: HeadStore

beforeAll(async () => {
  services = await createTestServices()
  chain = createAuditChain(null, services.env.indexKey)
})
afterAll(() => services.close())

beforeEach(async () => {
  await services.db.pool.query('truncate audit_entry, audit_seal, audit_head, audit_verification')
  folder = await mkdtemp(path.join(tmpdir(), 'audit-heads-'))
  store = createHeadStore(folder)
  for (let index = 0; index < 20; index += 1) await look(index, index < 8 ? '2026-11-19T03:00:00Z' : '2026-11-20T01:00:00Z')
  await sealAll(services, chain, new Date(0))
  await signHeads(services, chain, store)
})
afterEach(() => rm(folder, { recursive: true }))

function look(index: number, at: string): Promise<void> {
  const moment = new Date(new Date(at).getTime() + index * 1000)
  return recordAudit(services.db, { at: moment, actor: { kind: 'staff', id: 'rep.li' }, action: 'contact.read', subject: `contact:${index}`, fields: ['phone', 'memberNo'], outcome: 'shown', requestId: `r${index}` })
}

/** What a superuser can do: triggers and rights do not hold them. */
async function asSuperuser(...statements: string[]): Promise<void> {
  await services.db.pool.query(['set session_replication_role = replica', ...statements, 'set session_replication_role = origin'].join(';'))
}

const entryAt = (day: string, seq: number) => `(select audit_entry_id from audit_seal where day = '${day}' and seq = ${seq})`
const findings = async () => (await verifyAudit(services, chain, store)).findings

describe('a look at the chain', () => {
  it('finds it whole when nobody touched it, however often it is sealed', async () => {
    expect(await sealAll(services, chain, new Date(0))).toBe(0)
    expect(await verifyAudit(services, chain, store)).toEqual({ fromDay: yesterday, toDay: today, entries: 20, findings: [] })
  })

  it('finds a deleted row', async () => {
    await asSuperuser(`delete from audit_entry where audit_entry_id = ${entryAt(today, 5)}`)
    expect(await findings()).toEqual([{ kind: 'entryMissing', day: today, seq: 5 }])
  })

  it.each([
    ['whom it was about', `subject = 'contact:999'`],
    ['who it was', `actor_id = 'rep.zhou'`],
    ['when it was, by a microsecond', `at = at + interval '1 microsecond'`],
    ['what was seen', `fields = '{phone}'`],
    ['whether it was shown', `outcome = 'refused'`],
    ['which request it was', `request_id = ''`],
    ['the day', `at = at - interval '1 day'`],
    ['whether it was about a person', `person_id = '0190b6f0-0000-7000-8000-000000000001'`],
  ])('finds an edit of %s', async (_what, change) => {
    await asSuperuser(`update audit_entry set ${change} where audit_entry_id = ${entryAt(today, 7)}`)
    expect(await findings()).toEqual([{ kind: 'entryChanged', day: today, seq: 7 }])
  })

  it('finds two rows that changed places', async () => {
    await asSuperuser(
      `update audit_seal set seq = 1000 where day = '${today}' and seq = 3`,
      `update audit_seal set seq = 3 where day = '${today}' and seq = 4`,
      `update audit_seal set seq = 4 where day = '${today}' and seq = 1000`,
    )
    expect((await findings())[0]).toEqual({ kind: 'entryChanged', day: today, seq: 3 })
  })

  it('finds a row put in between, with a seal made up for it or without', async () => {
    const forged = '0190b6f0-0000-7000-8000-00000000000a'
    await asSuperuser(
      `insert into audit_entry values ('${forged}', '2026-11-20T01:00:00Z', 'staff', 'rep.zhou', 'contact.read', 'contact:1', null, '{}', 'shown', '')`,
      `insert into audit_seal values ('${today}', 13, '${forged}', '\\x${randomBytes(32).toString('hex')}')`,
    )
    expect(await findings()).toEqual([{ kind: 'entryChanged', day: today, seq: 13 }])
    await asSuperuser(`delete from audit_seal where seq = 13`)
    expect(await findings()).toEqual([{ kind: 'unsealed', day: today, seq: 1 }])
  })

  it('finds links cut out of the middle together with their rows', async () => {
    await asSuperuser(`delete from audit_entry where audit_entry_id in (select audit_entry_id from audit_seal where day = '${today}' and seq in (4, 5))`, `delete from audit_seal where day = '${today}' and seq in (4, 5)`)
    expect((await findings())[0]).toEqual({ kind: 'sealMissing', day: today, seq: 4 })
  })

  it('finds a cut-off end by the copied head, though every head in the database is gone', async () => {
    await asSuperuser(`delete from audit_entry where audit_entry_id in (select audit_entry_id from audit_seal where day = '${today}' and seq > 9)`, `delete from audit_seal where day = '${today}' and seq > 9`, 'delete from audit_head')
    expect(await findings()).toEqual([{ kind: 'headBroken', day: today, seq: 12 }])
  })

  it('finds a whole day that is gone, even if an invented purge is told of', async () => {
    await asSuperuser(`delete from audit_entry where audit_entry_id in (select audit_entry_id from audit_seal where day = '${yesterday}')`, `delete from audit_seal where day = '${yesterday}'`, 'delete from audit_head')
    expect(await findings()).toEqual([{ kind: 'dayMissing', day: yesterday, seq: 8 }])
    await recordAudit(services.db, { at: services.clock.at, actor: { kind: 'system', id: 'purge' }, action: 'audit.purge', subject: `day:${yesterday}` })
    await sealAll(services, chain, new Date(0))
    expect(await findings()).toEqual([{ kind: 'dayMissing', day: yesterday, seq: 8 }])
  })

  it('finds a head that nobody of us signed', async () => {
    const file = path.join(folder, `audit-heads-${today}.jsonl`)
    const line = JSON.parse(await readFile(file, 'utf8')) as { seq: number }
    await writeFile(file, `${JSON.stringify({ ...line, seq: 11 })}\nnot a line\n`)
    expect((await findings()).map(({ kind }) => kind)).toEqual(['headForged', 'headForged'])
  })

  it('does not hold for another key', async () => {
    const report = await verifyAudit(services, createAuditChain(randomBytes(32), services.env.indexKey), store)
    expect(report.findings.filter(({ kind }) => kind === 'entryChanged')).toHaveLength(20)
  })

  it('is kept with its time and range, and shouts what it found', async () => {
    const lines: string[] = []
    const log = { error: (line: object) => void lines.push(JSON.stringify(line)) } as unknown as TestServices['log']
    await verifyAndKeep({ ...services, log }, chain, store, 'manager.wu')
    await asSuperuser(`update audit_entry set actor_id = 'x' where audit_entry_id = ${entryAt(today, 2)}`)
    await verifyAndKeep({ ...services, log }, chain, store, null)
    const kept = await services.db.pool.query('select entries, from_day::text, to_day::text, finding, asked_by from audit_verification order by asked_by')
    expect(kept.rows).toEqual([
      { entries: 20, from_day: yesterday, to_day: today, finding: null, asked_by: 'manager.wu' },
      { entries: 20, from_day: yesterday, to_day: today, finding: { kind: 'entryChanged', day: today, seq: 2 }, asked_by: null },
    ])
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain('auditBroken')
  })
})

describe('the seal', () => {
  it('takes rows that were committed late into the chain of their own day', async () => {
    await look(3, '2026-11-19T02:00:00Z')
    await look(4, '2026-11-20T00:30:00Z')
    expect(await sealAll(services, chain, new Date(0))).toBe(2)
    await signHeads(services, chain, store)
    expect(await verifyAudit(services, chain, store)).toMatchObject({ entries: 22, findings: [] })
    const { rows } = await services.db.pool.query('select day::text, max(seq) as last from audit_seal group by 1 order by 1')
    expect(rows).toEqual([{ day: yesterday, last: 9 }, { day: today, last: 13 }])
  })

  it('is set by one process at a time: others leave it alone', async () => {
    await look(1, '2026-11-20T02:00:00Z')
    const holder = await services.db.pool.connect()
    await holder.query('begin; select pg_advisory_xact_lock(7240523)')
    expect(await sealAll(services, chain, new Date(0))).toBeNull()
    await holder.query('commit')
    holder.release()
    expect(await sealAll(services, chain, new Date(0))).toBe(1)
  })

  it('belongs to the local day: an entry of 23:59 and one of 00:00 in Shanghai are of two days', async () => {
    await look(0, '2026-11-18T15:59:59Z')
    await look(0, '2026-11-18T16:00:00Z')
    await sealAll(services, chain, new Date(0))
    const { rows } = await services.db.pool.query(`select day::text from audit_seal join audit_entry using (audit_entry_id) where at < '2026-11-19T00:00:00Z' order by at`)
    expect(rows.map(({ day }: { day: string }) => day)).toEqual(['2026-11-18', '2026-11-19'])
  })
})
