import { describe, expect, it } from 'vitest'
import type { GrowthEntry } from '../../api/calls.ts'
import { amountLabel, countingLabel } from './entryText.ts'

const bought: GrowthEntry = {
  growthEntryId: '0190b6f0-0000-7000-8000-000000000001', title: '消费', amount: 600, occurredAt: '2026-06-10T04:00:00.000Z', postedAt: '2026-06-10T04:00:00.000Z', isCounting: true, countsUntil: '2027-06-10',
}

describe('a line of the ledger', () => {
  it('says what it gave or took', () => {
    expect([amountLabel(bought), amountLabel({ ...bought, amount: -200 }), amountLabel({ ...bought, amount: 0 })]).toEqual(['+600', '-200', '0'])
  })

  it('says how long it counts, and when it no longer does', () => {
    expect(countingLabel(bought)).toBe('计入等级至2027年6月10日')
    expect(countingLabel({ ...bought, isCounting: false })).toBe('已不再计入等级')
  })
})
