import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { growthForInteraction, growthForOrder, growthToReverse } from './awards.ts'
import { firstGrowthRules, type GrowthRulesDefinition } from './rules.ts'

const orderRule = fc
  .record({ points: fc.integer({ min: 1, max: 10_000 }), perFen: fc.integer({ min: 1, max: 1_000_000 }) })
  .filter(({ points, perFen }) => points <= perFen)
  .map((order) => ({ order }))
const amount = fc.integer({ min: 1, max: 100_000_000 })

describe('growthForOrder', () => {
  it.each([
    [1, 100, 99, 0],
    [1, 100, 100, 1],
    [1, 100, 89_950, 899],
    [3, 200, 199, 2],
    [3, 200, 200, 3],
    [10_000, 1_000_000, 100_000_000, 1_000_000],
  ])('%i points for %i fen make of %i fen %i growth, rounded down', (points, perFen, fen, growth) => {
    expect(growthForOrder({ order: { points, perFen } }, fen)).toBe(growth)
  })

  it('never gives less for more, nor more than one a fen', () => {
    fc.assert(
      fc.property(orderRule, amount, amount, (rules, one, other) => {
        const [less, more] = one < other ? [one, other] : [other, one]
        expect(growthForOrder(rules, less)).toBeLessThanOrEqual(growthForOrder(rules, more))
        expect(growthForOrder(rules, more)).toBeLessThanOrEqual(more)
      }),
    )
  })
})

describe('growthToReverse', () => {
  it('takes back, over any number of partial refunds, never more than was earned and all of it at the end', () => {
    fc.assert(
      fc.property(orderRule, amount, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 }), (rules, paidFen, shares) => {
        const earned = growthForOrder(rules, paidFen)
        let refundedFen = 0
        let growthLeft = earned
        for (const refundFen of [...shares.map((share) => Math.floor((paidFen - refundedFen) * share)), Number.POSITIVE_INFINITY]) {
          const refund = Math.min(refundFen, paidFen - refundedFen)
          const taken = growthToReverse(rules, { paidFen, refundedFen, growthLeft }, refund)
          expect(taken).toBeGreaterThanOrEqual(0)
          refundedFen += refund
          growthLeft -= taken
          expect(growthLeft).toBe(growthForOrder(rules, paidFen - refundedFen))
        }
        expect(growthLeft).toBe(0)
      }),
    )
  })

  it('takes nothing below zero from a refund that is more than what is left', () => {
    expect(growthToReverse(firstGrowthRules, { paidFen: 1000, refundedFen: 900, growthLeft: 1 }, 5000)).toBe(1)
  })
})

const rulesWith = (interactions: Partial<GrowthRulesDefinition['interactions']>) => ({ interactions: { ...firstGrowthRules.interactions, ...interactions } })

describe('growthForInteraction', () => {
  it('gives nothing while its source is off', () => {
    expect(growthForInteraction(firstGrowthRules, 'chatDay', { onDay: 0, inMonth: 0 })).toBe(0)
    expect(growthForInteraction(firstGrowthRules, 'documentView', { onDay: 0, inMonth: 0 })).toBe(0)
  })

  it.each([
    [0, 0, 5],
    [1, 1, 0],
    [0, 9, 5],
    [0, 10, 0],
  ])('a chat counts once a day and up to the cap of the month: %i today, %i this month give %i', (onDay, inMonth, growth) => {
    expect(growthForInteraction(rulesWith({ chatDay: { growth: 5, maxPerMonth: 10 } }), 'chatDay', { onDay, inMonth })).toBe(growth)
  })

  it.each([
    [1, 1, 2],
    [2, 2, 0],
    [0, 6, 0],
  ])('documents count up to the caps of day and month: %i today, %i this month give %i', (onDay, inMonth, growth) => {
    expect(growthForInteraction(rulesWith({ documentView: { growth: 2, maxPerDay: 2, maxPerMonth: 6 } }), 'documentView', { onDay, inMonth })).toBe(growth)
  })
})
