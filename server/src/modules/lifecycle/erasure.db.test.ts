import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openDatabase } from '../../db/pool.ts'
import type { MemberActor } from '../../http/actor.ts'
import { requestHashOf } from '../../http/idempotency.ts'
import { createErasureList } from '../../security/erasureList.ts'
import { createTestServices, type TestServices } from '../../testing/index.ts'
import { grantConsent } from '../consent/commands.ts'
import { storeContact } from '../contact/commands/storeContact.ts'
import { getSidebarContact } from '../contact/queries.ts'
import { postOrder, refundOrder } from '../growth/commands.ts'
import { linkPerson } from '../identity/commands/linkPerson.ts'
import { miniProgramNamespace } from '../identity/namespaces.ts'
import { findMemberSelf } from '../member/queries.ts'
import { registerMember } from '../registration/commands.ts'
import { sessionSource } from '../registration/source.ts'
import { archiveQuiet } from './commands/archiveQuiet.ts'
import { replayErasures, reviewWaiting } from './commands/erasures.ts'
import { requestErasure } from './commands/requestErasure.ts'
import { lifecycleHandlers } from './handlers.ts'
import { getErasure } from './queries.ts'

let services: TestServices
let folder: string
const rep = { kind: 'staff', staffUserId: 'rep.li', name: '李娜', isOperator: false } as unknown as Parameters<typeof getSidebarContact>[1]
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'erasures-'))
  services = await createTestServices({ settings: { ERASURE_LIST_DIR: folder } })
})
afterAll(async () => {
  await services.close()
  await rm(folder, { recursive: true })
})

const actorOf = (name: string): MemberActor => ({ kind: 'member', sessionId: randomUUID(), namespace: miniProgramNamespace(services.env), externalUserId: null, openId: `openid-${name}`, unionId: `unionid-${name}` })

async function join(name: string, phone: string): Promise<{ actor: MemberActor; memberId: string }> {
  const actor = actorOf(name)
  const { consentIds } = await grantConsent(services, actor, { policyVersion: '2026-01', purposes: ['membership', 'marketing'] })
  const input = { phone, consentIds, policyVersion: '2026-01', formVersion: '2026-01', answers: { city: '上海' } }
  const { member } = await registerMember(services, sessionSource(services.env, actor), input, { scope: name, key: randomUUID(), requestHash: requestHashOf([input]) })
  return { actor, memberId: member.memberId }
}
async function befriend(name: string): Promise<string> {
  const externalUserId = `wm${name}`
  const contact = { externalUserId, name: `昵称${name}`, type: 1 as const, avatarUrl: `https://avatar.example/${name}`, corpName: null, unionId: `unionid-${name}` }
  await storeContact(services, { contact, followUsers: [{ staffUserId: 'rep.li', remark: `备注${name}`, addedAt: services.now(), addWay: 1, state: null, tagIds: [] }] })
  const [row] = (await services.db.pool.query<{ person_id: string }>('select person_id from external_contact where external_user_id = $1', [externalUserId])).rows
  await linkPerson(services, row?.person_id ?? '')
  return externalUserId
}
const runErasure = async (erasureId: string) => {
  const handler = lifecycleHandlers(services).find(({ job }) => job.name === 'erasePerson')
  await handler?.run({ erasureId }, { attempt: 0, signal: new AbortController().signal })
}
/** Every text of the database in which any of these occurs: `table: what`. */
async function traces(db: pg.Pool, needles: readonly string[]): Promise<string[]> {
  const tables = (await db.query<{ name: string }>(`select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`)).rows
  const found: string[] = []
  for (const { name } of tables) {
    const rows = (await db.query<{ line: string }>(`select t::text as line from "${name}" t`)).rows
    for (const needle of needles) if (rows.some(({ line }) => line.includes(needle))) found.push(`${name}: ${needle}`)
  }
  return found.sort()
}

