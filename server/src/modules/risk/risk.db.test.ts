import { randomInt, randomUUID } from 'node:crypto'
import type { BodyOf } from '@qihui/shared/http'
import type { createRiskAllowance as createRiskAllowanceContract } from '@qihui/shared/risk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { staffWithoutSession, type MemberActor } from '../../http/actor.ts'
import { createTestServices, type TestServices } from '../../testing/index.ts'
import { grantConsent } from '../consent/commands.ts'
import { miniProgramNamespace } from '../identity/namespaces.ts'
import { registrationDoor } from '../registration/registrationDoor.ts'
import { recordVisit } from '../registration/visits.ts'
import { createRiskAllowance, reviewRiskDecision } from './commands.ts'
import { listRiskAllowances, listRiskDecisions } from './queries.ts'

const operator = staffWithoutSession('manager.wu', '吴敏', true)
const token = 'riskriskriskriskriskri'
const channelId = randomUUID()
const startedAt = new Date('2026-11-20T02:00:00.000Z')

let services: TestServices
let register: ReturnType<typeof registrationDoor>
beforeAll(async () => {
  services = await createTestServices()
  // The code is the number: what WeChat would answer, without WeChat.
  const wechat = { ...services.wechat, phoneOfCode: async (code: string) => ({ phoneNumber: code, countryCode: '86' }) }
  register = registrationDoor({ ...services, wechat })
  await services.db.pool.query(`insert into channel (channel_id, token, kind, name, state, created_at) values ($1, $2, 'scan', '展会', 'ready', now())`, [channelId, token])
})
afterAll(() => services.close())

/** A generator anybody can repeat from its seed (mulberry32). */
function chanceFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

interface Visitor {
  readonly isBot: boolean
  readonly phone: string
  readonly formSeconds: number
  /** Seconds after the start. */
  readonly at: number
}

let visitors = 0
type Outcome = 'allowed' | 'held' | 'denied'

async function visit({ phone, formSeconds, at }: Visitor, ip: string): Promise<Outcome> {
  visitors += 1
  const actor: MemberActor = { kind: 'member', sessionId: randomUUID(), namespace: miniProgramNamespace(services.env), openId: `o-risk-${visitors}`, unionId: null, externalUserId: null }
  services.clock.at = new Date(startedAt.getTime() + at * 1000 - formSeconds * 1000)
  const visitId = randomUUID()
  await recordVisit(services, actor, { channelToken: token, visitId })
  const { consentIds } = await grantConsent(services, actor, { policyVersion: '2026-01', purposes: ['membership'], channelToken: token })
  services.clock.at = new Date(startedAt.getTime() + at * 1000)
  const body = { phoneCode: phone, consentIds, policyVersion: '2026-01', formVersion: '2026-01', channelToken: token, answers: {}, confirmed: {}, visitId }
  try {
    const { member } = await register({ actor, body, call: { scope: actor.openId, key: randomUUID(), requestHash: Buffer.from('r') }, ip, userAgent: 'MicroMessenger/8.0 Android' })
    return member.isHeld ? 'held' : 'allowed'
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'risk.denied') return 'denied'
    throw error
  }
}

