import { randomInt, randomUUID } from 'node:crypto'
import { benefitStanding, firstBenefitRules, type BenefitGrant } from '@qihui/shared/benefit'
import { localDateOf, nextDay, startOfDay } from '@qihui/shared/tier'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { staffWithoutSession, type IntegrationActor } from '../../http/actor.ts'
import { createTestServices, type TestServices } from '../../testing/index.ts'
import { hideDepartedStaff } from '../contact/commands/storeStaff.ts'
import { postOrder, refundOrder } from '../growth/commands.ts'
import { unionIdNamespace } from '../identity/namespaces.ts'
import { decideDay, publishFirstTierRules } from '../tier/commands.ts'
import { issueAllCoupons, publishFirstBenefitRules, redeemCoupon, renewAllAdvisers, unlockTo } from './commands.ts'
import { benefitHandlers } from './handlers.ts'
import { getContactBenefits, getOwnBenefits } from './queries.ts'
import { settleBenefits } from './steps.ts'

let services: TestServices
const dayMs = 86_400_000
const till: IntegrationActor = { kind: 'integration', keyId: 'till', scopes: new Set(['coupons:redeem']) }
/** Noon of the first day of every story. */
const begin = new Date('2026-03-01T04:00:00.000Z')

beforeAll(async () => {
  services = await createTestServices()
  await publishFirstTierRules(services)
  await publishFirstBenefitRules(services)
})
afterAll(() => services.close())
beforeEach(async () => {
  services.clock.at = begin
  await services.db.pool.query(`insert into staff (staff_user_id, name, is_visible, synced_at) values ('rep.li', '李静', true, now()), ('rep.wang', '王浩', true, now()) on conflict (staff_user_id) do update set is_visible = true`)
})
afterEach(async () => {
  await services.db.pool.query('truncate coupon, benefit_grant, benefit_day, member_adviser, adviser_way, outbox, growth_entry, tier_event, tier_day')
  await services.db.pool.query('update member set absorbed_by = null')
  await services.db.pool.query('delete from member')
})

const rows = async <Row>(text: string, values: unknown[] = []) => (await services.db.pool.query(text, values)).rows as Row[]

interface Person {
  readonly unionId: string
  readonly memberId: string
  readonly externalUserId: string
}

async function member(more: { readonly followedBy?: readonly string[]; readonly channelRep?: string } = {}): Promise<Person> {
  const memberId = randomUUID()
  const unionId = `u-${memberId}`
  const externalUserId = `wm${memberId}`
  const channelId = more.channelRep === undefined ? null : randomUUID()
  if (channelId !== null) await rows(`insert into channel (channel_id, token, kind, name, staff_user_id, state, created_at) values ($1, $2, 'scan', '门店', $3, 'ready', now())`, [channelId, randomUUID().slice(0, 22), more.channelRep])
  await rows('insert into person (person_id, created_at) values ($1, $2)', [memberId, begin])
  await rows(`insert into identifier (namespace, value, person_id, evidence, observed_at) values ($1, $2, $3, 'test', now())`, [unionIdNamespace(services.env), unionId, memberId])
  await rows(
    `insert into member (member_id, person_id, member_no, data_key_sealed, tier, tier_since, growth_value, form_version, policy_version, registered_at, last_activity_at, confirmed_at, channel_id)
     values ($1, $1, $4, '', 'normal', $2, 0, '2026-01', '2026-01', $2, $2, $2, $3)`,
    [memberId, begin, channelId, memberId.slice(0, 18)],
  )
  await rows(`insert into external_contact (external_user_id, person_id, type, data_key_sealed, name_sealed, mirrored_at) values ($1, $2, 1, '', '', now())`, [externalUserId, memberId])
  for (const [index, staffUserId] of (more.followedBy ?? []).entries()) {
    await rows('insert into follow_user (external_user_id, staff_user_id, added_at) values ($1, $2, $3)', [externalUserId, staffUserId, new Date(begin.getTime() + index * 1000)])
  }
  return { unionId, memberId, externalUserId }
}

