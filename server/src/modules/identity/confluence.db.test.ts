import { randomInt, randomUUID } from 'node:crypto'
import { edgeOf, partition, type Edge, type EdgeSource, type Identifier } from '@qihui/shared/identity'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestServices, type TestServices } from '../../testing/index.ts'
import { linkPerson } from './commands/linkPerson.ts'
import { miniProgramNamespace, unionIdNamespace } from './namespaces.ts'

let services: TestServices
beforeAll(async () => {
  services = await createTestServices()
})
afterAll(() => services.close())

async function rows<Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
  return (await services.db.pool.query(text, [...values])).rows as Row[]
}

async function forAll<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const queue = [...items]
  await Promise.all(Array.from({ length: 8 }, async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item)
  }))
}

const digit = fc.constantFrom('1', '2', '3')
const kinds: readonly (readonly [Identifier['namespace'], Identifier['namespace'], EdgeSource])[] = [
  ['mp-openid@app', 'unionid@p', 'code2Session'],
  ['oa-openid@page', 'unionid@p', 'oauth'],
  ['corp-openid@corp', 'external-userid@corp', 'oauth'],
  ['external-userid@corp', 'unionid@p', 'contactDetail'],
]
const evidence = fc.record({ kind: fc.constantFrom(...kinds), one: digit, other: digit })
const graphShape = fc.record({ evidence: fc.uniqueArray(evidence, { minLength: 2, maxLength: 6, selector: ({ kind, one, other }) => kind.join() + one + other }), order: fc.infiniteStream(fc.nat(1000)) })

interface StoredEvidence {
  readonly prefix: string
  readonly edges: readonly Edge[]
  readonly persons: readonly { readonly identifier: Identifier; readonly personId: string }[]
}

/** Evidence under names of its own, among persons who hold one identifier each. */
function apart(evidenceOf: readonly Edge[]): StoredEvidence {
  const prefix = `${randomUUID()}-`
  const named = ({ namespace, value }: Identifier): Identifier => ({ namespace, value: `${prefix}${value}` })
  const edges = evidenceOf.map((edge) => edgeOf(named(edge.a), named(edge.b), edge.source, edge.observedAt))
  const held = new Map(edges.flatMap(({ a, b }) => [a, b]).map((identifier) => [`${identifier.namespace} ${identifier.value}`, { identifier, personId: randomUUID() }]))
  return { prefix, edges, persons: [...held.values()] }
}

/** In one go, and with statistics: plans made while the tables were empty would read all of them for each person. */
async function store(all: readonly StoredEvidence[]): Promise<void> {
  const persons = all.flatMap((each) => each.persons)
  const edges = all.flatMap((each) => each.edges)
  await rows('insert into person (person_id, created_at) select id, now() from unnest($1::uuid[]) as id', [persons.map(({ personId }) => personId)])
  await rows(`insert into identifier (namespace, value, person_id, evidence, observed_at) select n, v, p, 'test', now() from unnest($1::text[], $2::text[], $3::uuid[]) as i(n, v, p)`, [persons.map(({ identifier }) => identifier.namespace), persons.map(({ identifier }) => identifier.value), persons.map(({ personId }) => personId)])
  await rows(
    `insert into identity_edge (edge_id, a_namespace, a_value, b_namespace, b_value, source, strength, observed_at)
     select gen_random_uuid(), a.namespace, a.value, b.namespace, b.value, source, strength, "observedAt"
     from json_to_recordset($1) as e(a json, b json, source text, strength text, "observedAt" timestamptz),
       json_to_record(e.a) as a(namespace text, value text), json_to_record(e.b) as b(namespace text, value text)`,
    [JSON.stringify(edges)],
  )
  await rows('analyze person, identifier, identity_edge')
}