describe('500 registrations in ten minutes from one address', () => {
  it('holds the machines and denies no person', async () => {
    const seed = randomInt(2 ** 31)
    console.info(`risk crowd: seed ${seed}`)
    const chance = chanceFrom(seed)
    const crowd: Visitor[] = [
      ...Array.from({ length: 300 }, (_unused, index) => ({ isBot: true, phone: `1701234${String(index).padStart(4, '0')}`, formSeconds: 0.2 + chance() * 2.5, at: chance() * 600 })),
      ...Array.from({ length: 200 }, () => ({ isBot: false, phone: `1${3 + Math.floor(chance() * 6)}${String(Math.floor(chance() * 1e9)).padStart(9, '0')}`, formSeconds: 4 + chance() * 56, at: chance() * 600 })),
    ].sort((a, b) => a.at - b.at)
    const outcomes: { readonly isBot: boolean; readonly outcome: Outcome }[] = []
    for (const visitor of crowd) outcomes.push({ isBot: visitor.isBot, outcome: await visit(visitor, '203.0.113.77') })
    const share = (isBot: boolean, wanted: readonly Outcome[]) => outcomes.filter((each) => each.isBot === isBot && wanted.includes(each.outcome)).length / outcomes.filter((each) => each.isBot === isBot).length
    expect(share(true, ['held', 'denied']), `seed ${seed}`).toBeGreaterThanOrEqual(0.95)
    expect(share(false, ['denied']), `seed ${seed}`).toBeLessThanOrEqual(0.01)
    const byAddressAlone = await services.db.pool.query(`select 1 from risk_decision where outcome = 'deny' and reasons <@ (select array_agg(r) from unnest(reasons) as r where r like '同一网络%' or r like '相邻网段%')`)
    expect(byAddressAlone.rowCount, `seed ${seed}`).toBe(0)
    const { decisions, alarms } = await listRiskDecisions(services, true)
    expect(decisions.length).toBeGreaterThan(280)
    expect(decisions.every(({ reasons, memberNo, phoneMasked }) => reasons.length > 0 && memberNo !== null && phoneMasked?.includes('****'))).toBe(true)
    expect(alarms.filter(({ message }) => message.startsWith('同一号段'))).toHaveLength(1)
    const said = JSON.stringify({ decisions, alarms })
    expect(said).not.toContain('203.0.113')
    expect(said).not.toContain('1701234')
  }, 120_000)

  it('keeps no address, phone or openid in a counter', async () => {
    const { rows } = await services.db.pool.query(`select 1 from risk_counter where encode(key, 'escape') like '%203.0.113%' or encode(key, 'escape') like '%1701234%'`)
    expect(rows).toEqual([])
  })
})

describe('a held member', () => {
  const heldMember = async () => (await services.db.pool.query<{ decision_id: string; member_id: string }>('select decision_id, member_id from risk_decision where verdict is null order by at limit 1')).rows[0]
  const state = async (memberId: string | undefined) => (await services.db.pool.query('select held_at is not null as held, growth_value as growth, (select coalesce(sum(amount), 0)::int from growth_entry e where e.member_id = m.member_id) as ledger from member m where member_id = $1', [memberId])).rows[0]

  it('waits without growth, gets it with the release, and loses it when that is taken back; twice is once', async () => {
    services.clock.at = new Date(startedAt.getTime() + 3_600_000)
    const found = await heldMember()
    const review = (verdict: 'released' | 'confirmed') => reviewRiskDecision(services, operator, { decisionId: found?.decision_id ?? '', verdict, requestId: 'r' })
    expect(await state(found?.member_id)).toEqual({ held: true, growth: 0, ledger: 0 })
    for (let time = 0; time < 2; time += 1) {
      expect(await review('released')).toMatchObject({ verdict: 'released', reviewedBy: 'manager.wu' })
      expect(await state(found?.member_id)).toEqual({ held: false, growth: 100, ledger: 100 })
    }
    services.clock.at = new Date(services.clock.at.getTime() + 60_000)
    await review('confirmed')
    expect(await state(found?.member_id)).toEqual({ held: true, growth: 0, ledger: 0 })
    services.clock.at = new Date(services.clock.at.getTime() + 60_000)
    await review('released')
    expect(await state(found?.member_id)).toEqual({ held: false, growth: 100, ledger: 100 })
    const audited = await services.db.pool.query(`select action from audit_entry where subject = $1 order by at`, [`riskDecision:${found?.decision_id}`])
    expect(audited.rows.map(({ action }) => action as string)).toEqual(['riskDecision.released', 'riskDecision.confirmed', 'riskDecision.released'])
  })

  it('is not found under another id', async () => {
    await expect(reviewRiskDecision(services, operator, { decisionId: randomUUID(), verdict: 'released', requestId: 'r' })).rejects.toMatchObject({ code: 'request.notFound' })
  })
})

