import { randomInt, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestServices, type TestServices } from '../../testing/index.ts'
import { miniProgramNamespace } from '../identity/namespaces.ts'
import { recordAttempt, type CountedFacts } from './steps.ts'

const startedAt = new Date('2026-11-20T02:00:20.000Z')

let services: TestServices
beforeAll(async () => {
  services = await createTestServices()
})
afterAll(() => services.close())
beforeEach(() => services.db.pool.query('truncate risk_counter, registration_draft'))

interface Tried {
  readonly account: string
  readonly ip: string
  readonly phone: string | null
  readonly channelToken?: string | null
  readonly formSeconds?: number
  /** Seconds after the start. */
  readonly second?: number
  /** A repeat of an attempt keeps its draft. */
  readonly draftId?: string
}

function attempt({ account, ip, phone, channelToken = 'channel', formSeconds = 9, second = 0, draftId = randomUUID() }: Tried): Promise<CountedFacts> {
  const at = new Date(startedAt.getTime() + second * 1000)
  return recordAttempt(services, {
    traces: { ip, userAgent: 'MicroMessenger/8.0 Android', namespace: miniProgramNamespace(services.env), openId: account, phone, channelToken, staffUserId: 'rep.li' },
    draft: { draftId, dataKeySealed: Buffer.from('key'), phoneSealed: phone === null ? null : Buffer.from('sealed'), formVersion: '2026-01', expiresAt: new Date(at.getTime() + 86_400_000) },
    formSeconds,
    visitId: null,
    at,
  })
}

const sorted = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)
const upTo = (last: number) => Array.from({ length: last }, (_unused, index) => index + 1)
const counters = async () => (await services.db.pool.query(`select signal, encode(key, 'hex') as key, bucket, count, fast from risk_counter order by 1, 2, 3`)).rows as object[]

describe('attempts that come at once', () => {
  it('each count themselves and whoever was before: every number once', async () => {
    const facts = await Promise.all(upTo(60).map((index) => attempt({ account: `crowd-${index}`, ip: '203.0.113.9', phone: `+8613${String(index * 7_654_321).padStart(9, '0')}`, formSeconds: index % 3 === 0 ? 1 : 9 })))
    expect(sorted(facts.map(({ ipIn10Min }) => ipIn10Min))).toEqual(upTo(60))
    expect(sorted(facts.map(({ ipInHour }) => ipInHour))).toEqual(upTo(60))
    expect(sorted(facts.map(({ channelIn10Min }) => channelIn10Min))).toEqual(upTo(60))
    const fast = facts.filter((_fact, index) => (index + 1) % 3 === 0)
    expect(sorted(fast.map(({ fastInChannelIn10Min }) => fastInChannelIn10Min))).toEqual(upTo(20))
    expect(new Set(facts.map(({ phonesOfAccountInDay, accountsOfPhoneIn30Days }) => `${phonesOfAccountInDay}-${accountsOfPhoneIn30Days}`))).toEqual(new Set(['1-1']))
  })

  it('see each other as accounts of one phone', async () => {
    const attemptOf = (index: number) => attempt({ account: `one-phone-${index}`, ip: `192.0.2.${index}`, phone: '+8613800000001' })
    // Four go as one set; of sets that go side by side, what one has not committed the other cannot see.
    const facts = await Promise.all(upTo(4).map(attemptOf))
    expect(sorted(facts.map(({ accountsOfPhoneIn30Days }) => accountsOfPhoneIn30Days))).toEqual(upTo(4))
    expect((await attemptOf(5)).accountsOfPhoneIn30Days).toBe(5)
  })

  it('of one account are one attempt when the draft is one, and two tries of it never block each other', async () => {
    const draftId = randomUUID()
    const facts = await Promise.all(upTo(8).map(() => attempt({ account: 'double-tap', ip: '198.51.100.4', phone: '+8613800000002', draftId })))
    // One that is under way beside the first may not see it yet.
    expect(Math.max(...facts.map(({ ipIn10Min }) => ipIn10Min))).toBe(1)
    expect((await attempt({ account: 'somebody-else', ip: '198.51.100.4', phone: '+8613800000003' })).ipIn10Min).toBe(2)
  })

  it('leave the same counters as one after the other, whatever they have in common', async () => {
    const seed = randomInt(2 ** 31)
    let state = seed
    const chance = (below: number) => ((state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) >>> 8) % below
    const crowd = upTo(120).map((index): Tried => ({
      account: `mixed-${index}`, ip: `203.0.${chance(3)}.${chance(4)}`, phone: chance(5) === 0 ? null : `+86138000${String(chance(30)).padStart(5, '0')}`,
      channelToken: [null, 'channel', 'other'][chance(3)] ?? null, formSeconds: chance(2) === 0 ? 1 : 20, draftId: randomUUID(),
    }))
    const byIp = (facts: readonly CountedFacts[]) => facts.map(({ ipIn10Min }, index) => `${crowd[index]?.ip} ${ipIn10Min}`).sort()
    const alone: CountedFacts[] = []
    for (const tried of crowd) alone.push(await attempt(tried))
    const expected = await counters()
    await services.db.pool.query('truncate risk_counter, registration_draft')
    const together = await Promise.all(crowd.map(attempt))
    expect(await counters(), `seed ${seed}`).toEqual(expected)
    expect(byIp(together), `seed ${seed}`).toEqual(byIp(alone))
  })
})

describe('a window of ten minutes', () => {
  it('forgets what is older, an hour does not', async () => {
    for (const second of [0, 300, 590]) await attempt({ account: `slow-${second}`, ip: '198.51.100.7', phone: null, second })
    expect(await attempt({ account: 'slow-last', ip: '198.51.100.7', phone: null, second: 660 })).toMatchObject({ ipIn10Min: 3, ipInHour: 4 })
  })

  it('counts a repeat of an attempt at its first moment only', async () => {
    const draftId = randomUUID()
    await attempt({ account: 'again', ip: '198.51.100.8', phone: null, draftId })
    expect(await attempt({ account: 'again', ip: '198.51.100.8', phone: null, draftId, second: 30 })).toMatchObject({ ipIn10Min: 1 })
    expect(await attempt({ account: 'again', ip: '198.51.100.8', phone: null, draftId, second: 900 })).toMatchObject({ ipIn10Min: 0, ipInHour: 1 })
  })
})
