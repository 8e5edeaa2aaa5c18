import { expect, it } from 'vitest'
import { nextTagReview } from './nextTagReview.ts'

it.each([
  ['in the middle of a month', '2026-11-20T02:00:00.000Z', '2026-11-30T18:00:00.000Z'],
  ['in the first two hours of a month', '2026-11-30T17:59:59.000Z', '2026-11-30T18:00:00.000Z'],
  ['at that very instant', '2026-11-30T18:00:00.000Z', '2026-12-31T18:00:00.000Z'],
  ['in December', '2026-12-20T02:00:00.000Z', '2026-12-31T18:00:00.000Z'],
])('the next look is the first of a month, two in the morning: %s', (_name, at, next) => {
  expect(nextTagReview(at)).toBe(next)
})