const actorOf = ({ unionId }: Person) => ({ kind: 'member', sessionId: 's', namespace: 'mp-openid@wx1', openId: 'o', unionId, externalUserId: null }) as const
const rep = (staffUserId: string) => staffWithoutSession(staffUserId, '员工')
const buy = ({ unionId }: Person, yuan: number, orderNo: string = randomUUID()) => postOrder(services, { orderNo, unionId, amountFen: yuan * 100, paidAt: services.clock.at.toISOString() })
const grantsOf = ({ memberId }: Person) => rows<{ benefit: string; ended: boolean; tier: string }>('select benefit, ended_at is not null as ended, tier from benefit_grant where member_id = $1 order by benefit, period_on', [memberId])
const openOf = async (person: Person) => (await grantsOf(person)).filter(({ ended }) => !ended).map(({ benefit }) => benefit)

/** Lives through local midnights: tiers, then benefits, then coupons. */
async function liveDays(count: number): Promise<void> {
  for (let passed = 0; passed < count; passed += 1) {
    const day = nextDay(localDateOf(services.clock.at.toISOString()))
    services.clock.at = new Date(Date.parse(startOfDay(day)) + 20 * 60_000)
    await decideDay(services, day)
    await unlockTo(services, day)
  }
  await issueAllCoupons(services)
}

describe('an upgrade', () => {
  it('gives the first day of the tier in the transaction of the posting, and only that', async () => {
    const person = await member()
    await buy(person, 1000)
    expect(await openOf(person)).toEqual(['birthday', 'memberPrice', 'onlineService', 'tierBadge'])
    expect(await rows(`select distinct granted_at = posted_at as is_together from benefit_grant join growth_entry using (member_id) where member_id = $1`, [person.memberId])).toEqual([{ is_together: true }])
  })

  it('gives nothing twice, whatever is posted, refunded or settled again', async () => {
    const person = await member()
    await buy(person, 1000, 'twice-1')
    await buy(person, 1000, 'twice-1')
    const once = await grantsOf(person)
    await refundOrder(services, 'twice-1', { refundNo: 'twice-1-r', amountFen: 100_000 })
    await services.db.transaction((tx) => settleBenefits(tx, [person.memberId], services.now()))
    await Promise.all(Array.from({ length: 10 }, () => services.db.transaction((tx) => settleBenefits(tx, [person.memberId], services.now()))))
    expect(await grantsOf(person)).toEqual(once)
  })

  it('unlocks the later steps on their days, with the night', async () => {
    const person = await member({ followedBy: ['rep.li'] })
    await unlockTo(services, '2026-03-01')
    await buy(person, 1000)
    await liveDays(1)
    expect(await openOf(person)).toContain('silverCoupon')
    await liveDays(5)
    expect(await openOf(person)).not.toContain('adviser')
    await liveDays(1)
    expect(localDateOf(services.clock.at.toISOString())).toBe('2026-03-08')
    expect(await openOf(person)).toContain('adviser')
    await unlockTo(services, '2026-03-08')
    expect((await grantsOf(person)).filter(({ benefit }) => benefit === 'adviser')).toHaveLength(1)
  })

  it('of two steps follows the schedule of the tier that is reached, and gives each coupon once', async () => {
    const person = await member({ followedBy: ['rep.li'] })
    await unlockTo(services, '2026-03-01')
    await buy(person, 5000)
    expect(await openOf(person)).toEqual(['adviser', 'birthday', 'greenChannel', 'memberPrice', 'onlineService', 'tierBadge'])
    await liveDays(10)
    expect(await rows('select name, amount_fen from coupon where member_id = $1 order by name', [person.memberId])).toEqual([{ name: '金卡礼券', amount_fen: 8000 }, { name: '银卡礼券', amount_fen: 2000 }])
  })

  it('carries what is held from silver to gold', async () => {
    const person = await member({ followedBy: ['rep.li'] })
    await unlockTo(services, '2026-03-01')
    await buy(person, 1000)
    await liveDays(10)
    const before = await rows('select grant_id from benefit_grant where member_id = $1 order by 1', [person.memberId])
    await buy(person, 4000)
    await liveDays(2)
    const after = await rows<{ grant_id: string; benefit: string }>('select grant_id, benefit from benefit_grant where member_id = $1 order by granted_at, grant_id', [person.memberId])
    expect(after.map(({ grant_id }) => ({ grant_id })).filter((row) => before.some((old) => JSON.stringify(old) === JSON.stringify(row)))).toHaveLength(before.length)
    expect(after.slice(before.length).map(({ benefit }) => benefit).sort()).toEqual(['goldCoupon', 'greenChannel'])
  })
})

