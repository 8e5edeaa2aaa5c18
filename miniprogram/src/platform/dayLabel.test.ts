import { describe, expect, it } from 'vitest'
import { dayLabel, instantLabel } from './dayLabel.ts'

describe('days a member reads', () => {
  it('are those of Beijing, whatever the clock of the phone', () => {
    expect(dayLabel('2026-11-22T15:59:59.999Z')).toBe('2026年11月22日')
    expect(dayLabel('2026-11-22T16:00:00.000Z')).toBe('2026年11月23日')
    expect(instantLabel('2026-12-31T18:05:00.000Z')).toBe('2027-01-01 02:05')
  })
})
