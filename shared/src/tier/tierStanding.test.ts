import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { firstTierRules, type TierRules } from './rules.ts'
import { growthInWindow, tierStanding, type LedgerEntry } from './tierStanding.ts'

const joinedAt = '2026-01-31T04:00:00.000Z'
const versions = [firstTierRules] as const
const earn = (amount: number, day: string, time = 'T04:00:00.000Z'): LedgerEntry => ({ amount, occurredAt: `${day}${time}`, postedAt: `${day}${time}` })
const standingAt = (ledger: readonly LedgerEntry[], at: string, rules: readonly [TierRules, ...TierRules[]] = versions) => tierStanding(ledger, rules, joinedAt, at)
const kinds = (ledger: readonly LedgerEntry[], at: string) => standingAt(ledger, at).reasons.map(({ kind }) => kind)

describe('tierStanding', () => {
  it.each([[999, 'normal'], [1000, 'silver'], [4999, 'silver'], [5000, 'gold']])('puts %i growth into %s at once', (amount, tier) => {
    const at = '2026-02-01T04:00:00.000Z'
    expect(standingAt([earn(amount, '2026-02-01')], at)).toMatchObject({ tier, growthValue: amount, since: tier === 'normal' ? joinedAt : at, graceUntil: null })
  })

  it('keeps a normal member for ever', () => {
    expect(standingAt([], '2040-01-01T00:00:00.000Z')).toMatchObject({ tier: 'normal', reviewOn: null, reasons: [{ kind: 'joined', rulesVersion: '2026-01' }] })
  })

  it('counts a posting from its own instant on', () => {
    const ledger = [earn(1000, '2026-02-01')]
    expect(standingAt(ledger, '2026-02-01T03:59:59.999Z').tier).toBe('normal')
    expect(standingAt(ledger, '2026-02-01T04:00:00.000Z').tier).toBe('silver')
  })

  it('reviews silver after a year and gold after a quarter, on the day it was reached', () => {
    expect(standingAt([earn(1000, '2026-02-10')], '2026-03-01T00:00:00.000Z').reviewOn).toBe('2027-02-10')
    expect(standingAt([earn(5000, '2026-02-10')], '2026-03-01T00:00:00.000Z').reviewOn).toBe('2026-05-10')
  })

  it('takes the local day: 16:30 UTC is tomorrow in Shanghai', () => {
    expect(standingAt([earn(5000, '2026-02-10', 'T16:30:00.000Z')], '2026-03-01T00:00:00.000Z').reviewOn).toBe('2026-05-11')
    expect(standingAt([earn(5000, '2026-02-10', 'T15:59:59.999Z')], '2026-03-01T00:00:00.000Z').reviewOn).toBe('2026-05-10')
  })

  it('clamps the 31st to short months and comes back to it', () => {
    const ledger = [earn(60_000, '2026-01-31')]
    expect(standingAt(ledger, '2026-02-01T00:00:00.000Z').reviewOn).toBe('2026-04-30')
    expect(standingAt(ledger, '2026-05-01T00:00:00.000Z').reviewOn).toBe('2026-07-31')
    expect(standingAt(ledger, '2026-08-01T00:00:00.000Z').reviewOn).toBe('2026-10-31')
  })

  it('gives thirty full local days of grace after a failed review, then the tier the value supports', () => {
    const ledger = [earn(1000, '2026-02-10')]
    expect(standingAt(ledger, '2027-02-10T15:59:59.999Z')).toMatchObject({ tier: 'silver', graceUntil: null, reviewOn: '2027-02-10' })
    expect(standingAt(ledger, '2027-02-10T16:00:00.000Z')).toMatchObject({ tier: 'silver', graceUntil: '2027-03-13', reviewOn: null })
    expect(standingAt(ledger, '2027-03-12T15:59:59.999Z').tier).toBe('silver')
    expect(standingAt(ledger, '2027-03-12T16:00:00.000Z')).toMatchObject({ tier: 'normal', graceUntil: null, reviewOn: null, since: '2027-03-12T16:00:00.000Z' })
    expect(kinds(ledger, '2027-04-01T00:00:00.000Z')).toEqual(['joined', 'upgraded', 'graceStarted', 'downgraded'])
  })

  it('keeps the tier at the review when the window still holds the threshold, and not with one point less', () => {
    const with1000 = [earn(1000, '2026-02-10'), earn(1000, '2027-01-01')]
    expect(standingAt(with1000, '2027-02-11T00:00:00.000Z')).toMatchObject({ tier: 'silver', reviewOn: '2028-02-10', graceUntil: null })
    const with999 = [earn(1000, '2026-02-10'), earn(999, '2027-01-01')]
    expect(standingAt(with999, '2027-02-11T00:00:00.000Z')).toMatchObject({ tier: 'silver', graceUntil: '2027-03-13' })
  })

  it('ends the grace at the very posting that reaches the threshold again, and opens a new period', () => {
    const ledger = [earn(1000, '2026-02-10'), earn(400, '2027-02-20'), earn(600, '2027-03-01')]
    expect(standingAt(ledger, '2027-02-25T00:00:00.000Z').graceUntil).toBe('2027-03-13')
    expect(standingAt(ledger, '2027-03-01T04:00:00.000Z')).toMatchObject({ tier: 'silver', graceUntil: null, reviewOn: '2028-03-01', since: '2026-02-10T04:00:00.000Z' })
    expect(kinds(ledger, '2027-03-01T04:00:00.000Z')).toEqual(['joined', 'upgraded', 'graceStarted', 'graceEnded'])
  })

  it('moves up from grace at once', () => {
    const ledger = [earn(1000, '2026-02-10'), earn(5000, '2027-02-20')]
    expect(standingAt(ledger, '2027-02-20T04:00:00.000Z')).toMatchObject({ tier: 'gold', graceUntil: null, reviewOn: '2027-05-20' })
  })

  it('drops gold to silver when the value supports silver, and reviews silver a year later', () => {
    const ledger = [earn(5000, '2026-02-10'), earn(2000, '2026-12-01')]
    expect(standingAt(ledger, '2027-03-13T00:00:00.000Z')).toMatchObject({ tier: 'silver', reviewOn: '2028-03-13', since: '2027-03-12T16:00:00.000Z' })
  })

  it('drops one step at most when the rules say so, and is reviewed again from there', () => {
    const gentle: TierRules = { ...firstTierRules, maxStepsDown: 1 }
    const ledger = [earn(5000, '2026-02-10')]
    expect(standingAt(ledger, '2027-03-13T00:00:00.000Z', [gentle]).tier).toBe('silver')
    expect(standingAt(ledger, '2027-03-13T00:00:00.000Z').tier).toBe('normal')
    const fromSilver = [earn(1000, '2026-02-10')]
    expect(standingAt(fromSilver, '2027-03-13T00:00:00.000Z', [gentle]).tier).toBe('normal')
  })

  it('lets a refund wait for the review', () => {
    const bought = earn(1000, '2026-02-10')
    const refund: LedgerEntry = { amount: -1000, occurredAt: bought.occurredAt, postedAt: '2026-03-01T00:00:00.000Z' }
    expect(standingAt([bought, refund], '2026-12-31T00:00:00.000Z')).toMatchObject({ tier: 'silver', growthValue: 0 })
    expect(standingAt([bought, refund], '2027-02-11T00:00:00.000Z').graceUntil).toBe('2027-03-13')
  })

  it('knows nothing of an entry before it is posted, and counts it by its business time', () => {
    const late: LedgerEntry = { amount: 1000, occurredAt: '2026-02-01T00:00:00.000Z', postedAt: '2026-06-01T00:00:00.000Z' }
    expect(standingAt([late], '2026-05-31T00:00:00.000Z')).toMatchObject({ tier: 'normal', growthValue: 0 })
    expect(standingAt([late], '2026-06-01T00:00:00.000Z')).toMatchObject({ tier: 'silver', since: '2026-06-01T00:00:00.000Z' })
    expect(standingAt([late], '2027-02-01T00:00:00.000Z').growthValue).toBe(0)
  })

  it('counts the last twelve months: the instant a year ago is out, one millisecond later is in', () => {
    const ledger = [earn(10, '2026-02-01')]
    expect(standingAt(ledger, '2027-02-01T03:59:59.999Z').growthValue).toBe(10)
    expect(standingAt(ledger, '2027-02-01T04:00:00.000Z').growthValue).toBe(0)
  })

  it('lets no business time in the future count before it has come', () => {
    const early: LedgerEntry = { amount: 1000, occurredAt: '2026-06-01T00:00:00.000Z', postedAt: '2026-02-01T00:00:00.000Z' }
    expect(standingAt([early], '2026-05-31T23:59:59.999Z').growthValue).toBe(0)
    expect(standingAt([early], '2026-06-01T00:00:00.000Z').growthValue).toBe(1000)
  })

  it('takes entries posted before the membership as posted with it', () => {
    expect(standingAt([earn(1000, '2026-01-01')], joinedAt)).toMatchObject({ tier: 'silver', since: joinedAt })
  })

  it('counts a posting at the midnight of a review before the review', () => {
    const ledger = [earn(1000, '2026-02-10'), earn(1000, '2027-02-10', 'T16:00:00.000Z')]
    expect(standingAt(ledger, '2027-02-10T16:00:00.000Z')).toMatchObject({ graceUntil: null, reviewOn: '2028-02-10' })
  })

  it('moves up at a review or at the end of a grace when a deduction has left the window', () => {
    const minus: LedgerEntry = { amount: -4500, occurredAt: '2026-02-11T00:00:00.000Z', postedAt: '2026-02-11T00:00:00.000Z' }
    const review = [earn(5000, '2026-02-10'), minus, earn(4500, '2026-03-15'), earn(600, '2027-02-01')]
    expect(standingAt(review, '2027-02-12T00:00:00.000Z').growthValue).toBe(5100)
    const inGrace = [earn(1000, '2026-02-10'), { ...minus, amount: -2000, occurredAt: '2026-03-01T00:00:00.000Z', postedAt: '2026-03-01T00:00:00.000Z' }, earn(2500, '2026-03-20')]
    expect(kinds(inGrace, '2027-03-13T00:00:00.000Z')).toEqual(['joined', 'upgraded', 'graceStarted', 'graceEnded'])
    const risen = [earn(1000, '2026-02-10'), { ...minus, amount: -5000, occurredAt: '2026-03-01T00:00:00.000Z', postedAt: '2026-03-01T00:00:00.000Z' }, earn(5500, '2026-03-20')]
    expect(standingAt(risen, '2027-03-13T00:00:00.000Z')).toMatchObject({ tier: 'gold', since: '2027-03-12T16:00:00.000Z', reviewOn: '2027-06-13', reasons: [{}, {}, { kind: 'graceStarted' }, { kind: 'upgraded' }] })
    const risenBefore = [earn(1000, '2026-02-10'), { ...minus, amount: -5000, occurredAt: '2026-02-09T00:00:00.000Z', postedAt: '2026-02-10T05:00:00.000Z' }, earn(5500, '2026-03-05')]
    expect(kinds(risenBefore, '2027-02-11T00:00:00.000Z')).toEqual(['joined', 'upgraded', 'upgraded'])
  })

  it('lets new rules decide from their day on, and leaves a fixed review where it is', () => {
    const stricter: TierRules = { ...firstTierRules, version: '2026-07', effectiveFrom: '2026-07-01T00:00:00.000Z', ladder: [firstTierRules.ladder[0], { code: 'silver', minGrowth: 2000, reviewMonths: 3 }, { code: 'gold', minGrowth: 9000, reviewMonths: 3 }] }
    const both = [firstTierRules, stricter] as const
    const ledger = [earn(1500, '2026-02-10')]
    expect(standingAt(ledger, '2026-08-01T00:00:00.000Z', both)).toMatchObject({ tier: 'silver', reviewOn: '2027-02-10' })
    expect(standingAt([earn(1500, '2026-07-02')], '2026-08-01T00:00:00.000Z', both).tier).toBe('normal')
    expect(standingAt([...ledger, earn(2000, '2026-12-31')], '2027-02-11T00:00:00.000Z', both)).toMatchObject({ reviewOn: '2027-05-10', reasons: [{}, {}, { kind: 'kept', rulesVersion: '2026-07' }] })
  })

  it('does not depend on the order of the entries', () => {
    fc.assert(
      fc.property(fc.array(anyEntry, { maxLength: 12 }), fc.func(fc.integer()), (ledger, rank) => {
        const shuffled = [...ledger].sort((one, two) => rank(one) - rank(two))
        expect(standingAt(shuffled, '2027-12-31T00:00:00.000Z')).toEqual(standingAt(ledger, '2027-12-31T00:00:00.000Z'))
      }),
    )
  })

  it('equals a naive day-by-day recomputation on 1,000 random ledgers over 400 days', () => {
    fc.assert(
      fc.property(fc.array(anyEntry, { maxLength: 14 }), fc.constantFrom(null, 1), (ledger, maxStepsDown) => {
        const rules = { ...firstTierRules, maxStepsDown, ladder: shortLadder }
        const naive = naiveDays(ledger, rules, 400)
        const { reasons } = tierStanding(ledger, [rules], joinedAt, endOfDay(400))
        let told = 0
        const days = naive.map((_, day) => {
          while ((reasons[told]?.at ?? 'z') <= (dayEnds[day] ?? '')) told += 1
          const last = reasons[told - 1]
          return { tier: last?.tier, isInGrace: last?.kind === 'graceStarted' }
        })
        expect(days).toEqual(naive.map(({ tier, isInGrace }) => ({ tier, isInGrace })))
        for (const day of [30, 199, 400]) expect(growthInWindow(ledger, endOfDay(day), 12)).toBe(naive[day]?.growthValue())
      }),
      { numRuns: 1000 },
    )
  })

  it('never takes a tier away without thirty full days of grace before', () => {
    fc.assert(
      fc.property(fc.array(anyEntry, { maxLength: 14 }), (ledger) => {
        const { reasons } = tierStanding(ledger, [{ ...firstTierRules, ladder: shortLadder }], joinedAt, '2028-06-01T00:00:00.000Z')
        reasons.forEach(({ kind, at }, index) => {
          if (kind !== 'downgraded') return
          const before = reasons[index - 1]
          expect(before?.kind).toBe('graceStarted')
          expect(Date.parse(at) - Date.parse(before?.at ?? '')).toBe(30 * dayMs)
        })
      }),
    )
  })
})

