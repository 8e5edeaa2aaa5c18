import { randomInt } from 'node:crypto'
import { maxSegments, type SegmentCondition } from '@qihui/shared/segment'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { staffWithoutSession } from '../../http/actor.ts'
import { createTestServices, type TestServices } from '../../testing/index.ts'
import { contactKeyPlace, contactNamePlace } from '../contact/places.ts'
import { answerPlace, dataKeyPlace } from '../member/present.ts'
import { newId } from '../../security/newId.ts'
import { changeSegment, createSegment, deleteSegment, pauseSegment, refreshMembership } from './commands.ts'
import { listSegments, previewSegment } from './queries.ts'

const operator = staffWithoutSession('manager.wu', '吴经理', true)
const dayMs = 86_400_000
const memberCount = 60
const seed = randomInt(2 ** 31)
const channels = [newId(), newId()] as const
const tags = ['etBaby', 'etSkin', 'etVip'] as const
const genders = ['f', 'm'] as const

/** What a member is, as the test knows it. */
interface Facts {
  readonly memberId: string
  readonly tier: 'normal' | 'silver' | 'gold'
  readonly growth: number
  readonly registeredDaysAgo: number
  readonly activeDaysAgo: number
  readonly channel: string | null
  readonly tags: readonly string[]
  readonly gender: string | null
  /** Why the member is in no segment at all; null for nearly everybody. */
  readonly out: 'held_at' | 'archived_at' | 'restricted_at' | null
}

let services: TestServices
let members: Facts[]

async function store(facts: Facts, index: number): Promise<void> {
  const { db, cipher, clock } = services
  const [personId, externalUserId] = [newId(), `wmsegment${index}`]
  const dataKey = cipher.newDataKey(dataKeyPlace(facts.memberId))
  const ago = (days: number) => new Date(clock.at.getTime() - days * dayMs)
  const run = (text: string, values: unknown[]) => db.pool.query(text, values)
  await run('insert into person (person_id, created_at) values ($1, $2)', [personId, clock.at])
  await run(
    `insert into member (member_id, person_id, member_no, data_key_sealed, tier, tier_since, growth_value, channel_id, form_version, policy_version, registered_at, last_activity_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, '2026-01', '2026-01', $9, $10)`,
    [facts.memberId, personId, `S${index}`, dataKey.sealed, facts.tier, clock.at, facts.growth, facts.channel, ago(facts.registeredDaysAgo), ago(facts.activeDaysAgo)],
  )
  if (facts.out !== null) await run(`update member set ${facts.out} = $2 where member_id = $1`, [facts.memberId, clock.at])
  const contactKey = cipher.newDataKey(contactKeyPlace(externalUserId))
  const name = cipher.seal(contactNamePlace(externalUserId), '陈晓', contactKey.key)
  await run('insert into external_contact (external_user_id, person_id, type, data_key_sealed, name_sealed, mirrored_at) values ($1, $2, 1, $3, $4, $5)', [externalUserId, personId, contactKey.sealed, name, clock.at])
  // Tags are spread over two relations; one that ended counts no more.
  const [first = [], second = []] = [facts.tags.slice(0, 1), facts.tags.slice(1)]
  await run(`insert into follow_user (external_user_id, staff_user_id, tag_ids, added_at, ended_at) values ($1, 'rep.li', $2::text[], $4::timestamptz, null::timestamptz), ($1, 'rep.wang', $3::text[], $4, null), ($1, 'rep.gone', $5::text[], $4, $4)`, [externalUserId, first, second, clock.at, tags])
  if (facts.gender === null) return
  const sealed = cipher.seal(answerPlace(facts.memberId, 'gender'), JSON.stringify(facts.gender), dataKey.key)
  await run(`insert into member_answer (member_id, field_key, value_sealed, form_version, answered_at) values ($1, 'gender', $2, '2026-01', now())`, [facts.memberId, sealed])
}

const someMember: fc.Arbitrary<Facts> = fc.record({
  memberId: fc.constant(null).map(() => newId()),
  tier: fc.constantFrom('normal', 'silver', 'gold'),
  growth: fc.constantFrom(0, 999, 1000, 4999, 5000),
  registeredDaysAgo: fc.constantFrom(0, 6, 7, 8, 30),
  activeDaysAgo: fc.constantFrom(0, 6, 7, 8, 30),
  channel: fc.constantFrom(...channels, null),
  tags: fc.subarray([...tags]),
  gender: fc.constantFrom(...genders, null),
  out: fc.constantFrom('held_at', 'archived_at', 'restricted_at', ...Array.from({ length: 12 }, () => null)),
})

