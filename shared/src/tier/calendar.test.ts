import { describe, expect, it } from 'vitest'
import { addMonths, localDateOf, monthsBefore, nextDay, startOfDay } from './calendar.ts'

describe('the calendar of members', () => {
  it('begins a day at midnight in Shanghai, eight hours before UTC does', () => {
    expect(startOfDay('2026-11-22')).toBe('2026-11-21T16:00:00.000Z')
    expect(localDateOf('2026-11-21T16:00:00.000Z')).toBe('2026-11-22')
    expect(localDateOf('2026-11-21T15:59:59.999Z')).toBe('2026-11-21')
  })

  it('goes from the last day of a month, of a year and of a February to the next', () => {
    expect(['2026-11-30', '2026-12-31', '2028-02-28', '2027-02-28'].map(nextDay)).toEqual(['2026-12-01', '2027-01-01', '2028-02-29', '2027-03-01'])
  })

  it('clamps a month that is too short and keeps the time of day', () => {
    expect(addMonths('2026-01-31', 1)).toBe('2026-02-28')
    expect(monthsBefore('2028-02-29T04:00:00.000Z', 12)).toBe('2027-02-28T04:00:00.000Z')
  })
})
