import { randomUUID } from 'node:crypto'
import { firstGrowthRules, type GrowthRulesDefinition } from '@qihui/shared/growth'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { staffWithoutSession, type MemberActor } from '../../http/actor.ts'
import { requestHashOf } from '../../http/idempotency.ts'
import { createTestServices, type TestServices } from '../../testing/index.ts'
import { grantConsent } from '../consent/commands.ts'
import { miniProgramNamespace } from '../identity/namespaces.ts'
import { postInteraction } from '../interaction/commands.ts'
import { registerMember } from '../registration/commands.ts'
import { sessionSource } from '../registration/source.ts'
import { postOrder, refundOrder } from './commands.ts'
import { awardCompletedForms } from './formCommands.ts'
import { listGrowthRules, previewGrowthRules } from './queries.ts'
import { publishGrowthRules } from './ruleCommands.ts'

const operator = staffWithoutSession('manager.wu', '吴倩', true)
const { registration, order, formGroups, interactions } = firstGrowthRules
const first: GrowthRulesDefinition = { registration, order, formGroups, interactions }

let services: TestServices
let seen = 0
beforeAll(async () => {
  services = await createTestServices()
})
afterAll(() => services.close())

async function member(world: TestServices, unionId: string, answers: Record<string, string> = {}): Promise<string> {
  const actor: MemberActor = { kind: 'member', sessionId: randomUUID(), namespace: miniProgramNamespace(world.env), externalUserId: null, openId: `o-${unionId}`, unionId }
  const { consentIds } = await grantConsent(world, actor, { policyVersion: '2026-01', purposes: ['membership'] })
  const input = { phone: '+8613800001111', consentIds, policyVersion: '2026-01', formVersion: '2026-01', answers }
  const call = { scope: unionId, key: randomUUID(), requestHash: requestHashOf([input]) }
  return (await registerMember(world, sessionSource(world.env, actor), input, call)).member.memberId
}
const pay = (world: TestServices, unionId: string, amountFen: number, paidAt = world.clock.at.toISOString(), orderNo = `N${(seen += 1)}`) =>
  postOrder(world, { orderNo, unionId, amountFen, paidAt })
const later = (world: TestServices, ms: number) => (world.clock.at = new Date(world.clock.at.getTime() + ms))
const minute = 60_000

async function publish(world: TestServices, definition: GrowthRulesDefinition, effectiveFrom: string | null = null) {
  const { versions } = await listGrowthRules(world)
  return publishGrowthRules(world, operator, { replaces: versions[0]?.version ?? '', definition, effectiveFrom }, 'test')
}

describe('publishGrowthRules', () => {
  it('decides about what happens from then on, and a refund goes by the rules of its order', async () => {
    await member(services, 'u-rules')
    const paidAt = services.clock.at.toISOString()
    await pay(services, 'u-rules', 10_050, paidAt, 'OLD')
    const published = await publish(services, { ...first, order: { points: 2, perFen: 100 } })
    expect(published).toMatchObject({ version: 'growth.2', publishedBy: '吴倩' })
    expect(Date.parse(published.effectiveFrom) - services.clock.at.getTime()).toBe(10_000)
    expect(await pay(services, 'u-rules', 100)).toMatchObject({ growthEarned: 1 })
    later(services, minute)
    expect(await pay(services, 'u-rules', 10_050, services.clock.at.toISOString(), 'NEW')).toMatchObject({ growthEarned: 201 })
    expect(await pay(services, 'u-rules', 10_050, paidAt)).toMatchObject({ growthEarned: 100 })
    expect(await refundOrder(services, 'OLD', { refundNo: 'OLD-r', amountFen: 5_000 })).toMatchObject({ growthReversed: 50 })
    expect(await refundOrder(services, 'NEW', { refundNo: 'NEW-r', amountFen: 10_050 })).toMatchObject({ growthReversed: 201 })
    const entries = await services.db.pool.query(`select source_id, rules_version from growth_entry where source_id like 'OLD%' or source_id like 'NEW%' order by 1`)
    expect(entries.rows.map((row: { rules_version: string }) => row.rules_version)).toEqual(['growth.2', 'growth.2', 'growth.1', 'growth.1'])
  })

  it('writes who did it, and tells the second of two publishers', async () => {
    const { versions } = await listGrowthRules(services)
    const replaces = versions[0]?.version ?? ''
    const both = await Promise.allSettled([1, 2].map((points) => publishGrowthRules(services, operator, { replaces, definition: { ...first, order: { points, perFen: 50 } }, effectiveFrom: null }, 'test')))
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'rules.versionTaken' } })
    const audit = await services.db.pool.query(`select actor_id, subject from audit_entry where action = 'growthRules.published' order by at`)
    expect(audit.rows.at(-1)).toEqual({ actor_id: 'manager.wu', subject: 'growthRules:growth.3' })
  })

  it('takes no time that has passed, none before the version it replaces, and no joining that would lift a tier', async () => {
    const refused = (definition: GrowthRulesDefinition, effectiveFrom: string | null, message: string) =>
      expect(publish(services, definition, effectiveFrom)).rejects.toMatchObject({ code: 'request.invalid', errors: [{ message }] })
    await refused(first, services.clock.at.toISOString(), '生效时间须晚于现在：已发生的记录不会重新计算')
    const planned = new Date(services.clock.at.getTime() + 60 * minute).toISOString()
    await publish(services, first, planned)
    await refused(first, planned, '生效时间须晚于上一版本的生效时间')
    await refused({ ...first, registration: 1000 }, null, '注册成长值须低于银卡会员的门槛 1000，否则一注册就升级')
    expect((await listGrowthRules(services)).inForce).toBe('growth.2')
    later(services, 61 * minute)
    expect((await listGrowthRules(services)).inForce).toBe('growth.4')
  })
})