describe('an erasure', () => {
  it('makes the person unreachable in the request, erases them with receipts, and keeps amounts without identity', async () => {
    const { actor, memberId } = await join('anna', '+8613800001111')
    const externalUserId = await befriend('anna')
    await postOrder(services, { orderNo: 'E1', unionId: 'unionid-anna', amountFen: 120_000, paidAt: '2026-11-19T01:00:00.000Z' })
    expect((await getSidebarContact(services, rep, externalUserId, 'r1')).state).toBe('member')
    const personId = (await services.db.pool.query('select person_id from member where member_id = $1', [memberId])).rows[0].person_id as string

    const erasureId = await requestErasure(services, actor, 'r2')
    expect(await findMemberSelf(services, actor)).toBeNull()
    expect((await getSidebarContact(services, rep, externalUserId, 'r3')).state).toBe('notRegistered')
    expect(await getErasure(services, erasureId)).toMatchObject({ state: 'restricted', answerBy: '2026-12-11T16:00:00.000Z' })
    await expect(requestErasure(services, actor, 'r4')).rejects.toMatchObject({ code: 'member.notFound' })

    await runErasure(erasureId)
    const status = await getErasure(services, erasureId)
    expect(status.state).toBe('erased')
    expect(Object.fromEntries(status.receipts.map(({ label, count }) => [label, count]))).toMatchObject({ 手机号查询索引: 1, 登记表答案: 1, 数据密钥: 1, 身份标识: 3 })
    const known = ['unionid-anna', 'openid-anna', memberId, personId, '昵称anna', '备注anna', 'avatar.example/anna']
    expect(await traces(services.db.pool, known)).toEqual([`audit_entry: ${personId}`])
    expect((await services.db.pool.query(`select amount, source, via_value from growth_entry order by amount`)).rows).toEqual([{ amount: 100, source: 'registration', via_value: null }, { amount: 1200, source: 'order', via_value: null }])
    expect((await services.db.pool.query('select phone_sealed, phone_index from member')).rows).toEqual([{ phone_sealed: null, phone_index: null }])
    expect(await refundOrder(services, 'E1', { refundNo: 'E1-r', amountFen: 1000 })).toMatchObject({ growthReversed: 10 })
  })

  it('lets the same human register anew as another person, whose data a second run leaves alone', async () => {
    const first = await join('berta', '+8613800002222')
    const erasureId = await requestErasure(services, first.actor, 'r')
    const second = await join('berta', '+8613800002222')
    expect(second.memberId).not.toBe(first.memberId)
    await runErasure(erasureId)
    await runErasure(erasureId)
    expect(await findMemberSelf(services, second.actor)).toMatchObject({ memberId: second.memberId, phoneMasked: '138****2222' })
  })

  it('waits for a legal hold, which keeps everything stored and nothing served, and goes on when it is lifted', async () => {
    const { actor, memberId } = await join('clara', '+8613800003333')
    const personId = (await services.db.pool.query('select person_id from member where member_id = $1', [memberId])).rows[0].person_id as string
    await services.db.pool.query(`insert into legal_hold (hold_id, scope, person_id, reason, placed_by, placed_at, expires_at, review_due_at) values ($1, 'person', $2, '诉讼', 'manager.wu', $3, $4, $4)`, [randomUUID(), personId, services.now(), new Date('2027-11-20T00:00:00Z')])
    const erasureId = await requestErasure(services, actor, 'r')
    await runErasure(erasureId)
    expect(await getErasure(services, erasureId)).toMatchObject({ state: 'held' })
    expect(await findMemberSelf(services, actor)).toBeNull()
    expect((await services.db.pool.query('select phone_sealed is not null as stored from member where member_id = $1', [memberId])).rows).toEqual([{ stored: true }])
    await services.db.pool.query('update legal_hold set lifted_at = $1', [services.now()])
    await reviewWaiting(services)
    await runErasure(erasureId)
    expect(await getErasure(services, erasureId)).toMatchObject({ state: 'erased' })
  })

  it('comes for archived members after 24 months, unless they are held', async () => {
    const { memberId } = await join('dora', '+8613800004444')
    await services.db.pool.query('update member set last_activity_at = $2 where member_id = $1', [memberId, new Date('2024-01-01T00:00:00Z')])
    await archiveQuiet(services)
    expect(await reviewWaiting(services)).toBe(0)
    await services.db.pool.query('update member set archived_at = $2 where member_id = $1', [memberId, new Date('2024-11-19T00:00:00Z')])
    await services.db.pool.query(`insert into legal_hold (hold_id, scope, data_class, reason, placed_by, placed_at, expires_at, review_due_at) values ($1, 'class', 'members', '审计', 'manager.wu', $2, $3, $3)`, [randomUUID(), services.now(), new Date('2027-11-20T00:00:00Z')])
    expect(await reviewWaiting(services)).toBe(0)
    await services.db.pool.query('update legal_hold set lifted_at = $1 where lifted_at is null', [services.now()])
    expect(await reviewWaiting(services)).toBe(1)
    const [erasure] = (await services.db.pool.query<{ erasure_id: string }>(`select erasure_id from erasure where reason = 'retention'`)).rows
    await runErasure(erasure?.erasure_id ?? '')
    expect((await services.db.pool.query('select 1 from member where member_id = $1', [memberId])).rows).toEqual([])
  })

  it("erases again before serving when yesterday's backup is restored (trust test 37)", { timeout: 60_000 }, async () => {
    const { actor, memberId } = await join('emma', '+8613800005555')
    await befriend('emma')
    const kept = await join('frida', '+8613800006666')
    const copy = `test_${randomBytes(8).toString('hex')}`
    const admin = new pg.Client({ connectionString: process.env.TEST_DATABASE_URL })
    await admin.connect()
    const original = new URL(services.env.databaseUrl).pathname.slice(1)
    await vi.waitFor(async () => {
      await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [original])
      await admin.query(`create database ${copy} template ${original}`)
    }, { timeout: 30_000, interval: 200 })
    const reopen = (name: string) => {
      const url = new URL(services.env.databaseUrl)
      url.pathname = `/${name}`
      return openDatabase(url.toString(), () => {})
    }
    const erasureId = await requestErasure(services, actor, 'r')
    await runErasure(erasureId)
    expect(await readFile(path.join(folder, 'erased.list'), 'utf8')).not.toContain(memberId)

    const restored = reopen(copy)
    try {
      const yesterday = { ...services, db: restored }
      expect(await findMemberSelf(yesterday, actor)).not.toBeNull()
      const list = createErasureList(folder, services.env.indexKey)
      expect(await replayErasures(yesterday, list)).toBe(1)
      expect(await findMemberSelf(yesterday, actor)).toBeNull()
      expect(await findMemberSelf(yesterday, kept.actor)).toMatchObject({ memberId: kept.memberId })
      expect(await traces(restored.pool, ['unionid-emma', memberId, '昵称emma'])).toEqual([])
      expect(await replayErasures(yesterday, list)).toBe(0)
    } finally {
      await restored.close()
      await admin.query(`drop database ${copy}`)
      await admin.end()
    }
  })
})
