import { randomUUID } from 'node:crypto'
import { firstGrowthRules } from '@qihui/shared/growth'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApp } from '../../app.ts'
import { staffWithoutSession, type MemberActor } from '../../http/actor.ts'
import { requestHashOf } from '../../http/idempotency.ts'
import { createTestServices, type TestServices } from '../../testing/index.ts'
import { grantConsent } from '../consent/commands.ts'
import { publishGrowthRules } from '../growth/ruleCommands.ts'
import { miniProgramNamespace } from '../identity/namespaces.ts'
import { registerMember } from '../registration/commands.ts'
import { sessionSource } from '../registration/source.ts'
import { createDocument, openDocument, postInteraction, revokeDocument, shareDocument } from './commands.ts'
import { getDocument } from './queries.ts'

const operator = staffWithoutSession('manager.wu', '吴倩', true)
const rep = staffWithoutSession('rep.li', '李静')
const dayMs = 24 * 60 * 60 * 1000

let services: TestServices
beforeAll(async () => {
  services = await createTestServices({ settings: { DOCUMENT_HOSTS: 'mp.weixin.qq.com,brand.example' } })
  const { registration, order, formGroups } = firstGrowthRules
  const interactions = { chatDay: { growth: 5, maxPerMonth: 3 }, documentView: { growth: 2, maxPerDay: 2, maxPerMonth: 30 } }
  await publishGrowthRules(services, operator, { replaces: 'growth.1', definition: { registration, order, formGroups, interactions }, effectiveFrom: null }, 'test')
  services.clock.at = new Date(services.clock.at.getTime() + 20 * dayMs)
})
afterAll(() => services.close())

async function member(unionId: string): Promise<MemberActor> {
  const actor: MemberActor = { kind: 'member', sessionId: randomUUID(), namespace: miniProgramNamespace(services.env), externalUserId: null, openId: `o-${unionId}`, unionId }
  const { consentIds } = await grantConsent(services, actor, { policyVersion: '2026-01', purposes: ['membership'] })
  const input = { phone: '+8613800001111', consentIds, policyVersion: '2026-01', formVersion: '2026-01' }
  await registerMember(services, sessionSource(services.env, actor), input, { scope: unionId, key: randomUUID(), requestHash: requestHashOf([input]) })
  return actor
}
const growthOf = async (unionId: string) =>
  (await services.db.pool.query<{ growth_value: number }>('select growth_value from member join identifier using (person_id) where value = $1', [unionId])).rows[0]?.growth_value
const chat = (unionId: string, sourceId: string, ago = 0) => postInteraction(services, { unionId, kind: 'chatDay', occurredAt: new Date(services.clock.at.getTime() - ago * dayMs).toISOString(), sourceId })

describe('postInteraction', () => {
  it('counts one event once, however often and at once it is posted', async () => {
    await member('u-chat')
    const results = await Promise.all(Array.from({ length: 100 }, () => chat('u-chat', 'same')))
    expect(results.filter(({ isNew }) => isNew)).toHaveLength(1)
    expect(results.reduce((sum, { growthEarned }) => sum + growthEarned, 0)).toBe(5)
    expect(await growthOf('u-chat')).toBe(105)
  })

  it('keeps the caps of day and month when everything arrives at once and late', async () => {
    await member('u-caps')
    await Promise.all(Array.from({ length: 40 }, (_, index) => chat('u-caps', `caps-${index}`, index % 8)))
    expect(await growthOf('u-caps')).toBe(100 + 3 * 5)
    expect((await services.db.pool.query(`select count(*)::int as rows, count(*) filter (where growth > 0)::int as paid from interaction where source_key like 'integration:caps-%'`)).rows).toEqual([{ rows: 40, paid: 3 }])
  })

  it('says that there is no such member', async () => {
    await expect(chat('u-nobody', 'x')).rejects.toMatchObject({ code: 'member.notFound' })
  })
})

const make = (title: string) => createDocument(services, operator, { title, targetUrl: 'https://brand.example/catalogue' })
const tokenOf = (url: string | null) => url?.slice(-22) ?? ''

describe('tracked documents', () => {
  it('lead only to allowed hosts', async () => {
    await expect(createDocument(services, operator, { title: '外站', targetUrl: 'https://brand.example.evil.example/' })).rejects.toMatchObject({ errors: [{ message: '只能指向这些域名：mp.weixin.qq.com、brand.example' }] })
  })

  it('count a member once a day and document up to the cap, and strangers without a name', async () => {
    const reader = await member('u-read')
    const [one, two, three] = await Promise.all([make('新品手册'), make('保养指南'), make('活动说明')])
    const open = (document: typeof one, visitor: MemberActor | null) => openDocument(services, tokenOf(document.url), { isCounted: true, visitor })
    await Promise.all(Array.from({ length: 20 }, () => open(one, reader)))
    expect(await open(one, null)).toBe('https://brand.example/catalogue')
    expect(await growthOf('u-read')).toBe(102)
    await open(two, reader)
    await open(three, reader)
    expect(await growthOf('u-read')).toBe(104)
    expect(await getDocument(services, operator, one.documentId)).toMatchObject({ opened: 21, openedByMembers: 20, members: 1, growth: 2 })
  })

  it('have one link per employee, and none that works once they are revoked', async () => {
    const document = await make('促销')
    const { url } = await shareDocument(services, rep, document.documentId)
    expect(await shareDocument(services, rep, document.documentId)).toEqual({ url })
    expect(url).not.toBe(document.url)
    expect(await getDocument(services, rep, document.documentId)).toMatchObject({ url, sharers: 2 })
    await revokeDocument(services, operator, document.documentId)
    expect(await openDocument(services, tokenOf(url), { isCounted: true, visitor: null })).toBeNull()
    await expect(shareDocument(services, rep, document.documentId)).rejects.toMatchObject({ code: 'request.notFound' })
  })
})

it('the address of a link leads on, counts people and not programs, and says readably when there is nothing', async () => {
  const server = createApp(services).listen(0)
  try {
    const address = server.address()
    const base = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
    const document = await make('长图')
    const get = (path: string, userAgent: string) => fetch(`${base}${path}`, { redirect: 'manual', headers: { 'user-agent': userAgent } })
    const path = `/d/${tokenOf(document.url)}`
    const person = await get(path, 'Mozilla/5.0 (iPhone) MicroMessenger/8.0.50')
    expect([person.status, person.headers.get('location'), person.headers.get('cache-control'), person.headers.get('referrer-policy')]).toEqual([302, 'https://brand.example/catalogue', 'no-store', 'no-referrer'])
    expect((await get(path, 'facebookexternalhit/1.1')).status).toBe(302)
    expect((await getDocument(services, operator, document.documentId)).opened).toBe(1)
    const missing = await get('/d/AbCdEfGhIjKlMnOpQrStUv', 'Mozilla/5.0')
    expect(missing.status).toBe(404)
    expect(await missing.text()).toContain('这份资料已下架')
  } finally {
    server.close()
  }
})