describe('a downgrade', () => {
  it('ends what the lower tier does not carry, after a grace with everything; a coupon stays valid', async () => {
    const person = await member({ followedBy: ['rep.li'] })
    await buy(person, 5000)
    await rows(`update growth_entry set occurred_at = occurred_at - interval '13 months' where member_id = $1`, [person.memberId])
    services.clock.at = new Date(begin.getTime() + dayMs)
    await unlockTo(services, '2026-03-02')
    await issueAllCoupons(services)
    const review = '2026-06-02'
    services.clock.at = new Date(Date.parse(startOfDay(review)))
    await decideDay(services, review)
    expect(await rows(`select tier, tier_grace_until is not null as in_grace from member where member_id = $1`, [person.memberId])).toEqual([{ tier: 'gold', in_grace: true }])
    expect(await openOf(person)).toContain('greenChannel')
    services.clock.at = new Date(Date.parse(startOfDay('2026-07-02')))
    await decideDay(services, '2026-07-02')
    expect(await openOf(person)).toEqual(['birthday', 'memberPrice', 'onlineService'])
    expect(await rows('select redeemed_at from coupon where member_id = $1', [person.memberId])).toHaveLength(2)
    expect(await rows('select ended_at is not null as ended from member_adviser where member_id = $1', [person.memberId])).toEqual([{ ended: true }])
  })
})

