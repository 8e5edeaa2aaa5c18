import { randomInt, randomUUID } from 'node:crypto'
import type { Identifier } from '@qihui/shared/identity'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { staffWithoutSession } from '../../http/actor.ts'
import { createTestServices, type TestServices } from '../../testing/index.ts'
import { settleTier } from '../tier/steps.ts'
import { undoMerge } from './commands/undoMerge.ts'
import { mergePersons } from './mergeSteps.ts'
import { keptApart, memberTables, personTables } from './mergeTables.ts'
import { loadPersons } from './steps.ts'
import { lockOwners } from './tables.ts'

let services: TestServices
beforeAll(async () => {
  services = await createTestServices()
})
afterAll(() => services.close())

const operator = staffWithoutSession('manager.wu', '吴经理', true)

async function rows<Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
  return (await services.db.pool.query(text, [...values])).rows as Row[]
}

/** Inserts rows given as objects, all with the same keys. */
async function insert(table: string, records: readonly Readonly<Record<string, unknown>>[]): Promise<void> {
  const [first] = records
  if (first === undefined) return
  const columns = Object.keys(first).join(', ')
  await rows(`insert into ${table} (${columns}) select ${columns} from json_populate_recordset(null::${table}, $1)`, [JSON.stringify(records)])
}

const purposes = ['membership', 'marketing', 'personalisation'] as const
const minute = fc.integer({ min: 1, max: 500_000 })
const personShape = fc.record({
  minute,
  isMember: fc.boolean(),
  hasUnionId: fc.boolean(),
  contacts: fc.nat(2),
  growth: fc.array(fc.record({ amount: fc.integer({ min: -200, max: 3000 }), minute }), { maxLength: 4 }),
  consents: fc.uniqueArray(fc.record({ purpose: fc.constantFrom(...purposes), decision: fc.constantFrom('granted', 'refused'), isWithdrawn: fc.boolean(), minute }), { maxLength: 4, selector: (consent) => `${consent.purpose}${consent.minute}` }),
  touches: fc.nat(2),
})
const graphShape = fc.array(personShape, { minLength: 2, maxLength: 4 })
type Graph = (typeof graphShape extends fc.Arbitrary<infer G> ? G : never)

interface StoredGraph {
  readonly personIds: readonly string[]
  readonly survivorId: string
}

const instant = (minutes: number) => new Date(services.clock.at.getTime() - minutes * 60_000).toISOString()
const hexOf = (text: string) => `\\x${Buffer.from(text).toString('hex')}`

