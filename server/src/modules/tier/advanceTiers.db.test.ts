import { randomInt, randomUUID } from 'node:crypto'
import { firstTierRules, localDateOf, nextDay, startOfDay, tierStanding, type TierRules } from '@qihui/shared/tier'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { staffWithoutSession } from '../../http/actor.ts'
import { createTestServices, type TestServices } from '../../testing/index.ts'
import { unionIdNamespace } from '../identity/namespaces.ts'
import { advanceTo, decideDay, publishFirstTierRules } from './commands.ts'
import { getContactTier, getOwnTier, listOwnGrowthEntries } from './queries.ts'
import { settleTier } from './steps.ts'

let services: TestServices
beforeAll(async () => {
  services = await createTestServices()
  await publishFirstTierRules(services)
})
afterAll(() => services.close())

interface Line {
  readonly memberId: string
  readonly amount: number
  readonly occurredAt: string
  readonly postedAt: string
}

const joinedAt = new Date('2025-01-31T04:00:00.000Z')
const dayMs = 86_400_000

async function insertMembers(memberIds: readonly string[]): Promise<void> {
  await services.db.pool.query('insert into person (person_id, created_at) select id, $2 from unnest($1::uuid[]) as id', [memberIds, joinedAt])
  await services.db.pool.query(
    `insert into member (member_id, person_id, member_no, data_key_sealed, tier, tier_since, tier_anchor, growth_value, form_version, policy_version, registered_at, last_activity_at)
     select id, id, left(id::text, 18), '', 'normal', $2, '2025-01-31', 0, '2026-01', '2026-01', $2, $2 from unnest($1::uuid[]) as id`,
    [memberIds, joinedAt],
  )
}

async function insertLines(lines: readonly Line[]): Promise<void> {
  await services.db.pool.query(
    `insert into growth_entry (growth_entry_id, member_id, kind, amount, source, source_id, occurred_at, posted_at)
     select gen_random_uuid(), m, 'adjust', a, 'test', gen_random_uuid()::text, o, p from unnest($1::uuid[], $2::int[], $3::timestamptz[], $4::timestamptz[]) as l(m, a, o, p)`,
    [lines.map((line) => line.memberId), lines.map((line) => line.amount), lines.map((line) => line.occurredAt), lines.map((line) => line.postedAt)],
  )
}

interface StoredStanding {
  readonly member_id: string
  readonly tier: string
  readonly tier_since: Date
  readonly anchor: string
  readonly review_on: string | null
  readonly grace_until: string | null
}

async function stored(memberIds: readonly string[]): Promise<Map<string, StoredStanding>> {
  const { rows } = await services.db.pool.query<StoredStanding>(
    `select member_id, tier, tier_since, to_char(tier_anchor, 'YYYY-MM-DD') as anchor, to_char(tier_review_on, 'YYYY-MM-DD') as review_on, to_char(tier_grace_until, 'YYYY-MM-DD') as grace_until
     from member where member_id = any($1)`,
    [memberIds],
  )
  return new Map(rows.map((row) => [row.member_id, row]))
}

function engineSays(lines: readonly Line[], at: string, rules: TierRules = firstTierRules) {
  const { tier, since, anchor, reviewOn, graceUntil } = tierStanding(lines, [rules], joinedAt.toISOString(), at)
  return { tier, tier_since: new Date(since), anchor, review_on: reviewOn, grace_until: graceUntil }
}

/** Members with a seeded history that ends before the walk begins, as a shop of some years has them. */
function history(seed: number, count: number): Line[] {
  const [ledgers] = fc.sample(
    fc.array(fc.array(fc.record({ amount: fc.oneof(fc.integer({ min: 1, max: 4000 }), fc.constantFrom(999, 1000, 5000), fc.integer({ min: -900, max: -1 })), minute: fc.integer({ min: 0, max: 365 * 1440 }) }), { minLength: 1, maxLength: 5 }), { minLength: count, maxLength: count, size: 'max' }),
    { seed, numRuns: 1 },
  )
  return (ledgers ?? []).flatMap((ledger) => {
    const memberId = randomUUID()
    return ledger.map(({ amount, minute }) => {
      const at = new Date(joinedAt.getTime() + minute * 60_000).toISOString()
      return { memberId, amount, occurredAt: at, postedAt: at }
    })
  })
}

