import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tierFor } from './tierFor.ts'
import { tiers } from './tiers.ts'
import { tierProgress } from './tierProgress.ts'

describe('tierFor', () => {
  it.each([[-5, 'normal'], [0, 'normal'], [999, 'normal'], [1000, 'silver'], [4999, 'silver'], [5000, 'gold'], [1_000_000, 'gold']])('puts %i growth into %s', (growthValue, code) => {
    expect(tierFor(growthValue, tiers).code).toBe(code)
  })
})

describe('tierProgress', () => {
  it('says how far the next tier is', () => {
    expect(tierProgress(100)).toMatchObject({ code: 'normal', percent: 10, next: { code: 'silver', growthNeeded: 900 } })
    expect(tierProgress(3000)).toMatchObject({ code: 'silver', percent: 50, next: { code: 'gold', growthNeeded: 2000 } })
  })

  it('shows the tier that is held, with its review or the end of its grace, whatever the value says', () => {
    expect(tierProgress(200, { tier: 'silver', reviewOn: null, graceUntil: '2027-03-13' })).toMatchObject({ code: 'silver', percent: 0, graceUntil: '2027-03-13', next: { code: 'gold', growthNeeded: 4800 } })
    expect(tierProgress(1200, { tier: 'silver', reviewOn: '2027-02-10', graceUntil: null })).toMatchObject({ code: 'silver', percent: 5, reviewOn: '2027-02-10' })
    expect(tierProgress(1200, { tier: 'normal', reviewOn: null, graceUntil: null })).toMatchObject({ percent: 100, next: { growthNeeded: 0 } })
    expect(tierProgress(1200)).toMatchObject({ reviewOn: null, graceUntil: null })
  })

  it('has no next tier at the top', () => {
    expect(tierProgress(5000)).toMatchObject({ code: 'gold', percent: 100, next: null })
  })

  it('reaches the next tier exactly with the growth it asks for, and never sooner', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4999 }), (growthValue) => {
        const { next, percent } = tierProgress(growthValue)
        expect(percent).toBeLessThan(100)
        expect(tierFor(growthValue + (next?.growthNeeded ?? 0), tiers).code).toBe(next?.code)
        expect(tierFor(growthValue + (next?.growthNeeded ?? 0) - 1, tiers).code).not.toBe(next?.code)
      }),
    )
  })
})

it('counts the way by the thresholds in force', () => {
  const ladder = [{ code: 'normal', minGrowth: 0 }, { code: 'silver', minGrowth: 200 }, { code: 'gold', minGrowth: 600 }] as const
  expect(tierProgress(300, null, ladder)).toMatchObject({ code: 'silver', name: '银卡会员', next: { code: 'gold', minGrowth: 600, growthNeeded: 300 }, percent: 25 })
})
