import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assessRisk } from './assessRisk.ts'
import { riskLimits as limits } from './limits.ts'
import type { RiskFacts } from './types.ts'

const calm: RiskFacts = {
  ipIn10Min: 1, ipInHour: 1, networkIn10Min: 1, segmentIn10Min: 1, channelIn10Min: 1, fastInChannelIn10Min: 0, repIn10Min: 1, clientIn10Min: 1,
  phonesOfAccountInDay: 1, accountsOfPhoneIn30Days: 1, formSeconds: 8, vendorRank: 0, allowedPer10Min: null,
}
const outcome = (facts: Partial<RiskFacts>) => assessRisk({ ...calm, ...facts }).outcome
const severity = ['allow', 'challenge', 'hold', 'deny']

const count = fc.oneof(fc.nat(30), fc.nat(400))
const anyFacts: fc.Arbitrary<RiskFacts> = fc.record({
  ipIn10Min: count, ipInHour: count, networkIn10Min: count, segmentIn10Min: count, channelIn10Min: count, fastInChannelIn10Min: count, repIn10Min: count, clientIn10Min: count,
  phonesOfAccountInDay: fc.nat(8), accountsOfPhoneIn30Days: fc.nat(8),
  formSeconds: fc.option(fc.nat(60)), vendorRank: fc.option(fc.nat(4)), allowedPer10Min: fc.option(fc.nat(300)),
})

describe('assessRisk', () => {
  it.each<[string, Partial<RiskFacts>, string]>([
    ['a quiet registration', {}, 'allow'],
    ['20 of one address in ten minutes', { ipIn10Min: limits.ipIn10Min }, 'allow'],
    ['21 of one address in ten minutes', { ipIn10Min: limits.ipIn10Min + 1 }, 'challenge'],
    ['100 of one address in an hour', { ipInHour: limits.ipInHour }, 'allow'],
    ['101 of one address in an hour', { ipInHour: limits.ipInHour + 1 }, 'hold'],
    ['15 of one phone segment', { segmentIn10Min: limits.segmentIn10Min }, 'allow'],
    ['16 of one phone segment', { segmentIn10Min: limits.segmentIn10Min + 1 }, 'challenge'],
    ['51 of one channel, most of them filled in fast', { channelIn10Min: 51, fastInChannelIn10Min: 26 }, 'hold'],
    ['51 of one channel at a human pace', { channelIn10Min: 51, fastInChannelIn10Min: 25 }, 'allow'],
    ['50 of one channel', { channelIn10Min: 50, fastInChannelIn10Min: 50 }, 'allow'],
    ['four phones of one account a day, and nothing else', { phonesOfAccountInDay: 4 }, 'hold'],
    ['four phones of one account a day, on a busy address', { phonesOfAccountInDay: 4, ipIn10Min: 21 }, 'deny'],
    ['one phone on four accounts', { accountsOfPhoneIn30Days: 4 }, 'hold'],
    ['vendor rank 2', { vendorRank: 2 }, 'allow'],
    ['vendor rank 3', { vendorRank: 3 }, 'challenge'],
    ['vendor rank 4', { vendorRank: 4 }, 'hold'],
    ['vendor rank 4 in a burst', { vendorRank: 4, segmentIn10Min: 16 }, 'deny'],
    ['a busy address and a busy segment', { ipIn10Min: 21, segmentIn10Min: 16 }, 'hold'],
    ['two counts of one address', { ipIn10Min: 21, networkIn10Min: 61 }, 'challenge'],
    ['a busy address during a booked event', { ipIn10Min: 90, ipInHour: 400, channelIn10Min: 90, repIn10Min: 90, allowedPer10Min: 100 }, 'allow'],
    ['more than the event booked', { ipIn10Min: 101, allowedPer10Min: 100 }, 'challenge'],
  ])('%s', (_what, facts, expected) => {
    expect(outcome(facts)).toBe(expected)
  })

  it('gives a reason for everything it does not simply allow, and none otherwise', () => {
    fc.assert(fc.property(anyFacts, (facts) => {
      const assessment = assessRisk(facts)
      expect(assessment.reasons.length > 0).toBe(assessment.outcome !== 'allow')
    }))
  })

  it('is monotone: no higher count, faster form or higher rank makes it milder', () => {
    const counted = ['ipIn10Min', 'ipInHour', 'networkIn10Min', 'segmentIn10Min', 'repIn10Min', 'clientIn10Min', 'phonesOfAccountInDay', 'accountsOfPhoneIn30Days', 'fastInChannelIn10Min'] as const
    const worse = (facts: RiskFacts, by: readonly number[]): RiskFacts => ({
      ...facts,
      ...Object.fromEntries(counted.map((key, index) => [key, facts[key] + (by[index] ?? 0)])),
      formSeconds: facts.formSeconds === null ? null : Math.max(0, facts.formSeconds - (by[9] ?? 0)),
      vendorRank: facts.vendorRank === null ? null : Math.min(4, facts.vendorRank + ((by[10] ?? 0) % 5)),
      // A fast attempt more is one attempt more of the channel as well.
      channelIn10Min: facts.channelIn10Min + (by[8] ?? 0),
    })
    fc.assert(fc.property(anyFacts, fc.array(fc.nat(60), { minLength: 11, maxLength: 11 }), (facts, by) => {
      expect(severity.indexOf(assessRisk(worse(facts, by)).outcome)).toBeGreaterThanOrEqual(severity.indexOf(assessRisk(facts).outcome))
    }), { numRuns: 2000 })
  })

  it('denies nobody by address alone, and nobody on fewer than two kinds of evidence', () => {
    fc.assert(fc.property(anyFacts, (facts) => {
      const { outcome: decided, signals } = assessRisk(facts)
      const families = new Set(signals.map(({ family }) => family))
      expect(decided === 'deny' && families.size < 2).toBe(false)
      const byAddressAlone = assessRisk({ ...calm, ipIn10Min: facts.ipIn10Min, ipInHour: facts.ipInHour, networkIn10Min: facts.networkIn10Min })
      expect(byAddressAlone.outcome).not.toBe('deny')
    }), { numRuns: 2000 })
  })
})
