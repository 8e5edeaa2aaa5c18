import { expect, it } from 'vitest'
import { clockLabel, dateLabel, dayLabel } from './instantLabel.ts'

const now = Date.parse('2027-01-01T16:30:00.000Z')

it.each([
  ['2027-01-01T16:00:00.000Z', '今天'],
  ['2027-01-01T15:59:59.999Z', '昨天'],
  ['2026-12-31T16:00:00.000Z', '昨天'],
  ['2026-12-31T15:59:59.999Z', '2026年12月31日'],
  ['2027-03-02T16:00:00.000Z', '3月3日'],
])('%s is %s to somebody who reads it at half past midnight', (instant, words) => expect(dayLabel(instant, now)).toBe(words))

it('day and time are those of Beijing, whatever the clock of the computer', () => {
  expect(dateLabel('2026-12-31T18:05:00.000Z')).toBe('2027-01-01')
  expect(clockLabel('2026-12-31T18:05:00.000Z')).toBe('02:05')
})
