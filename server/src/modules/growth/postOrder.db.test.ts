import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MemberActor } from '../../http/actor.ts'
import { miniProgramNamespace } from '../identity/namespaces.ts'
import { requestHashOf } from '../../http/idempotency.ts'
import { createTestServices, type TestServices } from '../../testing/index.ts'
import { grantConsent } from '../consent/commands.ts'
import { registerMember } from '../registration/commands.ts'
import { sessionSource } from '../registration/source.ts'
import { postOrder, refundOrder } from './commands.ts'

let services: TestServices
beforeAll(async () => {
  services = await createTestServices()
})
afterAll(() => services.close())

async function member(unionId: string): Promise<void> {
  const actor: MemberActor = { kind: 'member', sessionId: randomUUID(), namespace: miniProgramNamespace(services.env), externalUserId: null, openId: `o-${unionId}`, unionId }
  const { consentIds } = await grantConsent(services, actor, { policyVersion: '2026-01', purposes: ['membership'] })
  const input = { phone: '+8613800001111', consentIds, policyVersion: '2026-01', formVersion: '2026-01' }
  await registerMember(services, sessionSource(services.env, actor), input, { scope: unionId, key: randomUUID(), requestHash: requestHashOf([input]) })
}
const order = (unionId: string, orderNo: string, yuan: number) => ({ orderNo, unionId, amountFen: yuan * 100, paidAt: '2026-11-20T01:00:00.000Z' })

describe('postOrder', () => {
  it('earns one growth a yuan and moves up at once, also two steps', async () => {
    await member('u-order')
    expect(await postOrder(services, order('u-order', 'A1', 899))).toMatchObject({ isNew: true, growthEarned: 899, tier: { code: 'normal', growthValue: 999 } })
    expect(await postOrder(services, order('u-order', 'A2', 4001))).toMatchObject({ tier: { code: 'gold', growthValue: 5000 } })
    const told = await services.db.pool.query(`select data from timeline_entry where kind = 'tier.changed'`)
    expect(told.rows).toEqual([{ data: { tierName: '金卡会员' } }])
  })

  it('counts one order once, however often and at once it is posted', async () => {
    await member('u-once')
    const results = await Promise.all(Array.from({ length: 100 }, () => postOrder(services, order('u-once', 'B1', 50))))
    expect(results.filter(({ isNew }) => isNew)).toHaveLength(1)
    expect(results.every(({ tier }) => tier.growthValue === 150)).toBe(true)
  })

  it('loses nothing when different orders arrive at once', async () => {
    await member('u-many')
    await Promise.all(Array.from({ length: 30 }, (_, index) => postOrder(services, order('u-many', `C${index}`, 10))))
    const [row] = (await services.db.pool.query(`select growth_value, (select sum(amount)::int from growth_entry e where e.member_id = m.member_id) as ledger from member m where growth_value = 400`)).rows
    expect(row).toEqual({ growth_value: 400, ledger: 400 })
  })

  it('says that there is no such member instead of dropping the order', async () => {
    await expect(postOrder(services, order('u-nobody', 'D1', 10))).rejects.toMatchObject({ code: 'member.notFound' })
  })
})

describe('refundOrder', () => {
  const refund = (refundNo: string, yuan: number) => ({ refundNo, amountFen: Math.round(yuan * 100) })
  const ledgerOf = async (unionId: string) =>
    (await services.db.pool.query(`select coalesce(sum(amount), 0)::int as growth from growth_entry join member using (member_id) join identifier using (person_id) where value = $1 and source like 'order%'`, [unionId])).rows[0]?.growth as number

  it('takes back exactly what the order earned, also in parts that are no whole yuan', async () => {
    await member('u-parts')
    await postOrder(services, order('u-parts', 'R1', 10))
    expect(await refundOrder(services, 'R1', refund('R1-a', 0.5))).toMatchObject({ isNew: true, growthReversed: 1 })
    expect(await refundOrder(services, 'R1', refund('R1-b', 0.5))).toMatchObject({ growthReversed: 0 })
    expect(await refundOrder(services, 'R1', refund('R1-c', 9))).toMatchObject({ growthReversed: 9, tier: { growthValue: 100 } })
    expect(await ledgerOf('u-parts')).toBe(0)
  })

  it('counts one refund once, and none that is more than was paid', async () => {
    await member('u-twice')
    await postOrder(services, order('u-twice', 'R2', 100))
    const results = await Promise.all(Array.from({ length: 20 }, () => refundOrder(services, 'R2', refund('R2-a', 40))))
    expect(results.filter(({ isNew }) => isNew)).toHaveLength(1)
    await expect(refundOrder(services, 'R2', refund('R2-b', 60.01))).rejects.toMatchObject({ code: 'growth.refundTooLarge' })
    expect(await ledgerOf('u-twice')).toBe(60)
  })

  it('loses no point when orders and refunds arrive at once', async () => {
    await member('u-storm')
    await Promise.all(Array.from({ length: 50 }, (_, index) => postOrder(services, order('u-storm', `S${index}`, 100))))
    await Promise.all(Array.from({ length: 100 }, (_, index) => (index < 50 ? refundOrder(services, `S${index}`, refund(`S${index}-r`, 30)) : postOrder(services, order('u-storm', `T${index}`, 7)))))
    expect(await ledgerOf('u-storm')).toBe(50 * 100 - 50 * 30 + 50 * 7)
    const [row] = (await services.db.pool.query(`select growth_value from member join identifier using (person_id) where value = 'u-storm'`)).rows
    expect(row).toEqual({ growth_value: 100 + 3850 })
  })

  it('leaves the tier for the review to decide', async () => {
    await member('u-refunded')
    await postOrder(services, order('u-refunded', 'R3', 1000))
    expect(await refundOrder(services, 'R3', refund('R3-a', 1000))).toMatchObject({ growthReversed: 1000 })
    expect((await services.db.pool.query(`select tier, growth_value from member join identifier using (person_id) where value = 'u-refunded'`)).rows).toEqual([{ tier: 'silver', growth_value: 100 }])
  })

  it('says that the order is not there yet', async () => {
    await expect(refundOrder(services, 'R-unknown', refund('R-x', 1))).rejects.toMatchObject({ code: 'growth.orderUnknown' })
  })
})