function byMember(lines: readonly Line[]): Map<string, Line[]> {
  const ledgers = new Map<string, Line[]>()
  for (const line of lines) ledgers.set(line.memberId, [...(ledgers.get(line.memberId) ?? []), line])
  return ledgers
}

async function settleAll(memberIds: Iterable<string>, at: Date): Promise<void> {
  for (const memberId of memberIds) await services.db.transaction((tx) => settleTier(tx, { member_id: memberId, registered_at: joinedAt }, at))
}

describe('the nightly decisions', () => {
  it('equal the engine for every member, day after day, in batches', async () => {
    const seed = randomInt(2 ** 31)
    const lines = history(seed, 400)
    const ledgers = byMember(lines)
    await insertMembers([...ledgers.keys()])
    await insertLines(lines)
    const begin = new Date(joinedAt.getTime() + 366 * dayMs)
    await settleAll(ledgers.keys(), begin)
    let day = localDateOf(begin.toISOString())
    for (let passed = 0; passed < 480; passed += 1) {
      day = nextDay(day)
      await decideDay(services, day, 50)
      if (passed % 60 !== 59) continue
      const known = await stored([...ledgers.keys()])
      for (const [memberId, ledger] of ledgers) expect(known.get(memberId), `seed ${seed}, ${day}`).toMatchObject(engineSays(ledger, startOfDay(day)))
    }
  })

  it('are remembered with value and rules, and a tier that changes asks for its tags', async () => {
    const memberId = randomUUID()
    await insertMembers([memberId])
    await insertLines([{ memberId, amount: 1200, occurredAt: '2025-02-10T04:00:00.000Z', postedAt: '2025-02-10T04:00:00.000Z' }])
    await settleAll([memberId], new Date('2025-02-10T04:00:00.000Z'))
    for (const day of ['2026-02-11', '2026-03-13']) await decideDay(services, day)
    const { rows } = await services.db.pool.query('select kind, tier, growth_value, rules_version from tier_event where member_id = $1 order by at', [memberId])
    expect(rows.map(({ kind, tier, growth_value: value }) => [kind, tier, value])).toEqual([['joined', 'normal', 0], ['upgraded', 'silver', 1200], ['graceStarted', 'silver', 0], ['downgraded', 'normal', 0]])
    expect((await services.db.pool.query(`select count(*)::int as jobs from outbox where job = 'linkIdentity' and payload->>'personId' = $1`, [memberId])).rows).toEqual([{ jobs: 1 }])
  })

  it('make up for nights that were missed, each with its own midnight, and run twice as once', async () => {
    const memberId = randomUUID()
    await insertMembers([memberId])
    const ledger = [{ memberId, amount: 5000, occurredAt: '2025-02-10T04:00:00.000Z', postedAt: '2025-02-10T04:00:00.000Z' }]
    await insertLines(ledger)
    await settleAll([memberId], new Date('2025-02-10T04:00:00.000Z'))
    await services.db.pool.query('delete from tier_day')
    await services.db.pool.query(`insert into tier_day values ('2025-02-10', now())`)
    await advanceTo(services, '2026-08-01')
    const once = (await stored([memberId])).get(memberId)
    expect(once).toMatchObject(engineSays(ledger, startOfDay('2026-08-01')))
    expect(await advanceTo(services, '2026-08-01')).toBe(0)
    expect((await stored([memberId])).get(memberId)).toEqual(once)
  })

  it('show what came after midnight and before they ran, though it decided nothing', async () => {
    const memberId = randomUUID()
    await insertMembers([memberId])
    await insertLines([{ memberId, amount: 1200, occurredAt: '2025-02-10T04:00:00.000Z', postedAt: '2025-02-10T04:00:00.000Z' }])
    await settleAll([memberId], new Date('2025-02-10T04:00:00.000Z'))
    const early = '2026-02-10T16:05:00.000Z'
    await insertLines([{ memberId, amount: 70, occurredAt: early, postedAt: early }])
    await decideDay(services, '2026-02-11')
    expect((await services.db.pool.query('select growth_value, tier_grace_until is not null as is_in_grace from member where member_id = $1', [memberId])).rows).toEqual([{ growth_value: 70, is_in_grace: true }])
  })

  it('leave whoever is posted to meanwhile as the posting left them, and decide about the others', async () => {
    const [busy, quiet] = [randomUUID(), randomUUID()]
    const before = [busy, quiet].map((memberId) => ({ memberId, amount: 1200, occurredAt: '2025-02-10T04:00:00.000Z', postedAt: '2025-02-10T04:00:00.000Z' }))
    const posted = { memberId: busy, amount: 6000, occurredAt: '2026-02-09T04:00:00.000Z', postedAt: '2026-02-09T04:00:00.000Z' }
    await insertMembers([busy, quiet])
    await insertLines(before)
    await settleAll([busy, quiet], new Date('2025-02-10T04:00:00.000Z'))
    const night = await services.db.transaction(async (tx) => {
      await tx.run({ name: 'test_late_line', text: `insert into growth_entry (growth_entry_id, member_id, kind, amount, source, source_id, occurred_at, posted_at) select gen_random_uuid(), $1, 'adjust', $2, 'test', gen_random_uuid()::text, $3, $3` }, [busy, posted.amount, posted.postedAt])
      await settleTier(tx, { member_id: busy, registered_at: joinedAt }, new Date(posted.postedAt))
      const running = decideDay(services, '2026-02-11')
      // The night has read both members as they were and waits for this posting to end.
      await vi.waitFor(async () => {
        const { rows } = await services.db.pool.query(`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)
        expect(rows).toHaveLength(1)
      }, 20_000)
      return { running }
    })
    expect(await night.running).toBeGreaterThanOrEqual(1)
    const known = await stored([busy, quiet])
    expect(known.get(busy)).toMatchObject(engineSays([...before.slice(0, 1), posted], startOfDay('2026-02-11')))
    expect(known.get(quiet)).toMatchObject(engineSays(before.slice(1), startOfDay('2026-02-11')))
    const { rows } = await services.db.pool.query('select kind from tier_event where member_id = $1 order by at, kind', [busy])
    expect(rows.map(({ kind }) => kind)).toEqual(['joined', 'upgraded', 'upgraded'])
  })

  it('begin the period benefits are counted from anew for whom they keep, and not for whom they give a grace', async () => {
    const [kept, missed] = [randomUUID(), randomUUID()]
    await insertMembers([kept, missed])
    const joined = '2025-02-10T04:00:00.000Z'
    const renewed = '2025-09-10T04:00:00.000Z'
    await insertLines([kept, missed].map((memberId) => ({ memberId, amount: 1200, occurredAt: joined, postedAt: joined })))
    await insertLines([{ memberId: kept, amount: 1200, occurredAt: renewed, postedAt: renewed }])
    await settleAll([kept, missed], new Date(renewed))
    const periods = async () => (await services.db.pool.query(`select to_char(tier_period_on, 'YYYY-MM-DD') as on from member where member_id = any($1) order by member_id = $2 desc`, [[kept, missed], kept])).rows.map((row) => row.on as string)
    expect(await periods()).toEqual(['2025-02-10', '2025-02-10'])
    await decideDay(services, '2026-02-11')
    expect(await periods()).toEqual(['2026-02-11', '2025-02-10'])
  })

  it('take growth that has left the window from the value people are shown', async () => {
    const memberId = randomUUID()
    await insertMembers([memberId])
    await insertLines([
      { memberId, amount: 300, occurredAt: '2025-06-01T04:00:00.000Z', postedAt: '2025-06-01T04:00:00.000Z' },
      { memberId, amount: 50, occurredAt: '2025-06-20T04:00:00.000Z', postedAt: '2025-06-20T04:00:00.000Z' },
    ])
    await settleAll([memberId], new Date('2025-06-20T04:00:00.000Z'))
    const shown = async () => (await services.db.pool.query('select growth_value from member where member_id = $1', [memberId])).rows[0]
    await decideDay(services, '2026-06-01')
    expect(await shown()).toEqual({ growth_value: 350 })
    await decideDay(services, '2026-06-02')
    expect(await shown()).toEqual({ growth_value: 50 })
  })
})

describe('the explanation of a tier', () => {
  const self = { kind: 'member', sessionId: 's', namespace: 'mp-openid@wx1', openId: 'o-explained', unionId: 'u-explained', externalUserId: null } as const

  async function explained(): Promise<string> {
    const memberId = randomUUID()
    await insertMembers([memberId])
    await services.db.pool.query(`insert into identifier (namespace, value, person_id, evidence, observed_at) values ($1, 'u-explained', $2, 'test', now())`, [unionIdNamespace(services.env), memberId])
    await services.db.pool.query(`insert into external_contact (external_user_id, person_id, type, data_key_sealed, name_sealed, mirrored_at) values ('wmexplained', $1, 1, '', '', now())`, [memberId])
    await services.db.pool.query(`insert into follow_user (external_user_id, staff_user_id, added_at) values ('wmexplained', 'rep.li', now())`)
    await insertLines([{ memberId, amount: 1200, occurredAt: '2026-06-10T04:00:00.000Z', postedAt: '2026-06-10T04:00:00.000Z' }])
    return memberId
  }

  it('is the same for the person and for the rep who serves them', async () => {
    await explained()
    const own = await getOwnTier(services, self)
    expect(own).toMatchObject({ tier: { code: 'silver', growthValue: 1200, reviewOn: '2027-06-10' }, growthToKeep: 1000, countsFrom: '2025-11-20', reasons: [{ title: '成长值达到 1200，升级为银卡会员' }, { title: '注册成为会员' }] })
    const rep = staffWithoutSession('rep.li', '李静')
    expect(await getContactTier(services, rep, 'wmexplained')).toEqual(own)
  })

  it('comes with every line of the ledger, newest first, page by page, and says how long each counts', async () => {
    const memberId = randomUUID()
    const owner = { ...self, openId: 'o-lines', unionId: null }
    await insertMembers([memberId])
    await services.db.pool.query(`insert into identifier (namespace, value, person_id, evidence, observed_at) values ($1, 'o-lines', $2, 'test', now())`, [owner.namespace, memberId])
    const days = Array.from({ length: 43 }, (_, index) => new Date(Date.UTC(2025, 5, 1 + index * 12, 4)).toISOString())
    await insertLines(days.map((at, index) => ({ memberId, amount: index + 1, occurredAt: at, postedAt: at })))
    const lines = []
    let after: string | null = null
    do {
      const page: Awaited<ReturnType<typeof listOwnGrowthEntries>> = await listOwnGrowthEntries(services, owner, after)
      expect(page.entries.length).toBeLessThanOrEqual(20)
      lines.push(...page.entries)
      after = page.next
    } while (after !== null)
    expect(lines.map(({ amount }) => amount)).toEqual(days.map((_, index) => 43 - index))
    const at = services.now().toISOString()
    expect(lines.at(-1)).toMatchObject({ title: '成长值调整', occurredAt: days[0], countsUntil: '2026-06-01', isCounting: at < '2026-06-01T04:00:00.000Z' })
    const counted = lines.filter(({ isCounting }) => isCounting).reduce((sum, { amount }) => sum + amount, 0)
    expect(counted).toBe((await getOwnTier(services, owner)).tier.growthValue)
    expect(await listOwnGrowthEntries(services, { ...owner, openId: 'o-explained', unionId: 'u-explained' }, lines[0]?.growthEntryId ?? null)).toEqual({ entries: [], next: null })
  })

  it('is told to nobody else', async () => {
    const stranger = staffWithoutSession('rep.wang', '王浩')
    await expect(getContactTier(services, stranger, 'wmexplained')).rejects.toMatchObject({ code: 'contact.notFollowing' })
    await expect(getOwnTier(services, { ...self, unionId: null })).rejects.toMatchObject({ code: 'member.notFound' })
  })
})