/** Everything the persons of many graphs own, as rows of tables. */
function rowsOf(graphs: readonly Graph[]) {
  const tables: Record<string, Record<string, unknown>[]> = { person: [], channel: [], member: [], identifier: [], external_contact: [], follow_user: [], consent: [], growth_entry: [], touch: [], timeline_entry: [], visit: [], delivery: [] }
  const add = (table: string, row: Record<string, unknown>) => tables[table]?.push(row)
  const channelId = randomUUID()
  add('channel', { channel_id: channelId, token: randomUUID().slice(0, 22), kind: 'scan', name: '门店', state: 'ready', created_at: instant(0), utm: {}, form_key: 'default', binding_mode: 'progressive', corp_tag_ids: [], counted_registrations: 0 })
  const stored: StoredGraph[] = graphs.map((persons) => {
    const made = persons.map((person) => ({ ...person, personId: randomUUID(), memberId: randomUUID(), openId: randomUUID() }))
    for (const person of made) {
      const { personId, memberId, openId } = person
      add('person', { person_id: personId, created_at: instant(person.minute) })
      const identify = (namespace: string, value: string) => add('identifier', { namespace, value, person_id: personId, evidence: 'code2Session', observed_at: instant(person.minute) })
      identify('mp-openid@test', openId)
      if (person.hasUnionId) identify('unionid@test', openId)
      for (let contact = 0; contact < person.contacts; contact += 1) {
        const externalUserId = `wm${randomUUID()}`
        identify('external-userid@test', externalUserId)
        add('external_contact', { external_user_id: externalUserId, person_id: personId, type: 1, data_key_sealed: hexOf(''), name_sealed: hexOf(''), mirrored_at: instant(1) })
        add('follow_user', { external_user_id: externalUserId, staff_user_id: 'rep.li', tag_ids: [], added_at: instant(1) })
      }
      for (const consent of person.consents) add('consent', { consent_id: randomUUID(), open_id: openId, namespace: 'mp-openid@test', person_id: personId, purpose: consent.purpose, policy_version: '2026-01', decision: consent.decision, evidence: 'miniProgram', granted_at: instant(consent.minute), withdrawn_at: consent.isWithdrawn ? instant(consent.minute - 1) : null })
      for (let touch = 0; touch < person.touches; touch += 1) add('touch', { touch_id: randomUUID(), person_id: personId, channel_id: channelId, kind: 'registration', occurred_at: instant(1) })
      add('timeline_entry', { timeline_entry_id: randomUUID(), person_id: personId, at: instant(person.minute), kind: 'contact.added', data: {} })
      add('delivery', { delivery_id: randomUUID(), medium: 'sms', purpose: 'service', person_id: personId, recipient_sealed: hexOf(''), recipient_index: hexOf(''), body_sealed: hexOf(''), state: 'queued', created_by: 'rep.li', created_at: instant(1) })
      if (!person.isMember) continue
      add('member', { member_id: memberId, person_id: personId, member_no: memberId.slice(0, 18), data_key_sealed: hexOf(''), phone_index: hexOf(memberId), tier: 'normal', tier_since: instant(person.minute), growth_value: 0, form_version: 'v', policy_version: 'v', registered_at: instant(person.minute), last_activity_at: instant(1), confirmed_at: instant(person.minute) })
      add('visit', { visit_id: randomUUID(), channel_id: channelId, namespace: 'mp-openid@test', open_id: openId, place: 'miniProgram', opened_at: instant(person.minute), member_id: memberId })
      for (const entry of person.growth) add('growth_entry', { growth_entry_id: randomUUID(), member_id: memberId, kind: 'earn', amount: entry.amount, source: 'test', source_id: randomUUID(), occurred_at: instant(entry.minute), posted_at: instant(entry.minute), via_namespace: 'mp-openid@test', via_value: openId })
    }
    const [senior] = [...made].sort((one, two) => two.minute - one.minute || (one.personId < two.personId ? -1 : 1))
    return { personIds: made.map((person) => person.personId), survivorId: senior?.personId ?? '' }
  })
  return { tables, stored }
}

async function settleAll(personIds: readonly string[]): Promise<void> {
  const members = await rows<{ member_id: string; registered_at: Date }>('select member_id, registered_at from member where person_id = any($1)', [personIds])
  await services.db.transaction(async (tx) => {
    for (const member of members) await settleTier(tx, member, services.now())
  })
}

/** Persons, ledgers, desired tags and consents, as text per question. */
async function wholeState(): Promise<Record<string, unknown>> {
  const questions = {
    persons: 'select person_id, absorbed_by from person order by 1',
    identifiers: 'select namespace, value, person_id from identifier order by 1, 2',
    members: 'select member_id, person_id, absorbed_by, growth_value, tier, tier_since, tier_anchor, tier_review_on, tier_grace_until, confirmed_at from member order by 1',
    ledger: 'select growth_entry_id, member_id, amount from growth_entry order by 1',
    tags: 'select f.external_user_id, f.staff_user_id, m.tier from follow_user f join external_contact c using (external_user_id) left join member m on m.person_id = c.person_id order by 1, 2',
    consents: 'select consent_id, person_id, purpose, decision, withdrawn_at from consent order by 1',
    touches: 'select touch_id, person_id from touch order by 1',
    timeline: `select timeline_entry_id, person_id from timeline_entry where kind not like 'identity.%' order by 1`,
    visits: 'select visit_id, member_id, linked_at from visit order by 1',
    deliveries: 'select delivery_id, person_id from delivery order by 1',
  }
  const answers = await Promise.all(Object.entries(questions).map(async ([name, text]) => [name, await rows(text)] as const))
  return Object.fromEntries(answers)
}

