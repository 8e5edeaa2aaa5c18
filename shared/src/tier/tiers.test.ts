import { describe, expect, it } from 'vitest'
import { firstTierRules, stepFor, tierRulesAt } from './rules.ts'
import { tiers } from './tiers.ts'

describe('tiers', () => {
  it('give the basic service, then the adviser, then the green channel (R48-R50)', () => {
    expect(tiers.map(({ code, name, benefits }) => [code, name, benefits.find((benefit) => /客服|顾问|绿色通道/.test(benefit))])).toEqual([
      ['normal', '普通会员', '在线客服'],
      ['silver', '银卡会员', '专属顾问一对一服务'],
      ['gold', '金卡会员', '绿色通道优先服务'],
    ])
    expect(tiers[0].benefits).toEqual(['会员专享价', '生日礼遇', '在线客服'])
  })

  it('take nothing away on the way up', () => {
    tiers.forEach(({ benefits }, index) => {
      const below = tiers[index - 1]
      if (!below) return
      expect(benefits).toEqual(expect.arrayContaining([...below.benefits]))
      expect(benefits.length).toBeGreaterThan(below.benefits.length)
    })
  })

  it('have the same steps in the rules the engine starts with', () => {
    expect(firstTierRules.ladder.map(({ code, minGrowth }) => [code, minGrowth])).toEqual(tiers.map(({ code, minGrowth }) => [code, minGrowth]))
  })
})

describe('tierRulesAt', () => {
  const later = { ...firstTierRules, version: 'later', effectiveFrom: '2026-07-01T00:00:00.000Z' }
  const corrected = { ...later, version: 'corrected' }

  it('is the newest version in effect, from its first instant on', () => {
    expect(tierRulesAt([firstTierRules, later], '2026-06-30T23:59:59.999Z').version).toBe('2026-01')
    expect(tierRulesAt([firstTierRules, later], '2026-07-01T00:00:00.000Z').version).toBe('later')
  })

  it('does not depend on the order of the list, and takes the last of two for one day', () => {
    expect(tierRulesAt([later, firstTierRules], '2026-08-01T00:00:00.000Z').version).toBe('later')
    expect(tierRulesAt([firstTierRules, later, corrected], '2026-08-01T00:00:00.000Z').version).toBe('corrected')
  })

  it('is the first version before any is in effect', () => {
    expect(tierRulesAt([later], '2020-01-01T00:00:00.000Z').version).toBe('later')
    expect(Date.parse(firstTierRules.effectiveFrom)).toBeLessThan(Date.parse('2026-01-01T00:00:00.000Z'))
  })

  it('puts a value below zero on the lowest step', () => {
    expect(stepFor(firstTierRules, -1)).toBe(0)
  })
})