beforeAll(async () => {
  services = await createTestServices()
  const { pool } = services.db
  const field = (key: string, of: object) => ({ key, label: key, type: 'choice', class: 'N', isRequired: false, step: 1, confirmation: 'none', options: [{ value: 'f', label: '女' }, { value: 'm', label: '男' }], ...of })
  const definition = { fields: [field('gender', {}), field('health', { class: 'S' }), field('city', { type: 'text' })] }
  await pool.query(`insert into form_version (version, form_key, definition, published_at) values ('segments', (select form_key from form limit 1), $1, now())`, [JSON.stringify(definition)])
  await pool.query(`insert into corp_tag_group (group_id, name) values ('etG', '兴趣')`)
  await pool.query(`insert into corp_tag (tag_id, group_id, name) select id, 'etG', id from unnest($1::text[]) as id`, [tags])
  for (const channelId of channels) await pool.query(`insert into channel (channel_id, token, kind, name, state, created_at) values ($1, $2, 'scan', '门店', 'ready', now())`, [channelId, channelId])
  members = fc.sample(someMember, { seed, numRuns: memberCount })
  for (const [index, facts] of members.entries()) await store(facts, index)
}, 60_000)
afterAll(() => services.close())

/** The conditions read one after the other, without SQL. */
function isMeant(facts: Facts, condition: SegmentCondition): boolean {
  switch (condition.kind) {
    case 'tier':
      return condition.anyOf.includes(facts.tier)
    case 'growth':
      return facts.growth >= (condition.min ?? 0) && facts.growth <= (condition.max ?? Infinity)
    case 'corpTag':
      return condition.anyOf.some((tagId) => facts.tags.includes(tagId))
    case 'channel':
      return facts.channel !== null && condition.anyOf.includes(facts.channel)
    case 'registeredWithin':
      return facts.registeredDaysAgo <= condition.days
    case 'activeWithin':
      return facts.activeDaysAgo <= condition.days
    case 'answer':
      return facts.gender !== null && condition.anyOf.includes(facts.gender)
  }
}
const meant = (conditions: readonly SegmentCondition[]) =>
  members.filter((facts) => facts.out === null && conditions.every((condition) => isMeant(facts, condition))).map(({ memberId }) => memberId).sort()

const some = <T>(values: readonly T[]) => fc.subarray([...values], { minLength: 1 })
const anyConditions: fc.Arbitrary<SegmentCondition[]> = fc
  .record(
    {
      tier: some(['normal', 'silver', 'gold'] as const).map((anyOf) => ({ kind: 'tier' as const, anyOf })),
      growth: fc.constantFrom({ kind: 'growth' as const, min: 1000 }, { kind: 'growth' as const, max: 4999 }, { kind: 'growth' as const, min: 999, max: 5000 }),
      tag: some(tags).map((anyOf) => ({ kind: 'corpTag' as const, anyOf })),
      otherTag: some(tags).map((anyOf) => ({ kind: 'corpTag' as const, anyOf })),
      channel: some(channels).map((anyOf) => ({ kind: 'channel' as const, anyOf })),
      registered: fc.constantFrom(6, 7, 30).map((days) => ({ kind: 'registeredWithin' as const, days })),
      active: fc.constantFrom(6, 7, 30).map((days) => ({ kind: 'activeWithin' as const, days })),
      answer: some(genders).map((anyOf) => ({ kind: 'answer' as const, field: 'gender', anyOf })),
    },
    { requiredKeys: [] },
  )
  .map((chosen) => Object.values(chosen))
  .filter((conditions) => conditions.length > 0)

async function stored(segmentId: string): Promise<string[]> {
  const { rows } = await services.db.pool.query<{ member_id: string }>('select member_id from segment_member where segment_id = $1 order by member_id', [segmentId])
  return rows.map((row) => row.member_id)
}
const invalid = { code: 'request.invalid' }