async function mergeAll(graph: StoredGraph): Promise<string> {
  const absorbedIds = graph.personIds.filter((personId) => personId !== graph.survivorId)
  return services.db.transaction(async (tx) => {
    await loadPersons(tx, graph.personIds, lockOwners)
    return mergePersons(tx, { survivorId: graph.survivorId, absorbedIds, decidedBy: operator.staffUserId, reviewId: null, edgeIds: [] }, services.now())
  })
}

const undo = (mergeId: string) => undoMerge(services, operator, { mergeId, note: null, requestId: 'test' })

/** Works through a list, eight at a time. */
async function forAll<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const queue = [...items]
  await Promise.all(Array.from({ length: 8 }, async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item)
  }))
}

async function store(graphs: readonly Graph[]): Promise<StoredGraph[]> {
  const { tables, stored } = rowsOf(graphs)
  for (const [table, records] of Object.entries(tables)) await insert(table, records)
  // Rows that come in one go have no statistics yet: the planner would read whole tables for each person.
  await rows(`analyze ${Object.keys(tables).join(', ')}`)
  await settleAll(stored.flatMap((graph) => graph.personIds))
  return stored
}

/** The whole proof on the major we ship; the floor shows that it speaks the same SQL. */
const graphCount = process.env['TEST_POSTGRES_MAJOR'] === '15' ? 100 : 1000