describe('the night', () => {
  it('makes up for nights that were missed, and gives who joined by day their first day', async () => {
    const person = await member()
    await unlockTo(services, '2026-02-28')
    services.clock.at = new Date(begin.getTime() + 9 * dayMs)
    const silver = await member()
    await rows(`update member set tier = 'silver', tier_since = $2 where member_id = $1`, [silver.memberId, begin])
    await unlockTo(services, '2026-03-10')
    expect(await openOf(person)).toEqual(['birthday', 'memberPrice', 'onlineService'])
    expect(await openOf(silver)).toEqual(['adviser', 'birthday', 'memberPrice', 'onlineService', 'silverCoupon', 'tierBadge'])
  })

  it('looks at everybody on the day other rules begin with', async () => {
    const person = await member()
    await unlockTo(services, '2026-03-01')
    const tea = { code: 'tea', kind: 'service', name: '茶歇', description: '到店饮品', unlocks: [{ tier: 'normal', day: 0 }] }
    await rows(`insert into benefit_rules values ('tea', '2026-03-19T16:00:00Z', $1, now())`, [JSON.stringify({ benefits: [tea] })])
    try {
      await liveDays(18)
      expect(await openOf(person)).not.toContain('tea')
      await liveDays(1)
      expect(await openOf(person)).toEqual(['tea'])
    } finally {
      await rows(`delete from benefit_rules where version = 'tea'`)
    }
  })

  it('waits with benefits while a membership is looked at', async () => {
    const person = await member()
    await rows('update member set held_at = now() where member_id = $1', [person.memberId])
    await unlockTo(services, '2026-03-01')
    expect(await grantsOf(person)).toEqual([])
    expect(await getOwnBenefits(services, actorOf(person))).toMatchObject({ isWaiting: true, held: [] })
  })

  it('decides for everybody at once what the rule decides for each', async () => {
    const seed = randomInt(2 ** 31)
    const size = Number(process.env['BENEFIT_MEMBERS'] ?? 300)
    const [people = []] = fc.sample(
      fc.array(
        fc.record({
          tier: fc.constantFrom('normal', 'silver', 'gold'),
          periodDay: fc.integer({ min: 0, max: 12 }),
          grants: fc.uniqueArray(fc.record({ benefit: fc.constantFrom(...firstBenefitRules.benefits.map(({ code }) => code)), daysAgo: fc.integer({ min: 13, max: 500 }), ended: fc.boolean() }), { selector: ({ benefit, daysAgo }) => `${benefit} ${daysAgo}`, maxLength: 6 }),
        }),
        { minLength: size, maxLength: size, size: 'max' },
      ),
      { seed, numRuns: 1 },
    )
    const today = '2026-03-20'
    services.clock.at = new Date('2026-03-20T04:00:00.000Z')
    const dayBefore = (days: number) => localDateOf(new Date(services.clock.at.getTime() - days * dayMs).toISOString())
    const stories = people.map((story) => ({ ...story, memberId: randomUUID(), startedOn: dayBefore(story.periodDay) }))
    const ids = stories.map(({ memberId }) => memberId)
    await rows('insert into person (person_id, created_at) select id, now() from unnest($1::uuid[]) id', [ids])
    await rows(
      `insert into member (member_id, person_id, member_no, data_key_sealed, tier, tier_since, tier_period_on, growth_value, form_version, policy_version, registered_at, last_activity_at, confirmed_at)
       select id, id, left(id::text, 18), '', tier, now(), day, 0, 'v', 'v', now(), now(), now() from unnest($1::uuid[], $2::text[], $3::date[]) as s(id, tier, day)`,
      [ids, stories.map(({ tier }) => tier), stories.map(({ startedOn }) => startedOn)],
    )
    const given = stories.flatMap(({ memberId, grants }) => grants.map((grant) => ({ ...grant, memberId, kind: firstBenefitRules.benefits.find(({ code }) => code === grant.benefit)?.kind })))
    await rows(
      `insert into benefit_grant (grant_id, member_id, origin_member_id, benefit, kind, tier, period_on, rules_version, granted_at, ended_at, issued_at)
       select gen_random_uuid(), m, m, b, k, 'gold', (a at time zone 'Asia/Shanghai')::date, '2026-01', a, case when e then a end, a
       from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::boolean[]) as g(m, b, k, a, e)`,
      [given.map(({ memberId }) => memberId), given.map(({ benefit }) => benefit), given.map(({ kind }) => kind), given.map(({ daysAgo }) => new Date(services.clock.at.getTime() - daysAgo * dayMs)), given.map(({ ended }) => ended)],
    )
    const expected = stories.map(({ memberId, tier, startedOn, grants }) => {
      const known = grants.map(({ benefit, daysAgo, ended }): BenefitGrant => ({ benefit, grantedOn: dayBefore(daysAgo), periodOn: dayBefore(daysAgo), isEnded: ended }))
      const { due, ending } = benefitStanding(firstBenefitRules, { tier: tier as 'normal', startedOn }, today, known)
      return { memberId, due: due.map(({ benefit }) => benefit.code).sort(), ending: [...ending].sort() }
    })
    await unlockTo(services, today, 50)
    const changed = await rows<{ member_id: string; due: string[]; ending: string[] }>(
      `select m as member_id, array(select benefit from benefit_grant where member_id = m and granted_at = $2 order by benefit collate "C") as due,
        array(select distinct benefit collate "C" from benefit_grant where member_id = m and ended_at = $2 order by 1) as ending from unnest($1::uuid[]) m`,
      [ids, services.clock.at],
    )
    expect(changed.map((row) => ({ memberId: row.member_id, due: row.due, ending: row.ending })), `seed ${seed}`).toEqual(expected)
  })
})