describe('a segment', () => {
  it('holds exactly the members its conditions mean, whatever they are', async () => {
    const { segmentId } = await createSegment(services, operator, { name: '任意条件', conditions: [{ kind: 'activeWithin', days: 1 }] })
    await fc.assert(
      fc.asyncProperty(anyConditions, async (conditions) => {
        await changeSegment(services, operator, segmentId, { name: '任意条件', conditions })
        const { members: count, sample } = await previewSegment(services, conditions)
        await refreshMembership(services, segmentId)
        const expected = meant(conditions)
        expect(await stored(segmentId), `seed ${seed}`).toEqual(expected)
        expect([count, sample.length]).toEqual([expected.length, Math.min(10, expected.length)])
        expect(sample.every(({ name }) => name === '陈**')).toBe(true)
      }),
      { numRuns: 60 },
    )
    await deleteSegment(services, operator, segmentId)
  }, 60_000)

  it('asks for each pair whose tag differs from what was left there, and for no other', async () => {
    const { pool } = services.db
    const conditions: SegmentCondition[] = [{ kind: 'growth', min: 1000 }]
    const { segmentId } = await createSegment(services, operator, { name: '成长', conditions })
    await pool.query(`update segment set tag_id = 'etSegment' where segment_id = $1`, [segmentId])
    await pool.query('delete from outbox')
    const asked = async () => (await pool.query(`select distinct job_key from outbox where job = 'syncTierTag'`)).rows.length
    expect((await refreshMembership(services, segmentId))?.pairs).toBe(meant(conditions).length * 2)
    expect(await asked()).toBe(meant(conditions).length * 2)
    await pool.query(`insert into pair_tag_state select f.external_user_id, f.staff_user_id, f.added_at, case when i.member_id is null then '{}' else '{etSegment}'::text[] end, now()
      from follow_user f join external_contact c using (external_user_id) join member m using (person_id) left join segment_member i on i.member_id = m.member_id and i.segment_id = $1`, [segmentId])
    expect((await refreshMembership(services, segmentId))?.pairs).toBe(0)
    await pauseSegment(services, operator, segmentId, true)
    expect(await refreshMembership(services, segmentId)).toBeNull()
    await deleteSegment(services, operator, segmentId)
    expect(await stored(segmentId)).toEqual([])
    await expect(changeSegment(services, operator, segmentId, { name: '成长', conditions })).rejects.toMatchObject({ code: 'segment.deleting' })
  })

  it('keeps answers only as keyed hashes, of fields that are asked for, and forgets them with the answer', async () => {
    const { pool } = services.db
    const { rows } = await pool.query<{ field_key: string; value_index: Buffer }>('select field_key, value_index from answer_index')
    expect(new Set(rows.map((row) => row.field_key))).toEqual(new Set(['gender']))
    expect(new Set(rows.map((row) => row.value_index.length))).toEqual(new Set([32]))
    await pool.query('delete from member_answer')
    expect((await pool.query('select 1 from answer_index')).rows).toEqual([])
  })

  it('is refused a second time by the same name, whatever its case, and beyond the limit', async () => {
    const conditions: SegmentCondition[] = [{ kind: 'tier', anyOf: ['gold'] }]
    await services.db.pool.query('delete from segment')
    await createSegment(services, operator, { name: 'VIP', conditions })
    await expect(createSegment(services, operator, { name: 'vip', conditions })).rejects.toMatchObject({ code: 'segment.nameTaken' })
    for (let index = 1; index < maxSegments; index += 1) await createSegment(services, operator, { name: `分群${index}`, conditions })
    await expect(createSegment(services, operator, { name: '多一个', conditions })).rejects.toMatchObject({ code: 'segment.limitReached' })
    expect((await listSegments(services)).segments).toHaveLength(maxSegments)
  })

  it.each<[string, SegmentCondition]>([
    ['a sensitive field', { kind: 'answer', field: 'health', anyOf: ['f'] }],
    ['a field of free text', { kind: 'answer', field: 'city', anyOf: ['f'] }],
    ['a tag there is not', { kind: 'corpTag', anyOf: ['etGone'] }],
    ['a channel there is not', { kind: 'channel', anyOf: [newId()] }],
  ])('does not ask for %s', async (_name, condition) => {
    await expect(previewSegment(services, [condition])).rejects.toMatchObject(invalid)
  })
})