const dayMs = 86_400_000
/** Shorter periods than the real ones, so that 400 days see many reviews. */
const shortLadder: TierRules['ladder'] = [
  { code: 'normal', minGrowth: 0, reviewMonths: null },
  { code: 'silver', minGrowth: 1000, reviewMonths: 3 },
  { code: 'gold', minGrowth: 5000, reviewMonths: 1 },
]
const start = Date.parse('2026-01-31T04:00:00.000Z')
const endOfDay = (day: number) => new Date(Date.parse('2026-01-31T15:59:59.999Z') + day * dayMs).toISOString()
const dayEnds = Array.from({ length: 401 }, (_, day) => endOfDay(day))
const anyEntry = fc
  .record({ amount: fc.oneof(fc.integer({ min: 1, max: 3000 }), fc.constantFrom(1, 999, 1000, 4000, 5000), fc.integer({ min: -3000, max: -1 })), minute: fc.integer({ min: 0, max: 400 * 1440 }), lateDays: fc.constantFrom(0, 0, 0, 3, 40) })
  .map(({ amount, minute, lateDays }): LedgerEntry => {
    const postedAt = start + minute * 60_000
    return { amount, occurredAt: new Date(Math.max(start, postedAt - lateDays * dayMs)).toISOString(), postedAt: new Date(postedAt).toISOString() }
  })

