import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { staffWithoutSession, type MemberActor } from '../../http/actor.ts'
import { createTestServices, type TestServices } from '../../testing/index.ts'
import { grantConsent, publishPolicy } from '../consent/commands.ts'
import { canMarket } from '../consent/queries.ts'
import { postOrder } from '../growth/commands.ts'
import { miniProgramNamespace, unionIdNamespace } from '../identity/namespaces.ts'
import { createMemberSessions } from '../member/sessions.ts'
import { archiveQuiet } from './commands/archiveQuiet.ts'
import { sendQuietNotice } from './commands/sendQuietNotice.ts'
import { touchActivity } from './steps.ts'

/** How many members the walk goes over; `LIFECYCLE_MEMBERS=1000000` for the whole proof (trust test 53). */
const crowd = Number(process.env.LIFECYCLE_MEMBERS ?? 3000)
const dayMs = 86_400_000
let services: TestServices
beforeAll(async () => {
  services = await createTestServices()
})
beforeEach(() => services.db.pool.query('truncate member, person, identifier, consent, timeline_entry, outbox, delivery, archive_run cascade'))
afterAll(() => services.close())

const daysAgo = (days: number) => new Date(services.clock.at.getTime() - days * dayMs)

async function addMember(quietDays: number): Promise<{ memberId: string; personId: string; actor: MemberActor }> {
  const [memberId, personId] = [randomUUID(), randomUUID()]
  const actor: MemberActor = { kind: 'member', sessionId: randomUUID(), namespace: miniProgramNamespace(services.env), externalUserId: null, openId: `o-${memberId}`, unionId: `u-${memberId}` }
  const dataKey = services.cipher.newDataKey({ table: 'member', column: 'data_key_sealed', rowId: memberId })
  const phone = services.cipher.seal({ table: 'member', column: 'phone_sealed', rowId: memberId }, '+8613800001111', dataKey.key)
  await services.db.pool.query('insert into person (person_id, created_at) values ($1, $2)', [personId, daysAgo(400)])
  await services.db.pool.query(
    `insert into identifier (namespace, value, person_id, evidence, observed_at) values ($1, $2, $5, 'code2Session', $6), ($3, $4, $5, 'code2Session', $6)`,
    [actor.namespace, actor.openId, unionIdNamespace(services.env), actor.unionId, personId, daysAgo(400)],
  )
  await services.db.pool.query(
    `insert into member (member_id, person_id, member_no, data_key_sealed, phone_sealed, tier, tier_since, growth_value, form_version, policy_version, registered_at, last_activity_at, confirmed_at)
     values ($1, $2, $3, $4, $5, 'normal', $6, 0, '2026-01', '2026-01', $6, $7, $6)`,
    [memberId, personId, memberId.slice(0, 18), dataKey.sealed, phone, daysAgo(400), daysAgo(quietDays)],
  )
  return { memberId, personId, actor }
}
const stateOf = async (memberId: string) => (await services.db.pool.query('select archived_at is not null as archived, quiet_notice as notice, tier, last_activity_at as "at" from member where member_id = $1', [memberId])).rows[0]

