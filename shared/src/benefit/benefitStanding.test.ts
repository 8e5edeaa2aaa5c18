import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays, addMonths } from '../tier/calendar.ts'
import type { TierCode } from '../tier/types.ts'
import { benefitStanding } from './benefitStanding.ts'
import { benefitRulesAt, firstBenefitRules, unlockDay } from './rules.ts'
import type { BenefitGrant, BenefitPeriod } from './types.ts'

const start = '2026-03-01'
const codes = (steps: readonly { readonly benefit: { readonly code: string } }[]) => steps.map(({ benefit }) => benefit.code)
const grant = (benefit: string, grantedOn: string, more: Partial<BenefitGrant> = {}): BenefitGrant => ({ benefit, grantedOn, periodOn: grantedOn, isEnded: false, ...more })
const on = (tier: TierCode, today: string, grants: readonly BenefitGrant[] = [], startedOn = start) => benefitStanding(firstBenefitRules, { tier, startedOn }, today, grants)

/** What somebody has been given at the end of a walk through days: each day the rule decides and is obeyed. */
function live(periods: readonly { readonly tier: TierCode; readonly days: number }[]) {
  const grants: (BenefitGrant & { tier: TierCode })[] = []
  let today = start
  for (const { tier, days } of periods) {
    const period: BenefitPeriod = { tier, startedOn: today }
    for (let passed = 0; passed < days; passed += 1, today = addDays(today, 1)) {
      const { due, ending } = benefitStanding(firstBenefitRules, period, today, grants)
      for (const [index, given] of grants.entries()) if (!given.isEnded && ending.includes(given.benefit)) grants[index] = { ...given, isEnded: true }
      for (const { benefit } of due) grants.push({ benefit: benefit.code, grantedOn: today, periodOn: period.startedOn, isEnded: false, tier })
      expect(benefitStanding(firstBenefitRules, period, today, grants)).toMatchObject({ due: [], ending: [] })
    }
  }
  return { grants, today }
}

