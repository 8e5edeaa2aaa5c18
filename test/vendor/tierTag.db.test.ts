import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { staffCookieOf } from '../factories/staffCookieOf.ts'
import { callsOf, startProduct, type Product } from './startProduct.ts'

let product: Product

const patiently = { timeout: 20_000, interval: 100 }
const tierNames = ['普通会员', '银卡会员', '金卡会员']

beforeAll(async () => {
  product = await startProduct({ withWorker: true })
})
afterAll(() => product.close())

async function call<T>(path: string, init: RequestInit = {}): Promise<T> {
  const response = await fetch(`${product.serverUrl}${path}`, { ...init, headers: { 'content-type': 'application/json', ...(init.headers as Record<string, string>) } })
  const answer = (await response.json()) as T
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${JSON.stringify(answer)}`)
  return answer
}

const post = <T>(path: string, body: object, headers: Record<string, string> = {}): Promise<T> => call<T>(path, { method: 'POST', body: JSON.stringify(body), headers })

/** What the mini-program does from launch to success. */
async function register(personId: string): Promise<void> {
  const { world } = product.sandbox
  const { sessionToken } = await post<{ sessionToken: string }>('/api/members/session', { code: world.loginCode(personId) })
  const authorization = `Bearer ${sessionToken}`
  const entry = await call<{ policy: { version: string }; form: { version: string } }>('/api/registrations/entry')
  const policyVersion = entry.policy.version
  const { consentIds } = await post<{ consentIds: string[] }>('/api/consents', { policyVersion, purposes: ['membership'] }, { authorization })
  await post(
    '/api/members/registrations',
    { phoneCode: world.phoneCode(personId), consentIds, policyVersion, formVersion: entry.form.version },
    { authorization, 'idempotency-key': randomUUID() },
  )
}

/** Names of the tags on a pair, as WeCom has them. */
function tagsOn(personId: string, staffUserId: string): string[] {
  const { world } = product.sandbox
  const relation = world.relations().find((each) => each.personId === personId && each.staffUserId === staffUserId)
  return [...world.tagNames(relation?.tagIds ?? [])]
}

const tierTagsOn = (personId: string, staffUserId: string): string[] => tagsOn(personId, staffUserId).filter((name) => tierNames.includes(name))

interface Card {
  readonly state: string
  readonly member: { readonly tier: { readonly name: string }; readonly fields: readonly { readonly key: string; readonly value: string; readonly isMasked: boolean }[] } | null
  readonly timeline: readonly { readonly kind: string }[]
}

async function cardOf(personId: string, staffUserId: string): Promise<Card> {
  const cookie = await staffCookieOf(product, staffUserId)
  return call<Card>(`/api/sidebar/contacts/${product.sandbox.world.person(personId).externalUserId}`, { headers: { cookie } })
}

describe('a member and a contact become one person, whichever comes first:', () => {
  it.each([
    ['the rep is added first', 'p002', ['add', 'register']],
    ['registration is first', 'p003', ['register', 'add']],
  ])('%s', async (_name, personId, steps) => {
    for (const step of steps) {
      if (step === 'add') await product.sandbox.world.addContact({ personId, staffUserId: 'rep.li' })
      else await register(personId)
      await product.sandbox.callbacks.idle()
    }
    await expect.poll(() => tierTagsOn(personId, 'rep.li'), patiently).toEqual(['普通会员'])
    const card = await cardOf(personId, 'rep.li')
    expect([card.state, card.member?.tier.name]).toEqual(['member', '普通会员'])
    expect(card.timeline.map((entry) => entry.kind).sort()).toEqual(['contact.added', 'identity.linked', 'member.registered'])
  })
})

describe('the card of a member', () => {
  it('masks the phone and shows it nowhere raw', async () => {
    const card = await cardOf('p002', 'rep.li')
    const phone = product.sandbox.world.person('p002').phone ?? ''
    const field = card.member?.fields.find(({ key }) => key === 'phone')
    expect(field).toMatchObject({ type: 'phone', isMasked: true, value: `${phone.slice(0, 3)}****${phone.slice(7)}` })
    expect(JSON.stringify(card)).not.toContain(phone)
    const audited = await product.rows<{ fields: string[] }>("select fields from audit_entry where outcome = 'shown' and actor_id = 'rep.li'")
    expect(audited.at(-1)?.fields).toContain('phone')
  })
})

describe('the tier tag', () => {
  it('is on every rep’s pair of the member, and on no other', async () => {
    await product.sandbox.world.addContact({ personId: 'p002', staffUserId: 'rep.wang' })
    await product.sandbox.world.addContact({ personId: 'p004', staffUserId: 'rep.wang' })
    await expect.poll(() => tierTagsOn('p002', 'rep.wang'), patiently).toEqual(['普通会员'])
    expect(tierTagsOn('p004', 'rep.wang')).toEqual([])
  })

  it('moves with the tier and leaves the rep’s own tags alone', async () => {
    const [own] = await product.rows<{ tag_id: string; name: string }>('select tag_id, name from corp_tag where tier is null order by tag_id limit 1')
    await product.sandbox.world.editContactByHand({ personId: 'p002', staffUserId: 'rep.li', addTagIds: [own?.tag_id ?? ''] })
    const { unionId } = product.sandbox.world.person('p002')
    const authorization = `Bearer ${product.services.env.integrationApiKey}`
    await post('/api/integration/orders', { orderNo: 'order-1', unionId, amountFen: 500_000, paidAt: product.services.now().toISOString() }, { authorization })
    await expect.poll(() => tierTagsOn('p002', 'rep.li'), patiently).toEqual(['金卡会员'])
    await expect.poll(() => tierTagsOn('p002', 'rep.wang'), patiently).toEqual(['金卡会员'])
    expect(tagsOn('p002', 'rep.li')).toContain(own?.name)
  })

  it('comes back when a hand changed it, for members and for others', async () => {
    const { world } = product.sandbox
    const tags = await product.rows<{ tag_id: string; tier: string }>('select tag_id, tier from corp_tag where tier is not null')
    const idOf = (tier: string): string => tags.find((tag) => tag.tier === tier)?.tag_id ?? ''
    await world.editContactByHand({ personId: 'p003', staffUserId: 'rep.li', addTagIds: [idOf('gold')], removeTagIds: [idOf('normal')] })
    await world.editContactByHand({ personId: 'p004', staffUserId: 'rep.wang', addTagIds: [idOf('gold')] })
    await expect.poll(() => tierTagsOn('p003', 'rep.li'), patiently).toEqual(['普通会员'])
    await expect.poll(() => tierTagsOn('p004', 'rep.wang'), patiently).toEqual([])
  })

  it('costs no call when it is right already', async () => {
    const marks = callsOf(product, '/cgi-bin/externalcontact/mark_tag')
    const reads = callsOf(product, '/cgi-bin/externalcontact/get')
    const { externalUserId } = product.sandbox.world.person('p003')
    await product.services.db.run({ name: 'test_sync', text: "insert into outbox (job, job_key, payload) values ('syncTierTag', 'again', $1)" }, [JSON.stringify({ externalUserId, staffUserId: 'rep.li' })])
    await expect.poll(() => callsOf(product, '/cgi-bin/externalcontact/get'), patiently).toBeGreaterThan(reads)
    await expect.poll(async () => (await product.rows("select 1 from queue.job where name = 'syncTierTag' and state in ('created', 'active', 'retry')")).length, patiently).toBe(0)
    expect(callsOf(product, '/cgi-bin/externalcontact/mark_tag')).toBe(marks)
  })
})

describe('the welcome', () => {
  it('welcomes a member back and invites nobody who is one', async () => {
    await product.sandbox.world.addContact({ personId: 'p003', staffUserId: 'rep.zhang' })
    await expect.poll(() => product.sandbox.world.chat('rep.zhang', 'p003').map((message) => message.kind), patiently).toEqual(['text'])
    expect(product.sandbox.world.chat('rep.zhang', 'p003')[0]?.text).toContain('欢迎回来')
  })

  it('records that the chat had begun, and stays silent', async () => {
    const { world } = product.sandbox
    await world.addContact({ personId: 'p012', staffUserId: 'rep.huang' })
    world.say({ staffUserId: 'rep.huang', personId: 'p012', message: { from: 'person', kind: 'text', text: '你好', target: null, imageUrl: null } })
    const outcomes = (): Promise<{ outcome: string }[]> =>
      product.rows('select outcome from welcome_attempt where external_user_id = $1', [world.person('p012').externalUserId])
    await expect.poll(outcomes, patiently).toEqual([{ outcome: 'lostRace' }])
    expect(world.chat('rep.huang', 'p012')).toHaveLength(1)
  })
})