describe('merge and undo', () => {
  it('know every table that names a person or a member', async () => {
    const columns = await rows<{ name: string }>(`select table_name || '.' || column_name as name from information_schema.columns where table_schema = 'public' and column_name in ('person_id', 'member_id')`)
    const known = [...personTables.map(({ table }) => `${table}.person_id`), ...memberTables.map(({ table }) => `${table}.member_id`), ...Object.keys(keptApart)]
    expect(columns.map(({ name }) => name).sort()).toEqual(known.sort())
  })

  it('restore persons, ledgers, tiers, tags and consents of every random graph (trust test 25)', async () => {
    const seed = randomInt(2 ** 31)
    const graphs = await store(fc.sample(graphShape, { seed, numRuns: graphCount }))
    const before = await wholeState()
    const merges: string[] = []
    await forAll(graphs, async (graph) => merges.push(await mergeAll(graph)))
    const living = await rows(`select 1 from person p where p.person_id = any($1) and absorbed_by is null`, [graphs.flatMap((graph) => graph.personIds)])
    expect(living, `seed ${seed}`).toHaveLength(graphs.length)
    const wrong = await rows('select member_id from member m where absorbed_by is null and person_id in (select person_id from person where absorbed_by is not null)')
    expect(wrong, `seed ${seed}`).toEqual([])
    await forAll(merges, undo)
    const after = await wholeState()
    for (const [question, answer] of Object.entries(before)) expect(after[question], `seed ${seed}, ${question}`).toEqual(answer)
  }, 300_000)

  it('keep one living member, the joined ledger and the narrower consent while merged', async () => {
    const member = { isMember: true, hasUnionId: false, contacts: 1, touches: 0 }
    const [graph] = await store([[
      { ...member, minute: 900, growth: [{ amount: 700, minute: 800 }], consents: [{ purpose: 'marketing', decision: 'granted', isWithdrawn: false, minute: 800 }] },
      { ...member, minute: 500, growth: [{ amount: 400, minute: 400 }], consents: [{ purpose: 'membership', decision: 'granted', isWithdrawn: false, minute: 500 }] },
    ]])
    if (graph === undefined) throw new Error('no graph')
    await mergeAll(graph)
    expect(await rows('select growth_value, tier from member where person_id = $1 and absorbed_by is null', [graph.survivorId])).toEqual([{ growth_value: 1100, tier: 'silver' }])
    expect(await rows('select purpose, withdrawn_at is not null as ended from consent where person_id = $1 order by purpose', [graph.survivorId])).toEqual([{ purpose: 'marketing', ended: true }, { purpose: 'membership', ended: false }])
    expect(await rows('select kind from timeline_entry where person_id = $1 and kind like $2', [graph.survivorId, 'identity.%'])).toEqual([{ kind: 'identity.merged' }])
  })

  it('split what came later by the identifier it came through', async () => {
    const plain = { hasUnionId: false, contacts: 0, touches: 0, growth: [], consents: [] }
    const [graph] = await store([[{ ...plain, minute: 900, isMember: true }, { ...plain, minute: 500, isMember: true }]])
    if (graph === undefined) throw new Error('no graph')
    const absorbedId = graph.personIds.find((personId) => personId !== graph.survivorId) ?? ''
    const memberOf = async (personId: string) => (await rows<{ member_id: string }>('select member_id from member where person_id = $1', [personId]))[0]?.member_id
    const [keeper, other] = [await memberOf(graph.survivorId), await memberOf(absorbedId)]
    const [via] = await rows<Identifier>('select namespace, value from identifier where person_id = $1', [absorbedId])
    const [own] = await rows<Identifier>('select namespace, value from identifier where person_id = $1', [graph.survivorId])
    const mergeId = await mergeAll(graph)
    const late = { namespace: 'unionid@test', value: randomUUID() }
    await insert('identifier', [{ ...late, person_id: graph.survivorId, evidence: 'junction', observed_at: instant(0) }])
    await insert('identity_edge', [{ edge_id: randomUUID(), a_namespace: via?.namespace, a_value: via?.value, b_namespace: late.namespace, b_value: late.value, source: 'code2Session', strength: 'strong', state: 'active', observed_at: instant(0) }])
    const posted = { member_id: keeper, kind: 'earn', source: 'order', occurred_at: instant(0), posted_at: instant(0) }
    await insert('growth_entry', [
      { ...posted, growth_entry_id: randomUUID(), amount: 1200, source_id: 'through-other', via_namespace: late.namespace, via_value: late.value },
      { ...posted, growth_entry_id: randomUUID(), amount: 30, source_id: 'through-own', via_namespace: own?.namespace, via_value: own?.value },
    ])
    await insert('touch', [{ touch_id: randomUUID(), person_id: graph.survivorId, channel_id: randomUUID(), kind: 'late', occurred_at: instant(0), via_namespace: via?.namespace, via_value: via?.value }])
    await undo(mergeId)
    expect(await rows('select person_id from identifier where value = $1', [late.value])).toEqual([{ person_id: absorbedId }])
    expect(await rows('select growth_value, tier from member where member_id = $1', [other])).toEqual([{ growth_value: 1200, tier: 'silver' }])
    expect(await rows('select growth_value, tier from member where member_id = $1', [keeper])).toEqual([{ growth_value: 30, tier: 'normal' }])
    expect(await rows(`select person_id from touch where kind = 'late'`)).toEqual([{ person_id: absorbedId }])
  })

  it('refuse to undo twice, and to undo below a later merge', async () => {
    const plain = { hasUnionId: false, contacts: 0, touches: 0, growth: [], consents: [], isMember: false }
    const [first, second] = await store([[{ ...plain, minute: 900 }, { ...plain, minute: 500 }], [{ ...plain, minute: 800 }, { ...plain, minute: 700 }]])
    if (first === undefined || second === undefined) throw new Error('no graph')
    const below = await mergeAll(first)
    const above = await mergeAll({ personIds: [first.survivorId, second.survivorId], survivorId: first.survivorId })
    await expect(undo(below)).rejects.toMatchObject({ code: 'merge.notUndoable' })
    await undo(above)
    await undo(below)
    await expect(undo(below)).rejects.toMatchObject({ code: 'merge.notUndoable' })
    await expect(undo(randomUUID())).rejects.toMatchObject({ code: 'request.notFound' })
    expect(await rows('select action, count(*)::int as people from audit_entry where actor_id = $1 and subject = $2 group by action', [operator.staffUserId, below])).toEqual([{ action: 'personMerge.undo', people: 2 }])
  })
})
