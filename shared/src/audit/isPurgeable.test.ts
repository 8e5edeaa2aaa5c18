import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays, addMonths } from '../tier/calendar.ts'
import { isPurgeable } from './isPurgeable.ts'

describe('isPurgeable', () => {
  it.each([
    ['2026-05-21', 6, false],
    ['2026-05-20', 6, false],
    ['2026-05-19', 6, true],
    ['2026-05-19', 13, false],
    ['2025-10-19', 13, true],
    ['2025-10-20', 13, false],
    ['2026-11-01', 0, false],
    ['2026-05-19', 0, true],
  ])('a day of %s kept for %i months on 2026-11-20: %s', (day, months, expected) => expect(isPurgeable(day, '2026-11-20', months)).toBe(expected))

  it('never lets go of a day before six months and a day, whatever is set', () => {
    fc.assert(fc.property(fc.nat(4000), fc.integer({ min: -5, max: 40 }), fc.nat(190), (start, months, age) => {
      const day = addDays('2020-01-01', start)
      const today = addDays(day, age)
      if (today <= addMonths(day, 6)) expect(isPurgeable(day, today, months)).toBe(false)
    }))
  })
})