describe('a coupon', () => {
  async function withCoupon(): Promise<{ person: Person; code: string }> {
    const person = await member()
    await unlockTo(services, '2026-03-01')
    await buy(person, 1000)
    await liveDays(1)
    const { coupons } = await getOwnBenefits(services, actorOf(person))
    return { person, code: coupons[0]?.code ?? '' }
  }

  it('is shown with its terms, and rests as a hash and a sealed value', async () => {
    const { person, code } = await withCoupon()
    expect((await getOwnBenefits(services, actorOf(person))).coupons).toMatchObject([{ name: '银卡礼券', terms: '满200元减20元', state: 'unused', lastDay: '2026-05-31' }])
    expect(code).toMatch(/^[2-9A-HJ-NP-Z]{4}(-[2-9A-HJ-NP-Z]{4}){2}$/)
    const [stored] = await rows<{ row: string }>('select row_to_json(coupon)::text as row from coupon')
    expect(stored?.row).not.toContain(code.replaceAll('-', ''))
  })

  it('is used once under fifty calls at once, each for an order of its own', async () => {
    const { code } = await withCoupon()
    const calls = await Promise.allSettled(Array.from({ length: 50 }, (_, index) => redeemCoupon(services, till, { code, orderNo: `P${index}` })))
    const won = calls.filter((call) => call.status === 'fulfilled')
    expect(won).toHaveLength(1)
    for (const call of calls) if (call.status === 'rejected') expect(call.reason).toMatchObject({ code: 'coupon.used' })
  })

  it('answers the order that used it again, and says what it is then', async () => {
    const { person, code } = await withCoupon()
    const calls = await Promise.all(Array.from({ length: 50 }, () => redeemCoupon(services, till, { code: code.toLowerCase(), orderNo: 'Q1' })))
    expect(calls.filter(({ isNew }) => isNew)).toHaveLength(1)
    const [{ coupon_id: couponId }] = (await rows<{ coupon_id: string }>('select coupon_id from coupon')) as [{ coupon_id: string }]
    expect(await rows('select actor_kind, actor_id, action from audit_entry where subject = $1', [`coupon:${couponId}`])).toEqual([{ actor_kind: 'integration', actor_id: 'till', action: 'coupon.redeem' }])
    expect(calls.every(({ amountFen, thresholdFen }) => amountFen === 2000 && thresholdFen === 20_000)).toBe(true)
    expect((await getOwnBenefits(services, actorOf(person))).coupons).toMatchObject([{ state: 'used', code: null }])
  })

  it('is an act of the customer: whoever rested is back with it (domain rules h 1)', async () => {
    const { person, code } = await withCoupon()
    await services.db.pool.query(`update member set archived_at = $2, last_activity_at = $2 where member_id = $1`, [person.memberId, new Date('2026-01-01T00:00:00.000Z')])
    await redeemCoupon(services, till, { code, orderNo: 'A1' })
    expect(await rows('select archived_at, last_activity_at from member where member_id = $1', [person.memberId])).toEqual([{ archived_at: null, last_activity_at: services.clock.at }])
  })

  it('ends with its last day, and an unknown one is told apart', async () => {
    const { code } = await withCoupon()
    services.clock.at = new Date('2026-05-31T16:00:00.000Z')
    await expect(redeemCoupon(services, till, { code, orderNo: 'R1' })).rejects.toMatchObject({ code: 'coupon.expired' })
    await expect(redeemCoupon(services, till, { code: 'AAAA-AAAA-AAAA', orderNo: 'R1' })).rejects.toMatchObject({ code: 'coupon.unknown' })
    await expect(redeemCoupon(services, till, { code: 'short', orderNo: 'R1' })).rejects.toMatchObject({ code: 'coupon.unknown' })
    services.clock.at = new Date('2026-05-31T15:59:59.999Z')
    expect(await redeemCoupon(services, till, { code, orderNo: 'R1' })).toMatchObject({ isNew: true })
  })

  it('is made once for each grant, however many make them at once', async () => {
    const people = await Promise.all(Array.from({ length: 12 }, () => member()))
    await unlockTo(services, '2026-03-01')
    for (const person of people) await buy(person, 1000)
    services.clock.at = new Date(begin.getTime() + dayMs)
    await unlockTo(services, '2026-03-02')
    await Promise.all([issueAllCoupons(services), issueAllCoupons(services), issueAllCoupons(services)])
    expect(await rows('select count(*)::int as made from coupon')).toEqual([{ made: 12 }])
    expect(await issueAllCoupons(services)).toBe(0)
  })
})