interface NaiveDay {
  readonly tier: string
  readonly isInGrace: boolean
  readonly growthValue: () => number
}

/** The same rules written down again, one day after the other, with plain numbers and no calendar library. */
function naiveDays(ledger: readonly LedgerEntry[], rules: TierRules, count: number): NaiveDay[] {
  const shanghai = (ms: number) => new Date(ms + 8 * 3_600_000)
  const monthsLater = (ms: number, months: number): number => {
    const local = shanghai(ms)
    const lastDay = new Date(Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + months + 1, 0)).getUTCDate()
    const moved = Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + months, Math.min(local.getUTCDate(), lastDay))
    return moved + (ms + 8 * 3_600_000 - Math.floor((ms + 8 * 3_600_000) / dayMs) * dayMs) - 8 * 3_600_000
  }
  const midnightOf = (ms: number) => Math.floor((ms + 8 * 3_600_000) / dayMs) * dayMs - 8 * 3_600_000
  const lines = ledger.map(({ amount, occurredAt, postedAt }) => ({ amount, occurred: Date.parse(occurredAt), posted: Date.parse(postedAt) }))
  const valueAt = (ms: number) => {
    const yearAgo = monthsLater(ms, -12)
    return lines.filter(({ occurred, posted }) => posted <= ms && occurred <= ms && occurred > yearAgo).reduce((sum, { amount }) => sum + amount, 0)
  }
  const supports = (value: number) => rules.ladder.filter(({ minGrowth }) => value >= minGrowth).length - 1
  let step = 0
  let anchor = midnightOf(start)
  let passed = 0
  let graceDaysLeft: number | null = null
  const renew = (ms: number) => {
    anchor = midnightOf(ms)
    passed = 0
    graceDaysLeft = null
  }
  const look = (ms: number) => {
    const now = Math.max(0, supports(valueAt(ms)))
    if (now > step || (graceDaysLeft !== null && now === step)) {
      step = now
      renew(ms)
    }
    return now
  }
  const midnight = (ms: number) => {
    if (graceDaysLeft !== null) {
      graceDaysLeft -= 1
      if (graceDaysLeft > 0) return
      const now = look(ms)
      if (now < step) {
        step = rules.maxStepsDown === null ? now : Math.max(now, step - rules.maxStepsDown)
        renew(ms)
      }
      return
    }
    const months = rules.ladder[step]?.reviewMonths ?? null
    if (months === null || monthsLater(anchor, months * (passed + 1)) + dayMs !== ms) return
    const now = Math.max(0, supports(valueAt(ms)))
    if (now === step) passed += 1
    else if (now > step) look(ms)
    else graceDaysLeft = rules.graceDays
  }
  const days: NaiveDay[] = []
  for (let day = 0; day <= count; day += 1) {
    const from = midnightOf(start) + day * dayMs
    const posted = lines.map((line) => line.posted).filter((ms) => ms >= from && ms < from + dayMs)
    for (const ms of posted.filter((one) => one === from)) look(ms)
    if (day > 0) midnight(from)
    for (const ms of posted.filter((one) => one !== from).sort((a, b) => a - b)) look(ms)
    days.push({ tier: rules.ladder[step]?.code ?? '', isInGrace: graceDaysLeft !== null, growthValue: () => valueAt(from + dayMs - 1) })
  }
  return days
}