const draft: GrowthRulesDefinition = {
  registration: 250,
  order: { points: 3, perFen: 200 },
  formGroups: [{ key: 'basics', name: '基本资料', fieldKeys: ['gender', 'region'], growth: 30 }],
  interactions: { chatDay: { growth: 7, maxPerMonth: 2 }, documentView: { growth: 5, maxPerDay: 1, maxPerMonth: 2 } },
}

/** The same days in a world of its own: registrations, orders with refunds, answers, chats and documents. */
async function live(world: TestServices): Promise<void> {
  await member(world, 'u-a')
  await member(world, 'u-b', { gender: 'female', region: '440305' })
  await member(world, 'u-c', { gender: 'male' })
  await pay(world, 'u-a', 99_999, undefined, 'A1')
  await pay(world, 'u-b', 70_050, undefined, 'B1')
  await pay(world, 'u-b', 30_077, undefined, 'B2')
  for (const [day, unionId] of [[0, 'u-a'], [0, 'u-a'], [1, 'u-a'], [2, 'u-a'], [2, 'u-b']] as const) {
    const occurredAt = new Date(world.clock.at.getTime() + day * 24 * 60 * minute).toISOString()
    const at = world.clock.at
    later(world, 3 * 24 * 60 * minute)
    for (const kind of ['chatDay', 'documentView'] as const) await postInteraction(world, { unionId, kind, occurredAt, sourceId: `i${(seen += 1)}` })
    world.clock.at = at
  }
  later(world, 4 * 24 * 60 * minute)
  await refundOrder(world, 'A1', { refundNo: 'A1-r', amountFen: 33_333 })
  await refundOrder(world, 'B2', { refundNo: 'B2-r', amountFen: 30_077 })
  await awardCompletedForms(world, null)
}

const growthIn = async (world: TestServices) =>
  (await world.db.pool.query<{ amount: number }>('select sum(amount)::int as amount from growth_entry')).rows[0]?.amount

describe('previewGrowthRules', () => {
  it('says of a draft exactly what the same days would have brought under it, and writes nothing', async () => {
    const [before, after] = await Promise.all([createTestServices(), createTestServices()])
    try {
      await publish(after, draft)
      later(after, minute)
      await Promise.all([live(before), live(after)])
      const [held, drafted] = [await growthIn(before), await growthIn(after)]
      const preview = await previewGrowthRules(before, draft, 90)
      expect(preview).toMatchObject({ members: 3, totalBefore: held, totalAfter: drafted, growthUp: 3, growthDown: 0, tierUp: 2, tierDown: 0 })
      expect(preview.tiers.map(({ before: was, after: is }) => [was, is])).toEqual([[3, 1], [0, 2], [0, 0]])
      expect(await growthIn(before)).toBe(held)
      expect(await previewGrowthRules(before, first, 90)).toMatchObject({ totalBefore: held, totalAfter: held, growthUp: 0, growthDown: 0 })
    } finally {
      await Promise.all([before.close(), after.close()])
    }
  })
})

describe('awardCompletedForms', () => {
  it('rewards a group once, by the rules of the day it was completed, and nobody for what was answered before', async () => {
    const world = await createTestServices()
    try {
      await member(world, 'u-early', { gender: 'female', region: '440305' })
      later(world, minute)
      await publish(world, draft)
      later(world, minute)
      const memberId = await member(world, 'u-full', { gender: 'female', region: '440305' })
      await member(world, 'u-half', { gender: 'female' })
      later(world, minute)
      await publish(world, { ...draft, formGroups: [] })
      later(world, minute)
      expect(await Promise.all([awardCompletedForms(world, memberId), awardCompletedForms(world, null)]).then(([one, all]) => one + all)).toBe(1)
      expect(await awardCompletedForms(world, null)).toBe(0)
      const posted = await world.db.pool.query(`select member_id, amount, rules_version from growth_entry where source = 'formCompletion'`)
      expect(posted.rows).toEqual([{ member_id: memberId, amount: 30, rules_version: 'growth.2' }])
    } finally {
      await world.close()
    }
  })
})