describe('an allowance', () => {
  const input: BodyOf<typeof createRiskAllowanceContract> = { name: '周年庆', channelId, maxPerTenMinutes: 400, from: '2026-11-21T00:00:00.000Z', until: '2026-11-21T12:00:00.000Z' }

  it('raises the limits of its channel while it lasts, and ends by itself', async () => {
    await createRiskAllowance(services, operator, input)
    expect(await listRiskAllowances(services)).toMatchObject([{ name: '周年庆', createdBy: 'manager.wu' }])
    const chance = chanceFrom(7)
    const crowd = (startSeconds: number) => Array.from({ length: 30 }, (_unused, index) => ({ isBot: false, phone: `1${3 + (index % 6)}${String(Math.floor(chance() * 1e9)).padStart(9, '0')}`, formSeconds: 8, at: startSeconds + index }))
    const eventStart = (Date.parse('2026-11-21T01:00:00.000Z') - startedAt.getTime()) / 1000
    for (const visitor of crowd(eventStart)) expect(await visit(visitor, '198.51.100.7')).toBe('allowed')
    const afterwards: Outcome[] = []
    for (const visitor of crowd(eventStart + 12 * 3600)) afterwards.push(await visit(visitor, '198.51.100.7'))
    expect(afterwards.filter((outcome) => outcome === 'held')).toHaveLength(10)
  })

  it('belongs to a channel that exists, and ends after it begins', async () => {
    await expect(createRiskAllowance(services, operator, { ...input, channelId: randomUUID() })).rejects.toMatchObject({ code: 'channel.notFound' })
    await expect(createRiskAllowance(services, operator, { ...input, until: input.from })).rejects.toMatchObject({ code: 'request.invalid' })
  })
})

describe('one account', () => {
  it('is denied with its fourth phone of a day only when something else speaks against it', async () => {
    const day = (Date.parse('2026-11-25T01:00:00.000Z') - startedAt.getTime()) / 1000
    const actor: MemberActor = { kind: 'member', sessionId: randomUUID(), namespace: miniProgramNamespace(services.env), openId: 'o-many-phones', unionId: null, externalUserId: null }
    const tryPhone = async (number: number, ip: string) => {
      services.clock.at = new Date(startedAt.getTime() + (day + number) * 1000)
      const { consentIds } = await grantConsent(services, actor, { policyVersion: '2026-01', purposes: ['membership'] })
      const body = { phoneCode: `1380000${1000 + number * 1111}`, consentIds, policyVersion: '2026-01', formVersion: '2026-01', answers: {}, confirmed: {} }
      const call = { scope: actor.openId, key: randomUUID(), requestHash: Buffer.from('r') }
      const outcome = await register({ actor, body, call, ip, userAgent: '' }).then(({ member }) => (member.isHeld ? 'held' : 'allowed'), () => 'denied')
      // As if each attempt had been broken off: neither member nor draft is left of it.
      await services.db.pool.query(`delete from registration_draft where open_id = $1`, [actor.openId])
      await services.db.pool.query(`update identifier set value = gen_random_uuid()::text where value = $1`, [actor.openId])
      return outcome
    }
    expect([await tryPhone(1, '192.0.2.10'), await tryPhone(2, '192.0.2.10'), await tryPhone(3, '192.0.2.10')]).toEqual(['allowed', 'allowed', 'allowed'])
    expect(await tryPhone(4, '192.0.2.10')).toBe('held')
    for (let other = 0; other < 21; other += 1) await visit({ isBot: false, phone: `15${other % 10}${String(other * 7_654_321).padStart(8, '0').slice(0, 8)}`, formSeconds: 9, at: day + 10 }, '192.0.2.66')
    expect(await tryPhone(20, '192.0.2.66')).toBe('denied')
    const [decision] = (await listRiskDecisions(services, true)).decisions
    expect(decision).toMatchObject({ outcome: 'deny', memberNo: null })
    expect(await tryPhone(21, '192.0.2.200')).toBe('denied')
    await reviewRiskDecision(services, operator, { decisionId: decision?.decisionId ?? '', verdict: 'released', requestId: 'r' })
    expect(await tryPhone(22, '192.0.2.200')).toBe('allowed')
  })
})
