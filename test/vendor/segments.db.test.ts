import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { staffCookieOf } from '../factories/staffCookieOf.ts'
import { startProduct, type Product } from './startProduct.ts'

const patiently = { timeout: 40_000, interval: 100 }
const people = 12
const markTag = '/cgi-bin/externalcontact/mark_tag'

let product: Product
let cookie = ''
let marks = 0

beforeAll(async () => {
  product = await startProduct({ withWorker: true, peopleCount: people + 2 })
  product.sandbox.wire.onEntry(({ what }) => {
    if (what.endsWith(markTag)) marks += 1
  })
  cookie = await staffCookieOf(product, 'manager.wu')
  for (let index = 0; index < people; index += 1) {
    const personId = product.sandbox.world.people[index]?.personId ?? ''
    for (const staffUserId of ['rep.li', 'rep.wang'].slice(0, 1 + (index % 2))) await product.sandbox.world.addContact({ personId, staffUserId })
  }
  await product.sandbox.callbacks.idle()
  await settled()
  await product.rows(
    `insert into member (member_id, person_id, member_no, data_key_sealed, tier, tier_since, growth_value, form_version, policy_version, registered_at, last_activity_at)
     select gen_random_uuid(), person_id, 'T' || row_number() over (order by external_user_id), '', case when row_number() over (order by external_user_id) % 3 = 0 then 'gold' else 'normal' end,
       $1, 100 * row_number() over (order by external_user_id), '2026-01', '2026-01', $1, $1 from external_contact`,
    [product.services.now()],
  )
})
afterAll(() => product.close())

/** Until outbox and queues are empty; delayed jobs are let go at once. */
async function settled(): Promise<void> {
  await vi.waitFor(async () => {
    await product.rows(`update queue.job set start_after = now() where state in ('created', 'retry') and start_after > now()`)
    const [row] = await product.rows<{ left: number }>(`select ((select count(*) from outbox) + (select count(*) from queue.job where state in ('created', 'active', 'retry') and name not like '%-dead'))::int as left`)
    expect(row?.left).toBe(0)
  }, patiently)
}