describe('benefitStanding', () => {
  it('unlocks silver in steps: the day itself, the day after, a week later', () => {
    const dayZero = on('silver', start)
    expect(codes(dayZero.due)).toEqual(['tierBadge', 'memberPrice', 'birthday', 'onlineService'])
    expect(dayZero.next.map(({ benefit, unlocksOn }) => [benefit.code, unlocksOn])).toEqual([['silverCoupon', '2026-03-02'], ['adviser', '2026-03-08']])
    expect(codes(on('silver', '2026-03-02').due)).toContain('silverCoupon')
    expect(codes(on('silver', '2026-03-07').due)).not.toContain('adviser')
    expect(codes(on('silver', '2026-03-08').due)).toContain('adviser')
  })

  it('opens the service channel of gold on its first day', () => {
    expect(codes(on('gold', start).due)).toEqual(['greenChannel', 'adviser', 'tierBadge', 'memberPrice', 'birthday', 'onlineService'])
  })

  it('carries what is held into a new period at once, without its waiting again', () => {
    const held = [grant('adviser', '2026-01-01')]
    const standing = on('silver', start, held)
    expect(standing.held.map(({ benefit, since }) => [benefit.code, since])).toEqual([['adviser', '2026-01-01']])
    expect(codes([...standing.due, ...standing.next])).not.toContain('adviser')
  })

  it('ends what a lower tier does not carry, and nothing that has ended before', () => {
    expect(on('normal', start, [grant('adviser', '2026-01-01'), grant('memberPrice', '2026-01-01'), grant('greenChannel', '2026-01-01', { isEnded: true })]).ending).toEqual(['adviser'])
  })

  it('waits for the day again when a benefit was lost in between', () => {
    const lost = [grant('adviser', '2026-01-01', { isEnded: true })]
    expect(codes(on('silver', start, lost).next)).toContain('adviser')
  })

  it('gives no coupon again before its months are over, to the day', () => {
    const given = [grant('silverCoupon', '2025-03-10')]
    expect(codes(on('silver', '2026-03-09', given).due)).not.toContain('silverCoupon')
    expect(codes(on('silver', '2026-03-10', given).due)).toContain('silverCoupon')
    expect(codes(on('silver', start, [grant('silverCoupon', '2025-03-01')]).next)).toContain('silverCoupon')
    expect(codes(on('silver', start, [grant('silverCoupon', '2025-03-03')]).next)).not.toContain('silverCoupon')
  })

  it('gives a coupon once in a period however long it is', () => {
    expect(codes(on('silver', '2028-03-01', [grant('silverCoupon', '2026-03-02', { periodOn: start })]).due)).not.toContain('silverCoupon')
  })

  it('gives the silver coupon once on the way from silver to gold', () => {
    const { grants } = live([{ tier: 'silver', days: 5 }, { tier: 'gold', days: 40 }])
    expect(grants.filter(({ benefit }) => benefit === 'silverCoupon')).toHaveLength(1)
    expect(grants.filter(({ benefit }) => benefit === 'goldCoupon')).toHaveLength(1)
  })

  it('holds over random histories: each step once per period, never before its day, nothing the tier does not carry', () => {
    const periods = fc.array(fc.record({ tier: fc.constantFrom<TierCode>('normal', 'silver', 'gold'), days: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max: 15 }) }, { weight: 1, arbitrary: fc.integer({ min: 90, max: 370 }) }) }), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(periods, (history) => {
        const { grants, today } = live(history)
        const keys = grants.map(({ benefit, periodOn }) => `${benefit} ${periodOn}`)
        expect(new Set(keys).size).toBe(keys.length)
        for (const { benefit, periodOn, grantedOn, tier } of grants) {
          const rule = firstBenefitRules.benefits.find(({ code }) => code === benefit)
          const day = rule ? unlockDay(rule, tier) : null
          expect(day).not.toBeNull()
          expect(grantedOn >= addDays(periodOn, day ?? 0)).toBe(true)
        }
        for (const { code, coupon } of firstBenefitRules.benefits) {
          if (coupon === undefined) continue
          const days = grants.filter(({ benefit }) => benefit === code).map(({ grantedOn }) => grantedOn)
          days.slice(1).forEach((day, index) => expect(day >= addMonths(days[index] ?? '', coupon.repeatMonths)).toBe(true))
        }
        const last = history.at(-1)
        const open = grants.filter(({ isEnded }) => !isEnded).map(({ benefit }) => benefit)
        const carried = firstBenefitRules.benefits.filter((benefit) => last !== undefined && unlockDay(benefit, last.tier) !== null).map(({ code }) => code)
        expect(open.filter((code) => !carried.includes(code))).toEqual([])
        expect(today > start).toBe(true)
      }),
      { numRuns: 40 },
    )
  })
})

describe('the benefits a new installation starts with', () => {
  it('never take away on the way up, and never unlock later in a higher tier', () => {
    for (const benefit of firstBenefitRules.benefits) {
      const [normal, silver, gold] = (['normal', 'silver', 'gold'] as const).map((tier) => unlockDay(benefit, tier))
      if (normal !== null) expect(silver).toBeLessThanOrEqual(normal ?? 0)
      if (silver !== null) expect(gold).toBeLessThanOrEqual(silver ?? 0)
    }
  })

  it('name each benefit once, and terms exactly for coupons', () => {
    expect(new Set(firstBenefitRules.benefits.map(({ code }) => code)).size).toBe(firstBenefitRules.benefits.length)
    for (const { kind, coupon } of firstBenefitRules.benefits) expect(coupon !== undefined).toBe(kind === 'coupon')
  })

  it('give way to a later version from its first instant on', () => {
    const later = { ...firstBenefitRules, version: 'later', effectiveFrom: '2026-07-01T00:00:00.000Z' }
    expect(benefitRulesAt([firstBenefitRules, later], '2026-06-30T23:59:59.999Z').version).toBe('2026-01')
    expect(benefitRulesAt([firstBenefitRules, later], '2026-07-01T00:00:00.000Z').version).toBe('later')
    expect(benefitRulesAt([later], '2020-01-01T00:00:00.000Z').version).toBe('later')
  })
})