/** Lets the junction look at each person, in the order of the ranks. */
async function settle({ prefix, persons }: StoredEvidence, ranks: readonly number[]): Promise<{ persons: string[][]; aside: string[] }> {
  const ordered = persons.map(({ personId }, index) => ({ personId, rank: ranks[index] ?? 0 })).sort((one, two) => one.rank - two.rank)
  for (const { personId } of ordered) await linkPerson(services, personId)
  const groups = await rows<{ members: string[] }>(`select array_agg(namespace || replace(value, $1, ' ') order by namespace, value) as members from identifier where value like $1 || '%' group by person_id`, [prefix])
  const aside = await rows<{ edge: string }>(`select a_namespace || replace(a_value, $1, ' ') || ' ' || replace(b_value, $1, '') as edge from identity_edge where a_value like $1 || '%' and state = 'quarantined' order by 1`, [prefix])
  return { persons: groups.map(({ members }) => members.sort()).sort(), aside: aside.map(({ edge }) => edge) }
}

/** The whole proof on the major we ship; the floor shows that it speaks the same SQL. */
const graphCount = process.env['TEST_POSTGRES_MAJOR'] === '15' ? 30 : 150

describe('the junction on the database', () => {
  it('ends where the pure partition ends, whichever person it looks at first, contradictions included', async () => {
    const seed = randomInt(2 ** 31)
    const graphs = fc.sample(graphShape, { seed, numRuns: graphCount })
    const cases = graphs.flatMap(({ evidence: seen, order }) => {
      const edges = seen.map(({ kind: [oneNamespace, otherNamespace, source], one, other }, minute) => edgeOf({ namespace: oneNamespace, value: one }, { namespace: otherNamespace, value: other }, source, `2026-01-01T00:0${minute}:00.000Z`))
      const whole = partition(edges)
      const expected = {
        persons: whole.persons.map((person) => person.map(({ namespace, value }) => `${namespace} ${value}`).sort()).sort(),
        aside: whole.quarantined.map(({ edge: { a, b } }) => `${a.namespace} ${a.value} ${b.value}`).sort(),
      }
      const ranks = [...order.take(40)]
      return [ranks.slice(0, 20), ranks.slice(20)].map((each) => ({ stored: apart(edges), ranks: each, expected }))
    })
    await store(cases.map(({ stored }) => stored))
    await forAll(cases, async ({ stored, ranks, expected }) => expect(await settle(stored, ranks), `seed ${seed}`).toEqual(expected))
  }, 120_000)

  it('moves nobody when a unionid appears late for 1,000 members (domain rules a 8)', async () => {
    const people = Array.from({ length: 1000 }, () => ({ personId: randomUUID(), openId: randomUUID() }))
    const ids = people.map(({ personId }) => personId)
    const namespace = miniProgramNamespace(services.env)
    await rows('insert into person (person_id, created_at) select id, now() from unnest($1::uuid[]) as id', [ids])
    await rows(`insert into identifier (namespace, value, person_id, evidence, observed_at) select $1, v, p, 'test', now() from unnest($2::text[], $3::uuid[]) as i(v, p)`, [namespace, people.map(({ openId }) => openId), ids])
    await rows(
      `insert into member (member_id, person_id, member_no, data_key_sealed, tier, tier_since, growth_value, form_version, policy_version, registered_at, last_activity_at)
       select id, id, left(id::text, 18), '', 'normal', now(), 0, 'v', 'v', now(), now() from unnest($1::uuid[]) as id`,
      [ids],
    )
    await rows('analyze person, identifier, member')
    await forAll(people, ({ personId, openId }) => linkPerson(services, personId, [{ namespace, value: openId }, { namespace: unionIdNamespace(services.env), value: `u-${openId}` }]))
    const moved = await rows('select 1 from person where person_id = any($1) and absorbed_by is not null', [ids])
    const held = await rows(`select 1 from identifier o join identifier u using (person_id) where o.person_id = any($1) and o.namespace = $2 and u.value = 'u-' || o.value`, [ids, namespace])
    expect([moved.length, held.length]).toEqual([0, 1000])
  }, 120_000)
})