async function ask<T>(method: string, path: string, body?: object): Promise<T> {
  const response = await fetch(`${product.url}${path}`, {
    method,
    headers: { 'content-type': 'application/json', origin: product.url, cookie, 'idempotency-key': randomUUID() },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
  const answer = (await response.json()) as T
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${JSON.stringify(answer)}`)
  return answer
}

/** Pairs of WeCom that carry a tag of that name. */
function carriers(name: string): string[] {
  const { world } = product.sandbox
  return world.relations().filter(({ tagIds }) => world.tagNames(tagIds).includes(name)).map(({ staffUserId, personId }) => `${staffUserId} ${personId}`).sort()
}

/** Pairs whose member the database says is like this. */
async function pairsWhere(condition: string): Promise<string[]> {
  const { world } = product.sandbox
  const rows = await product.rows<{ external_user_id: string }>(`select external_user_id from external_contact join member m using (person_id) where ${condition}`)
  const wanted = new Set(rows.map((row) => row.external_user_id))
  return world.relations().filter(({ personId }) => wanted.has(world.person(personId).externalUserId)).map(({ staffUserId, personId }) => `${staffUserId} ${personId}`).sort()
}

interface Segment {
  readonly segmentId: string
  readonly name: string
  readonly members: number | null
  readonly state: string
}
const segments = async () => (await ask<{ segments: Segment[] }>('GET', '/api/console/segments')).segments

describe('a segment', () => {
  it('puts its tag on every pair of its members, once, and takes it away when the condition ends', async () => {
    const conditions = [{ kind: 'growth', min: 500 }]
    const preview = await ask<{ members: number; reachable: number; sample: { name: string | null }[] }>('POST', '/api/console/segments/preview', { conditions })
    expect([preview.members, preview.reachable]).toEqual([people - 4, people - 4])
    expect(preview.sample.every(({ name }) => name?.endsWith('**'))).toBe(true)
    const { segmentId } = await ask<Segment>('POST', '/api/console/segments', { name: '高成长', conditions })
    await settled()
    expect(carriers('高成长')).toEqual(await pairsWhere('m.growth_value >= 500'))
    expect(carriers('高成长').length).toBeGreaterThan(people - 4)
    expect(carriers('金卡会员'), 'the tier tag came in the same call').toEqual(await pairsWhere(`m.tier = 'gold' and m.growth_value >= 500`))

    const written = marks
    await ask('POST', `/api/console/segments/${segmentId}/refresh`)
    await settled()
    expect(marks, 'a second run writes nothing').toBe(written)

    await product.rows('update member set growth_value = 0 where growth_value >= 1000')
    await product.rows(`insert into outbox (job, job_key, payload) values ('refreshSegments', 'all', '{}')`)
    await settled()
    expect(carriers('高成长')).toEqual(await pairsWhere('m.growth_value >= 500'))
    expect((await segments())[0]?.members).toBe(5)
  })

  it('comes back after its tag was deleted in the console of WeCom', async () => {
    const [row] = await product.rows<{ tag_id: string }>('select tag_id from segment')
    await product.sandbox.world.deleteTagByConsole(row?.tag_id ?? '')
    await product.sandbox.callbacks.idle()
    await settled()
    expect(carriers('高成长')).toEqual(await pairsWhere('m.growth_value >= 500'))
  })

  it('renames its tag, rests while it is paused, and leaves nothing behind when it is deleted', async () => {
    const [segment] = await segments()
    const path = `/api/console/segments/${segment?.segmentId}`
    const before = carriers('高成长')
    await ask('PUT', path, { name: '成长之星', conditions: [{ kind: 'growth', min: 500 }] })
    await settled()
    expect(carriers('成长之星')).toEqual(before)
    await ask('POST', `${path}/pause`, { isPaused: true })
    await product.rows('update member set growth_value = 0')
    await product.rows(`insert into outbox (job, job_key, payload) values ('refreshSegments', 'all', '{}')`)
    await settled()
    expect(carriers('成长之星')).toEqual(before)
    await ask('POST', `${path}/deletion`)
    await settled()
    expect([carriers('成长之星'), await segments(), await product.rows('select 1 from segment_member')]).toEqual([[], [], []])
    expect(await product.rows(`select 1 from corp_tag where name = '成长之星'`)).toEqual([])
  })
})

describe('the tag library', () => {
  interface Library {
    readonly groups: readonly { readonly groupId: string; readonly name: string; readonly origin: string; readonly tags: readonly { readonly tagId: string; readonly name: string; readonly origin: string; readonly customers: number }[] }[]
    readonly changes: readonly { readonly summary: string; readonly state: string; readonly failure: string | null }[]
  }
  const library = () => ask<Library>('GET', '/api/console/corp-tags')
  const change = async (body: object) => {
    await ask('POST', '/api/console/corp-tags/changes', body)
    await settled()
    return (await library()).changes[0]
  }
  const group = async (name: string) => (await library()).groups.find((each) => each.name === name)

  it('creates, renames, orders and deletes what this app made, and WeCom has it', async () => {
    expect(await change({ kind: 'createGroup', name: '节日', tagNames: ['春节', '中秋'] })).toMatchObject({ state: 'done', summary: '新建标签组“节日”：春节、中秋' })
    const made = await group('节日')
    expect([made?.origin, made?.tags.map(({ name, origin }) => `${name} ${origin}`)]).toEqual(['app', ['春节 app', '中秋 app']])
    const [spring, autumn] = made?.tags.map(({ tagId }) => tagId) ?? []
    expect(await change({ kind: 'rename', id: spring, name: '新春' })).toMatchObject({ state: 'done' })
    expect(await change({ kind: 'reorder', groupId: made?.groupId, tagIds: [autumn, spring] })).toMatchObject({ state: 'done' })
    expect((await group('节日'))?.tags.map(({ name }) => name)).toEqual(['中秋', '新春'])
    expect(product.sandbox.world.tagNames([autumn ?? '', spring ?? ''])).toEqual(['中秋', '新春'])
    expect(await change({ kind: 'delete', id: made?.groupId })).toMatchObject({ state: 'done' })
    expect(await group('节日')).toBeUndefined()
  })

  it('shows what others made, and refuses to change it', async () => {
    const tagId = await product.sandbox.world.createTagByConsole('来源', '展会')
    await product.sandbox.callbacks.idle()
    await settled()
    expect((await group('来源'))?.tags).toMatchObject([{ name: '展会', origin: 'elsewhere' }])
    await expect(ask('POST', '/api/console/corp-tags/changes', { kind: 'delete', id: tagId })).rejects.toThrow('corpTag.notOurs')
  })

  it('says why WeCom refused, and remembers whose the tag is', async () => {
    const tagId = (await group('来源'))?.tags[0]?.tagId ?? ''
    await product.rows('update corp_tag set is_ours = true where tag_id = $1', [tagId])
    expect(await change({ kind: 'rename', id: tagId, name: '展览' })).toMatchObject({ state: 'failed', failure: '不是本应用创建的，请在企业微信管理后台修改' })
    expect((await group('来源'))?.tags[0]?.origin).toBe('elsewhere')
  })
})

describe('a hand edit of a tag of the system', () => {
  it('is put right after its callback, and counted for the employee', async () => {
    const { world } = product.sandbox
    const personId = world.people[1]?.personId ?? ''
    const [gold] = await product.rows<{ tag_id: string }>(`select tag_id from corp_tag where tier = 'gold'`)
    const tierTags = () => world.tagNames(world.relations().find((each) => each.personId === personId && each.staffUserId === 'rep.wang')?.tagIds ?? []).filter((name) => name.endsWith('会员'))
    await product.rows(`insert into outbox (job, job_key, payload) values ('reconcileTierTags', 'all', '{}')`)
    await settled()
    const right = tierTags()
    const carriesGold = right.includes('金卡会员')
    await world.editContactByHand({ personId, staffUserId: 'rep.wang', ...(carriesGold ? { removeTagIds: [gold?.tag_id ?? ''] } : { addTagIds: [gold?.tag_id ?? ''] }) })
    expect(tierTags()).not.toEqual(right)
    await product.sandbox.callbacks.idle()
    await settled()
    expect(tierTags()).toEqual(right)
    const review = await ask<{ run: { reviewed: number; total: number } | null; staff: { staffUserId: string; handEdits: number; handEditsSince: number }[]; handEdits: { added: string[]; removed: string[]; customerName: string }[] }>('GET', '/api/console/tier-tags')
    expect(review.staff[0]).toMatchObject({ staffUserId: 'rep.wang', handEdits: 1 })
    expect(review.handEdits).toHaveLength(1)
    expect(review.handEdits[0]).toMatchObject(carriesGold ? { removed: ['金卡会员'] } : { added: ['金卡会员'] })
    expect(review.handEdits[0]?.customerName).toMatch(/\*\*$/)
    expect(review.run?.reviewed).toBe(review.run?.total)
  })
})
