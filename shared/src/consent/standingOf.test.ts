import { describe, expect, it } from 'vitest'
import { policies as firstPolicies } from './policies.ts'
import { diffClassSince, standingOf, type ConsentRecord, type PolicyMark } from './standingOf.ts'

const start = Date.parse('2026-01-01T00:00:00.000Z')
const onDay = (day: number) => new Date(start + day * 24 * 60 * 60 * 1000)
const mark = (version: string, day: number, diffClass: PolicyMark['diffClass']): PolicyMark => ({ version, publishedAt: onDay(day).toISOString(), diffClass })
const first = mark('v1', 0, 'material')
const minor = [first, mark('v1.1', 100, 'minor')]
const material = [first, mark('v2', 100, 'material')]
const materialThenMinor = [first, mark('v2', 100, 'material'), mark('v2.1', 110, 'minor')]

const yes = (day: number, version = 'v1', withdrawnOn: number | null = null): ConsentRecord => ({ purpose: 'marketing', decision: 'granted', policyVersion: version, at: onDay(day), withdrawnAt: withdrawnOn === null ? null : onDay(withdrawnOn) })
const no = (day: number, version = 'v1'): ConsentRecord => ({ ...yes(day, version), decision: 'refused' })

interface Case {
  readonly claim: string
  readonly policies: readonly PolicyMark[]
  readonly records: readonly ConsentRecord[]
  readonly day: number
  readonly expected: { readonly state: string; readonly mayAsk: boolean; readonly isStale: boolean }
}
const standing = (state: string, mayAsk: boolean, isStale = false) => ({ state, mayAsk, isStale })
const cases: readonly Case[] = [
  { claim: 'never asked', policies: [first], records: [], day: 10, expected: standing('none', true) },
  { claim: 'given', policies: [first], records: [yes(10)], day: 500, expected: standing('granted', false) },
  { claim: 'given before a minor change', policies: minor, records: [yes(10)], day: 101, expected: standing('granted', false) },
  { claim: 'given after a minor change', policies: minor, records: [yes(101, 'v1.1')], day: 102, expected: standing('granted', false) },
  { claim: 'given before a material change that is not yet in force', policies: material, records: [yes(10)], day: 99, expected: standing('granted', false) },
  { claim: 'given before a material change', policies: material, records: [yes(10)], day: 100, expected: standing('granted', true, true) },
  { claim: 'given after a material change', policies: material, records: [yes(101, 'v2')], day: 102, expected: standing('granted', false) },
  { claim: 'given again after a material change', policies: material, records: [yes(10), yes(101, 'v2')], day: 102, expected: standing('granted', false) },
  { claim: 'given before a material change with a minor one behind it', policies: materialThenMinor, records: [yes(10)], day: 120, expected: standing('granted', true, true) },
  { claim: 'given after the material change, before the minor one', policies: materialThenMinor, records: [yes(105, 'v2')], day: 120, expected: standing('granted', false) },
  { claim: 'given to a text that was old already', policies: material, records: [yes(101, 'v1')], day: 102, expected: standing('granted', true, true) },
  { claim: 'given to a text nobody knows', policies: [first], records: [yes(10, 'v0')], day: 11, expected: standing('granted', true, true) },
  { claim: 'refused 29 days ago', policies: [first], records: [no(10)], day: 39, expected: standing('refused', false) },
  { claim: 'refused 30 days ago', policies: [first], records: [no(10)], day: 40, expected: standing('refused', true) },
  { claim: 'refused 31 days ago', policies: [first], records: [no(10)], day: 41, expected: standing('refused', true) },
  { claim: 'refused 29 days ago, with a material change since', policies: material, records: [no(90)], day: 119, expected: standing('refused', false) },
  { claim: 'refused 31 days ago, with a material change since', policies: material, records: [no(90)], day: 121, expected: standing('refused', true) },
  { claim: 'refused, then given', policies: [first], records: [no(10), yes(12)], day: 13, expected: standing('granted', false) },
  { claim: 'given, then refused', policies: [first], records: [yes(10), no(12)], day: 13, expected: standing('refused', false) },
  { claim: 'withdrawn 29 days ago', policies: [first], records: [yes(1, 'v1', 10)], day: 39, expected: standing('withdrawn', false) },
  { claim: 'withdrawn 31 days ago', policies: [first], records: [yes(1, 'v1', 10)], day: 41, expected: standing('withdrawn', true) },
  { claim: 'withdrawn, with a material change since', policies: material, records: [yes(1, 'v1', 99)], day: 101, expected: standing('withdrawn', false) },
  { claim: 'withdrawn, then given again', policies: [first], records: [yes(1, 'v1', 10), yes(12)], day: 13, expected: standing('granted', false) },
  { claim: 'a yes and a no at one instant', policies: [first], records: [no(10), yes(10)], day: 11, expected: standing('refused', false) },
  { claim: 'decisions on another purpose', policies: [first], records: [{ ...yes(10), purpose: 'membership' }], day: 11, expected: standing('none', true) },
]

describe('standingOf', () => {
  it.each(cases)('$claim', ({ policies, records, day, expected }) => {
    for (const order of [records, [...records].reverse()]) expect(standingOf('marketing', order, policies, onDay(day))).toMatchObject(expected)
  })

  it('lets somebody who withdrew from the membership join again at once', () => {
    expect(standingOf('membership', [{ ...yes(1, 'v1', 10), purpose: 'membership' }], [first], onDay(11))).toMatchObject(standing('withdrawn', true))
  })
})

describe('diffClassSince', () => {
  it('is the gravest change between', () => {
    expect(diffClassSince([first], 'v1', onDay(1))).toBe('none')
    expect(diffClassSince(minor, 'v1', onDay(100))).toBe('minor')
    expect(diffClassSince(materialThenMinor, 'v1', onDay(120))).toBe('material')
    expect(diffClassSince(materialThenMinor, 'v2', onDay(120))).toBe('minor')
    expect(diffClassSince([first], 'unknown', onDay(1))).toBe('material')
  })
})

describe('the first policy', () => {
  it('shows at most five lines beside the box', () => {
    for (const { summary } of firstPolicies) expect(summary.length).toBeLessThanOrEqual(5)
  })
})
