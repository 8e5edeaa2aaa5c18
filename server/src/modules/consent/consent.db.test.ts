import { randomUUID } from 'node:crypto'
import { policies, type ConsentPurpose } from '@qihui/shared/consent'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { staffWithoutSession, type MemberActor } from '../../http/actor.ts'
import { createTestServices, type TestServices } from '../../testing/createTestServices.ts'
import { officialAccountNamespace, miniProgramNamespace, unionIdNamespace } from '../identity/namespaces.ts'
import { publishForm } from '../form/commands.ts'
import { createPolicyBook } from './book.ts'
import { grantConsent, policyHash, publishPolicies, publishPolicy, refuseConsent, withdrawConsent } from './commands.ts'
import { canMarket, getConsentStandings, getMarketingStanding, listConsentHistory, listPolicies } from './queries.ts'

let services: TestServices
let visitor: MemberActor
beforeAll(async () => {
  services = await createTestServices()
})
afterAll(() => services.close())
beforeEach(() => {
  visitor = { kind: 'member', sessionId: randomUUID(), namespace: miniProgramNamespace(services.env), openId: `o-${randomUUID()}`, unionId: `u-${randomUUID()}`, externalUserId: null }
})

const operator = staffWithoutSession('manager.wu', '吴经理', true)
const day = 24 * 60 * 60 * 1000
const later = (milliseconds: number) => {
  services.clock.at = new Date(services.clock.at.getTime() + milliseconds)
}
const query = (text: string, values: unknown[]) => services.db.pool.query(text, values)
const inForce = async () => (await services.policies.inForce(services.now())).version
const grant = async (actor: MemberActor, ...purposes: ConsentPurpose[]) => grantConsent(services, actor, { policyVersion: await inForce(), purposes })
const stateOf = async (actor: MemberActor, purpose: string) => (await getConsentStandings(services, actor)).purposes.find((each) => each.purpose === purpose)

/** A registered member behind the session, as registration leaves it. */
async function becomeMember(actor: MemberActor): Promise<string> {
  const [personId, memberId] = [randomUUID(), randomUUID()]
  await query('insert into person (person_id, created_at) values ($1, $2)', [personId, services.now()])
  await query(`insert into identifier (namespace, value, person_id, evidence, observed_at) values ($1, $2, $5, 'test', $6), ($3, $4, $5, 'test', $6)`, [
    actor.namespace, actor.openId, unionIdNamespace(services.env), actor.unionId, personId, services.now(),
  ])
  await query(
    `insert into member (member_id, person_id, member_no, data_key_sealed, phone_sealed, phone_index, tier, tier_since, growth_value, form_version, policy_version, registered_at, last_activity_at, confirmed_at)
     values ($1, $2, $3, '\\x00', '\\x00', $4, 'normal', $5, 0, '2026-01', '2026-01', $5, $5, $5)`,
    [memberId, personId, memberId.slice(0, 12), Buffer.from(memberId), services.now()],
  )
  await query('update consent set person_id = $1 where namespace = $2 and open_id = $3', [personId, actor.namespace, actor.openId])
  return personId
}

async function queueDelivery(personId: string | null, purpose: 'service' | 'marketing'): Promise<string> {
  const deliveryId = randomUUID()
  await query(
    `insert into delivery (delivery_id, medium, purpose, person_id, recipient_sealed, recipient_index, body_sealed, created_by, created_at)
     values ($1, 'sms', $2, $3, '\\x00', $4, '\\x00', 'manager.wu', $5)`,
    [deliveryId, purpose, personId, Buffer.from(deliveryId), services.now()],
  )
  return deliveryId
}
const deliveryOf = async (deliveryId: string) => (await query('select state, reason from delivery where delivery_id = $1', [deliveryId])).rows[0] as { state: string; reason: string | null }

const nextPolicy = async (version: string, diffClass: 'minor' | 'material') =>
  publishPolicy(services, operator, { version, replaces: await inForce(), title: '会员隐私政策', diffClass, summary: [`要点 ${version}`], sections: [{ heading: '一、说明', paragraphs: [`正文 ${version}`] }] })

