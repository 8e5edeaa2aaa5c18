import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { openDatabase } from '../../db/pool.ts'
import { staffWithoutSession, type MemberActor } from '../../http/actor.ts'
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
import { eraseRestricted, personsToErase, replayErasures, reviewWaiting } from './commands/erasures.ts'
import { requestErasure } from './commands/requestErasure.ts'
import { lifecycleHandlers } from './handlers.ts'
import { eraseSteps, selectNamingColumns } from './erasureTables.ts'
import { getErasure } from './queries.ts'

let services: TestServices
let folder: string
const rep = staffWithoutSession('rep.li', '李娜')
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

/** Tables whose rows stay with the tombstone, and why. A table that is added belongs here or into `eraseSteps`. */
const keptWithTombstone: Readonly<Record<string, string>> = {
  growth_entry: 'amounts of the ledger; what they came through is emptied',
  tier_event: 'what the engine decided; tiers and days',
  consent: 'proof that there was consent; who gave it is emptied',
  touch: 'counts of channels; what it came through is emptied',
  visit: 'counts of the funnel; the account is emptied',
  risk_decision: 'counts of the rules; the account is emptied',
  channel: 'a personal link is ended and names no contact any more',
  coupon: 'amounts that were paid; code and order are emptied',
  benefit_grant: 'what a coupon that was used came from',
  external_contact: "WeCom's own contact, under a new key and a name that says nothing",
  identifier: 'moved to restricted_identifier when the person is restricted, and deleted with it',
  member_session: 'ended when the person is restricted',
  pending_link: 'ended when the person is restricted',
  legal_hold: 'nobody is erased while one is in force; that there was one is kept',
  answer_index: 'goes with the answer it belongs to',
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

  it('looks for a hold once more in the transaction that shreds', async () => {
    const { actor, memberId } = await join('hanna', '+8613800008888')
    const personId = (await services.db.pool.query('select person_id from member where member_id = $1', [memberId])).rows[0].person_id as string
    const erasureId = await requestErasure(services, actor, 'r')
    expect(await personsToErase(services, erasureId)).toContain(personId)
    const holdId = randomUUID()
    await services.db.pool.query(`insert into legal_hold (hold_id, scope, person_id, reason, placed_by, placed_at, expires_at, review_due_at) values ($1, 'person', $2, '诉讼', 'manager.wu', $3, $4, $4)`, [holdId, personId, services.now(), new Date('2027-11-20T00:00:00Z')])
    expect(await eraseRestricted(services, erasureId)).toBe('held')
    expect((await services.db.pool.query('select phone_sealed is not null as stored from member where member_id = $1', [memberId])).rows).toEqual([{ stored: true }])
    await services.db.pool.query('update legal_hold set lifted_at = $2 where hold_id = $1', [holdId, services.now()])
    expect(await eraseRestricted(services, erasureId)).toBe('erased')
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

  it('decides about every table that names a person or a member, also about those added later', async () => {
    const naming = (await services.db.pool.query<{ table_name: string }>(selectNamingColumns.text)).rows.map((row) => row.table_name)
    const deletedFrom = eraseSteps.flatMap(({ statement }) => [...statement.text.matchAll(/delete from (\w+)/g)].map(([, table]) => table))
    expect([...new Set(naming)].filter((table) => !deletedFrom.includes(table) && keptWithTombstone[table] === undefined)).toEqual([])
  })

  it('leaves nothing of benefits, coupons, interactions, segments, advisers and tags that leads to the person', async () => {
    const { actor, memberId } = await join('gina', '+8613800007777')
    const externalUserId = await befriend('gina')
    const { pool } = services.db
    const [segmentId, documentId, ...grants] = [randomUUID(), randomUUID(), randomUUID(), randomUUID(), randomUUID()]
    await pool.query(`insert into segment (segment_id, name, conditions, created_by, created_at, changed_at) values ($1, '高频', '[]', 'manager.wu', now(), now())`, [segmentId])
    await pool.query('insert into segment_member values ($1, $2, now())', [segmentId, memberId])
    await pool.query(`insert into answer_index select member_id, field_key, '\\x01', answered_at from member_answer where member_id = $1`, [memberId])
    const sourceKey = `${documentId}:${memberId}:2026-11-20`
    await pool.query(`insert into document values ($1, '手册', 'https://brand.example/', 'rep.li', now(), null)`, [documentId])
    await pool.query(
      `insert into interaction (interaction_id, member_id, kind, source_key, document_id, occurred_at, recorded_at, growth, via_namespace, via_value)
       values (gen_random_uuid(), $1, 'documentView', $3, $2, now(), now(), 5, 'n', 'openid-gina')`,
      [memberId, documentId, sourceKey],
    )
    await pool.query(`insert into growth_entry (growth_entry_id, member_id, kind, amount, source, source_id, occurred_at, posted_at) values (gen_random_uuid(), $1, 'earn', 5, 'documentView', $2, now(), now())`, [memberId, sourceKey])
    await pool.query(`insert into benefit_grant (grant_id, member_id, origin_member_id, benefit, kind, tier, period_on, rules_version, granted_at) select g, $2::uuid, $2::uuid, g::text, 'coupon', 'silver', '2026-11-01', 'v', now() from unnest($1::uuid[]) g`, [grants, memberId])
    await pool.query(
      `insert into coupon (coupon_id, grant_id, member_id, code_index, code_sealed, name, amount_fen, threshold_fen, issued_at, expires_at, redeemed_at, order_no)
       select gen_random_uuid(), g.id, $2::uuid, uuid_send(g.id), 'code-gina', '满减券', 1000 * g.n, 0, now(), now(), case when g.n = 1 then now() end, case when g.n = 1 then 'order-of-gina' end from unnest($1::uuid[]) with ordinality as g(id, n) where g.n < 3`,
      [grants, memberId],
    )
    await pool.query(`insert into member_adviser values (gen_random_uuid(), $1, 'rep.li', 'follow', now(), null)`, [memberId])
    await pool.query(`insert into tag_hand_edit (external_user_id, staff_user_id, at, added_names, removed_names) values ($1, 'rep.li', now(), '{银卡会员}', '{}')`, [externalUserId])

    const erasureId = await requestErasure(services, actor, 'r')
    await runErasure(erasureId)
    expect((await getErasure(services, erasureId)).receipts.filter(({ label }) => !/[\u4e00-\u9fff]/u.test(label))).toEqual([])
    const hex = (text: string) => Buffer.from(text).toString('hex')
    expect(await traces(pool, [memberId, 'openid-gina', 'unionid-gina', 'order-of-gina', hex('code-gina'), grants[0]?.replaceAll('-', '') ?? ''])).toEqual([])
    const counts = await Promise.all(['segment_member', 'answer_index', 'interaction', 'member_adviser', 'tag_hand_edit'].map(async (table) => (await pool.query(`select 1 from ${table}`)).rowCount))
    expect(counts).toEqual([0, 0, 0, 0, 0])
    expect((await pool.query('select amount_fen, order_no from coupon')).rows).toEqual([{ amount_fen: 1000, order_no: null }])
    expect((await pool.query('select grant_id from benefit_grant')).rows).toEqual([{ grant_id: grants[0] }])
  })
})