describe('archiveQuiet', () => {
  it('archives after 180 days, asks for each notice once, and leaves the rest alone', async () => {
    const members = await Promise.all([150, 151, 173, 174, 180, 181, 400].map(async (days) => ({ days, ...(await addMember(days)) })))
    expect(await archiveQuiet(services)).toEqual({ archived: 2, warned: 4 })
    expect(await archiveQuiet(services)).toEqual({ archived: 0, warned: 0 })
    const states = await Promise.all(members.map(async ({ days, memberId }) => ({ days, ...(await stateOf(memberId)) })))
    expect(states.map(({ days, archived, notice }) => `${days} ${archived} ${notice}`)).toEqual(['150 false 0', '151 false 150', '173 false 150', '174 false 173', '180 false 173', '181 true 173', '400 true 173'])
    const asked = await services.db.pool.query(`select payload->>'days' as days from outbox where job = 'sendQuietNotice' order by 1`)
    expect(asked.rows.map(({ days }) => days)).toEqual(['150', '150', '173', '173'])
    expect((await services.db.pool.query('select archived, warned from archive_run')).rows).toEqual([{ archived: 2, warned: 4 }])
  })

  it('takes marketing back that waits for the archived, and allows none', async () => {
    const { personId, actor } = await addMember(182)
    await grantConsent(services, actor, { policyVersion: '2026-01', purposes: ['membership', 'marketing'] })
    await services.db.pool.query('update member set last_activity_at = $1', [daysAgo(182)])
    expect(await canMarket(services.db, services.policies, personId, services.now())).toBe(true)
    await services.db.pool.query(`insert into delivery (delivery_id, medium, purpose, person_id, recipient_sealed, recipient_index, body_sealed, created_by, created_at) values ($1, 'sms', 'marketing', $2, '', '', '', 't', $3)`, [randomUUID(), personId, services.now()])
    await archiveQuiet(services)
    expect((await services.db.pool.query('select state, reason from delivery')).rows).toEqual([{ state: 'cancelled', reason: '会员已归档' }])
    expect(await canMarket(services.db, services.policies, personId, services.now())).toBe(false)
  })

  it('says a notice once, as a message of the service, and not to who came back', async () => {
    const { memberId } = await addMember(151)
    await archiveQuiet(services)
    expect(await Promise.all([sendQuietNotice(services, memberId, 150), sendQuietNotice(services, memberId, 150)])).toEqual(expect.arrayContaining([true, false]))
    expect((await services.db.pool.query('select medium, purpose, state from delivery')).rows).toEqual([{ medium: 'sms', purpose: 'service', state: 'queued' }])
    await services.db.transaction((tx) => touchActivity(tx, memberId, services.now()))
    expect(await sendQuietNotice(services, memberId, 150)).toBe(false)
  })

  it(`archives nobody active while members of ${crowd} come back during the run (trust test 53)`, { timeout: 900_000 }, async () => {
    await services.db.pool.query(`insert into person (person_id, created_at) select gen_random_uuid(), $2 from generate_series(1, $1::int)`, [crowd, daysAgo(900)])
    await services.db.pool.query(
      `insert into member (member_id, person_id, member_no, data_key_sealed, tier, tier_since, growth_value, form_version, policy_version, registered_at, last_activity_at, confirmed_at)
       select gen_random_uuid(), person_id, 'c' || row_number() over (), '', 'normal', $1, 0, 'v', 'v', $1, $2::timestamptz - random() * interval '360 days', $1 from person`,
      [daysAgo(900), services.now()],
    )
    await services.db.pool.query('analyze member')
    const ids = (await services.db.pool.query<{ member_id: string }>(`select member_id from member where last_activity_at < $1::timestamptz - interval '179 days' order by random() limit $2`, [services.now(), Math.min(2000, Math.floor(crowd / 5))])).rows.map((row) => row.member_id)
    let isRunning = true
    const returned: string[] = []
    const visitors = Array.from({ length: 3 }, async (_, lane) => {
      for (let index = lane; isRunning && index < ids.length; index += 3) {
        const memberId = ids[index] ?? ''
        await services.db.transaction((tx) => touchActivity(tx, memberId, services.now()))
        returned.push(memberId)
      }
    })
    const started = performance.now()
    const run = await archiveQuiet(services, undefined, Math.max(500, Math.floor(crowd / 200)))
    const seconds = (performance.now() - started) / 1000
    isRunning = false
    await Promise.all(visitors)
    if (crowd > 100_000) process.stdout.write(`archive of ${crowd} members: ${seconds.toFixed(1)} s, ${run.archived} archived, ${run.warned} told, ${returned.length} came back meanwhile\n`)
    const [wrong] = (await services.db.pool.query(`select count(*) filter (where archived_at is not null and last_activity_at >= $1::timestamptz - interval '180 days')::int as active_archived,
      count(*) filter (where archived_at is null and last_activity_at < $1::timestamptz - interval '181 days')::int as quiet_left from member`, [services.now()])).rows
    expect(returned.length).toBeGreaterThan(0)
    expect(wrong).toEqual({ active_archived: 0, quiet_left: 0 })
  })
})

describe('the first act of somebody archived', () => {
  it('restores the same member in the login itself, tier looked at anew', async () => {
    const { memberId, actor } = await addMember(300)
    await services.db.pool.query(`insert into growth_entry (growth_entry_id, member_id, kind, amount, source, source_id, occurred_at, posted_at) values ($1, $2, 'earn', 1200, 'order', 'restore', $3, $3)`, [randomUUID(), memberId, daysAgo(300)])
    await archiveQuiet(services)
    expect(await stateOf(memberId)).toMatchObject({ archived: true, tier: 'normal' })
    const opened = await createMemberSessions(services).openFor(actor)
    expect(opened.member).toMatchObject({ memberId, tier: { code: 'silver' } })
    expect(await stateOf(memberId)).toEqual({ archived: false, notice: 0, tier: 'silver', at: services.now() })
    expect((await services.db.pool.query('select kind from timeline_entry')).rows).toContainEqual({ kind: 'member.restored' })
  })

  it('restores by an order and by a consent alike, and only forward', async () => {
    const [one, other] = [await addMember(300), await addMember(300)]
    await archiveQuiet(services)
    await postOrder(services, { orderNo: 'L1', unionId: one.actor.unionId ?? '', amountFen: 100, paidAt: '2026-11-19T01:00:00.000Z' })
    await grantConsent(services, other.actor, { policyVersion: '2026-01', purposes: ['membership'] })
    for (const { memberId } of [one, other]) expect(await stateOf(memberId)).toMatchObject({ archived: false, at: services.now() })
    await services.db.transaction((tx) => touchActivity(tx, one.memberId, daysAgo(100)))
    expect(await stateOf(one.memberId)).toMatchObject({ at: services.now() })
  })

  it('asks consents anew that were given to a text that changed materially meanwhile', async () => {
    const { personId, memberId, actor } = await addMember(10)
    await grantConsent(services, actor, { policyVersion: '2026-01', purposes: ['membership', 'marketing'] })
    await services.db.pool.query('update member set last_activity_at = $1', [daysAgo(200)])
    await archiveQuiet(services)
    const policy = await services.policies.inForce(services.now())
    const operator = staffWithoutSession('manager.wu', '吴经理', true)
    await publishPolicy(services, operator, { version: '2026-11', title: policy.title, diffClass: 'material', summary: [...policy.summary, '新增用途'], sections: policy.sections, replaces: policy.version })
    services.clock.at = new Date(services.clock.at.getTime() + 1000)
    await createMemberSessions(services).openFor(actor)
    expect(await stateOf(memberId)).toMatchObject({ archived: false })
    expect(await canMarket(services.db, services.policies, personId, services.now())).toBe(false)
  })
})