describe('a decision', () => {
  it('is kept with its version, time, channel and evidence, an openid only with its namespace', async () => {
    const { consentIds } = await grant(visitor, 'membership', 'marketing', 'marketing')
    expect(consentIds).toHaveLength(2)
    const elsewhere = { ...visitor, namespace: officialAccountNamespace(services.env), unionId: null }
    expect((await stateOf(elsewhere, 'membership'))?.state).toBe('none')
    expect((await stateOf(visitor, 'membership'))?.state).toBe('granted')
    expect((await stateOf(visitor, 'personalisation'))?.state).toBe('none')
    const [record] = await listConsentHistory(services, visitor)
    expect(record).toMatchObject({ decision: 'granted', policyVersion: '2026-01', textHash: policyHash(policies[0]), evidence: 'miniProgram', withdrawnAt: null })
    await grant(elsewhere, 'membership')
    expect((await listConsentHistory(services, elsewhere))[0]).toMatchObject({ evidence: 'invitePage' })
  })

  it('follows the member into every other session of theirs', async () => {
    await grant(visitor, 'membership', 'marketing')
    await becomeMember(visitor)
    const elsewhere = { ...visitor, namespace: officialAccountNamespace(services.env), openId: `oa-${randomUUID()}` }
    expect((await stateOf(elsewhere, 'marketing'))?.state).toBe('granted')
    expect(await listConsentHistory(services, elsewhere)).toHaveLength(2)
    await withdrawConsent(services, elsewhere, ['marketing'])
    expect((await stateOf(visitor, 'marketing'))?.state).toBe('withdrawn')
  })

  it('cannot be a no to the membership, nor name a sensitive field no form asks for', async () => {
    await expect(refuseConsent(services, visitor, { policyVersion: '2026-01', purposes: ['membership'] })).rejects.toMatchObject({ code: 'request.invalid' })
    await expect(grant(visitor, 'sensitive:idNumber')).rejects.toMatchObject({ code: 'request.invalid' })
    await expect(grantConsent(services, visitor, { policyVersion: '1999-01', purposes: ['membership'] })).rejects.toMatchObject({ code: 'consent.policyOutdated' })
    expect(await listConsentHistory(services, visitor)).toEqual([])
  })

  it('that is a no is remembered for 30 days and ends a yes', async () => {
    await grant(visitor, 'marketing')
    await refuseConsent(services, visitor, { policyVersion: await inForce(), purposes: ['marketing', 'personalisation'] })
    expect(await stateOf(visitor, 'marketing')).toMatchObject({ state: 'refused', mayAsk: false })
    later(29 * day)
    expect(await stateOf(visitor, 'personalisation')).toMatchObject({ state: 'refused', mayAsk: false })
    later(2 * day)
    expect(await stateOf(visitor, 'personalisation')).toMatchObject({ state: 'refused', mayAsk: true })
    expect((await listConsentHistory(services, visitor)).find(({ decision }) => decision === 'granted')?.withdrawnAt).not.toBeNull()
  })

  it('marks how far the visit has come, once', async () => {
    const [channelId, visitId, token] = [randomUUID(), randomUUID(), randomUUID().replace(/-/g, '').slice(0, 22)]
    await query(`insert into channel (channel_id, token, kind, name, state, created_at) values ($1, $2, 'scan', '柜台', 'ready', $3)`, [channelId, token, services.now()])
    await query(`insert into visit (visit_id, channel_id, namespace, open_id, place, opened_at) values ($1, $2, $3, $4, 'miniProgram', $5)`, [visitId, channelId, visitor.namespace, visitor.openId, services.now()])
    const consentedAt = async () => (await query('select consented_at from visit where visit_id = $1', [visitId])).rows[0].consented_at as Date | null
    await grantConsent(services, visitor, { policyVersion: await inForce(), purposes: ['marketing'], channelToken: token })
    expect(await consentedAt()).toBeNull()
    const at = services.now()
    await grantConsent(services, visitor, { policyVersion: await inForce(), purposes: ['membership'], channelToken: token })
    later(1000)
    await grantConsent(services, visitor, { policyVersion: await inForce(), purposes: ['membership'], channelToken: token })
    expect(await consentedAt()).toEqual(at)
    expect((await listConsentHistory(services, visitor))[0]).toMatchObject({ channelName: '柜台' })
  })
})