describe('the dedicated adviser', () => {
  const adviserOf = async ({ memberId }: Person) => (await rows<{ staff_user_id: string; basis: string }>('select staff_user_id, basis from member_adviser where member_id = $1 and ended_at is null', [memberId]))[0]

  it('is who has followed longest, else the rep of the channel, else who looks after the fewest', async () => {
    const followed = await member({ followedBy: ['rep.wang', 'rep.li'], channelRep: 'rep.li' })
    const hosted = await member({ channelRep: 'rep.wang' })
    const loose = [await member(), await member(), await member(), await member()]
    for (const person of [followed, hosted, ...loose]) await buy(person, 5000)
    expect(await adviserOf(followed)).toEqual({ staff_user_id: 'rep.wang', basis: 'follow' })
    expect(await adviserOf(hosted)).toEqual({ staff_user_id: 'rep.wang', basis: 'channel' })
    const spread = await rows('select staff_user_id, count(*)::int as load from member_adviser group by 1 order by 1')
    expect(spread).toEqual([{ staff_user_id: 'rep.li', load: 3 }, { staff_user_id: 'rep.wang', load: 3 }])
  })

  it('is spread over the least loaded also when many come at once', async () => {
    const loose = await Promise.all(Array.from({ length: 9 }, () => member()))
    await rows(`update member set tier = 'gold' where member_id = any($1)`, [loose.map(({ memberId }) => memberId)])
    await unlockTo(services, '2026-03-01')
    const loads = (await rows<{ load: number }>('select count(*)::int as load from member_adviser group by staff_user_id order by 1')).map(({ load }) => load)
    expect(loads).toEqual([4, 5])
  })

  it('can be added by a QR that a job makes, once per adviser', async () => {
    const made: string[] = []
    const way = benefitHandlers({ ...services, wecom: { ...services.wecom, addContactWay: async ({ staffUserId, state }) => { made.push(`${staffUserId} ${state.length}`); return { configId: 'c1', qrCodeUrl: 'https://wework.qpic.cn/way.png' } } } }).find(({ job }) => job.name === 'prepareAdviserWay')
    const person = await member({ followedBy: ['rep.li'] })
    const other = await member({ followedBy: ['rep.li'] })
    await buy(person, 5000)
    await buy(other, 5000)
    expect(await rows(`select payload from outbox where job = 'prepareAdviserWay'`)).toEqual([{ payload: { staffUserId: 'rep.li' } }])
    expect(await getOwnBenefits(services, actorOf(person))).toMatchObject({ adviser: { name: '李静', contactWayUrl: null } })
    for (let run = 0; run < 2; run += 1) await way?.run({ staffUserId: 'rep.li' }, { attempt: 0, signal: new AbortController().signal })
    expect(made).toEqual(['rep.li 22'])
    expect(await getOwnBenefits(services, actorOf(other))).toMatchObject({ adviser: { contactWayUrl: 'https://wework.qpic.cn/way.png' } })
  })

  it('is chosen again when they leave, by somebody who is there', async () => {
    const person = await member({ followedBy: ['rep.li'] })
    await buy(person, 5000)
    await hideDepartedStaff(services, ['rep.li'])
    expect(await rows(`select count(*)::int as asked from outbox where job = 'renewAdvisers'`)).toEqual([{ asked: 1 }])
    await renewAllAdvisers(services)
    await renewAllAdvisers(services)
    expect(await rows('select staff_user_id, ended_at is null as present from member_adviser where member_id = $1 order by since, present', [person.memberId])).toEqual([
      { staff_user_id: 'rep.li', present: false },
      { staff_user_id: 'rep.wang', present: true },
    ])
  })

  it('passes over somebody WeCom gives no contact way', async () => {
    const person = await member()
    await buy(person, 5000)
    const first = (await adviserOf(person))?.staff_user_id ?? ''
    const way = benefitHandlers({ ...services, wecom: { ...services.wecom, addContactWay: () => Promise.reject(new Error('41054')) } }).find(({ job }) => job.name === 'prepareAdviserWay')
    await expect(way?.run({ staffUserId: first }, { attempt: 8, signal: new AbortController().signal })).rejects.toThrow('41054')
    await renewAllAdvisers(services)
    expect((await adviserOf(person))?.staff_user_id).toBe(first === 'rep.li' ? 'rep.wang' : 'rep.li')
  })

  it('is told to the rep who serves the customer, without codes, and to nobody else', async () => {
    const person = await member({ followedBy: ['rep.li'] })
    await unlockTo(services, '2026-03-01')
    await buy(person, 1000)
    await liveDays(1)
    const told = await getContactBenefits(services, rep('rep.li'), person.externalUserId)
    expect(told).toMatchObject({ usableCoupons: 1, adviserName: null, next: [{ code: 'adviser', unlocksOn: '2026-03-08' }] })
    expect(told.held.map(({ name }) => name)).toEqual(['尊享等级标识', '会员专享价', '生日礼遇', '在线客服'])
    await liveDays(6)
    expect(await getContactBenefits(services, rep('rep.li'), person.externalUserId)).toMatchObject({ adviserName: '李静', isOwnAdviser: true, next: [] })
    await expect(getContactBenefits(services, rep('rep.wang'), person.externalUserId)).rejects.toMatchObject({ code: 'contact.notFollowing' })
  })
})