describe('a withdrawal', () => {
  it('cancels what is queued for marketing with it, and nothing else', async () => {
    await grant(visitor, 'membership', 'marketing')
    const personId = await becomeMember(visitor)
    const [marketing, service, foreign] = [
      await queueDelivery(personId, 'marketing'),
      await queueDelivery(personId, 'service'),
      await queueDelivery(null, 'marketing'),
    ]
    expect(await canMarket(services.db, services.policies, personId, services.now())).toBe(true)
    later(1000)
    expect(await withdrawConsent(services, visitor, ['marketing'])).toEqual({ withdrawn: ['marketing'] })
    expect(await deliveryOf(marketing)).toEqual({ state: 'cancelled', reason: '顾客已撤回营销同意' })
    expect(await deliveryOf(service)).toMatchObject({ state: 'queued' })
    expect(await deliveryOf(foreign)).toMatchObject({ state: 'queued' })
    expect(await canMarket(services.db, services.policies, personId, services.now())).toBe(false)
    expect((await stateOf(visitor, 'membership'))?.state).toBe('granted')
  })

  it('twice is once, and without the membership nothing else stands', async () => {
    await grant(visitor, 'membership', 'marketing', 'personalisation')
    const personId = await becomeMember(visitor)
    later(1000)
    expect(await getMarketingStanding(services.db, services.policies, personId, services.now())).toMatchObject({ state: 'granted' })
    expect(await withdrawConsent(services, visitor, ['membership'])).toEqual({ withdrawn: ['marketing', 'membership', 'personalisation'] })
    const withdrawnAt = (await listConsentHistory(services, visitor)).map((record) => record.withdrawnAt)
    later(1000)
    expect(await withdrawConsent(services, visitor, ['membership', 'marketing'])).toEqual({ withdrawn: [] })
    expect((await listConsentHistory(services, visitor)).map((record) => record.withdrawnAt)).toEqual(withdrawnAt)
    expect(await canMarket(services.db, services.policies, personId, services.now())).toBe(false)
    expect(await getMarketingStanding(services.db, services.policies, personId, services.now())).toMatchObject({ state: 'withdrawn' })
  })

  it('of a sensitive field deletes its answer and no other', async () => {
    const field = { key: 'allergy', label: '过敏史', type: 'text' as const, class: 'S' as const, purpose: '避免提供致敏的产品', legalBasis: 'consent' as const, retentionDays: 30, assessmentId: 'PIA-1', isRequired: false, step: 1, confirmation: 'none' as const }
    await publishForm(services, operator, { formKey: 'health', name: '健康', replaces: null, definition: { fields: [field] } })
    await grant(visitor, 'membership', 'sensitive:allergy')
    const personId = await becomeMember(visitor)
    await query(
      `insert into member_answer (member_id, field_key, value_sealed, form_version, answered_at)
       select member_id, unnest(array['allergy', 'city']), '\\x00', 'health.1', $2 from member where person_id = $1`,
      [personId, services.now()],
    )
    expect(await stateOf(visitor, 'sensitive:allergy')).toMatchObject({ state: 'granted', label: '敏感信息：过敏史' })
    later(1000)
    expect(await withdrawConsent(services, visitor, ['sensitive:allergy'])).toEqual({ withdrawn: ['sensitive:allergy'] })
    const left = await query('select field_key from member_answer join member using (member_id) where person_id = $1', [personId])
    expect(left.rows).toEqual([{ field_key: 'city' }])
  })

  it('leaves members alone who are held or have not confirmed', async () => {
    await grant(visitor, 'membership', 'marketing')
    const personId = await becomeMember(visitor)
    const mayMarket = () => canMarket(services.db, services.policies, personId, services.now())
    await query('update member set held_at = $2 where person_id = $1', [personId, services.now()])
    expect(await mayMarket()).toBe(false)
    await query('update member set held_at = null, confirmed_at = null where person_id = $1', [personId])
    expect(await mayMarket()).toBe(false)
    expect(await canMarket(services.db, services.policies, randomUUID(), services.now())).toBe(false)
  })
})

describe('a new policy version', () => {
  it('asks nobody again when it is minor and everybody when it is material; the old yes stays provable', async () => {
    await grant(visitor, 'membership', 'marketing')
    const personId = await becomeMember(visitor)
    const given = await inForce()
    later(1000)
    await nextPolicy('2026-11-a', 'minor')
    expect(await inForce()).toBe('2026-11-a')
    expect(await services.policies.needsRenewal(given, services.now())).toBe(false)
    expect(await stateOf(visitor, 'membership')).toMatchObject({ state: 'granted', isStale: false, mayAsk: false })
    await expect(grantConsent(services, visitor, { policyVersion: given, purposes: ['personalisation'] })).resolves.toMatchObject({ policyVersion: given })
    later(1000)
    const published = await nextPolicy('2026-11-b', 'material')
    expect(await services.policies.needsRenewal(given, services.now())).toBe(true)
    expect(await stateOf(visitor, 'membership')).toMatchObject({ state: 'granted', isStale: true, mayAsk: true })
    expect(await canMarket(services.db, services.policies, personId, services.now())).toBe(false)
    await expect(grantConsent(services, visitor, { policyVersion: given, purposes: ['membership'] })).rejects.toMatchObject({ code: 'consent.policyOutdated' })
    await grant(visitor, 'membership', 'marketing')
    expect(await stateOf(visitor, 'marketing')).toMatchObject({ state: 'granted', isStale: false, policyVersion: '2026-11-b' })
    const history = await listConsentHistory(services, visitor)
    expect(history.filter(({ purpose }) => purpose === 'membership').map(({ policyVersion, textHash }) => [policyVersion, textHash])).toEqual([
      ['2026-11-b', published.textHash],
      [given, policyHash(policies[0])],
    ])
    expect((await services.policies.find(given))?.sections).toEqual(policies[0].sections)
  })

  it('is refused when it replaces another one, changes nothing, or takes a name that is taken', async () => {
    const text = { title: '会员隐私政策', diffClass: 'minor' as const, summary: ['要点'], sections: [{ heading: '一', paragraphs: ['甲'] }] }
    const replaces = await inForce()
    later(1000)
    await expect(publishPolicy(services, operator, { ...text, version: 'p-1', replaces: '2026-01' })).rejects.toMatchObject({ code: 'policy.unpublishable' })
    await expect(publishPolicy(services, operator, { ...text, version: '2026-01', replaces })).rejects.toMatchObject({ code: 'policy.unpublishable' })
    const outcomes = await Promise.allSettled(['p-1', 'p-2'].map((version) => publishPolicy(services, operator, { ...text, version, replaces })))
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    await expect(publishPolicy(services, operator, { ...text, version: 'p-3', replaces: await inForce() })).rejects.toMatchObject({ code: 'policy.unpublishable' })
    expect((await listPolicies(services))[0]?.version).toBe(await inForce())
  })

  it('reaches other processes within five seconds', async () => {
    const elsewhere = createPolicyBook(services)
    const before = (await elsewhere.inForce(services.now())).version
    later(1000)
    await nextPolicy('2026-11-z', 'minor')
    expect((await elsewhere.inForce(services.now())).version).toBe(before)
    later(5000)
    expect((await elsewhere.inForce(services.now())).version).toBe('2026-11-z')
  })

  it('whose text was edited after it was published stops the start', async () => {
    await publishPolicies(services)
    await query(`update policy_version set text_hash = 'edited' where version = $1`, [policies[0].version])
    await expect(publishPolicies(services)).rejects.toThrow('edited after publication')
  })
})
