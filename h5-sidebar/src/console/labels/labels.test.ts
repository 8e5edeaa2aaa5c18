import { describe, expect, it } from 'vitest'
import { beijingClock, beijingInstant, beijingLabel } from './beijing.ts'
import { durationLabel } from './durationLabel.ts'
import { relativeLabel } from './relativeLabel.ts'

describe('times of the console', () => {
  it('are Beijing time, across midnight and the year', () => {
    expect(beijingLabel('2026-12-31T16:00:00.000Z')).toBe('2027-01-01 00:00')
    expect(beijingLabel('2026-11-22T15:59:59.999Z')).toBe('2026-11-22 23:59')
  })

  it('survive the way into a date picker and back', () => {
    for (const instant of ['2026-01-01T00:00:00.000Z', '2026-06-30T16:00:00.000Z', '2028-02-29T15:59:59.000Z']) {
      expect(beijingInstant(beijingClock(instant))).toBe(instant)
    }
  })

  const now = Date.parse('2026-11-22T04:00:00.000Z')
  it.each([
    ['2026-11-22T03:59:30.000Z', '刚刚'],
    ['2026-11-22T03:59:00.000Z', '1 分钟前'],
    ['2026-11-22T03:00:00.000Z', '1 小时前'],
    ['2026-11-20T04:00:00.000Z', '2 天前'],
    ['2026-11-29T04:00:00.000Z', '7 天后'],
  ])('%s is %s', (instant, expected) => {
    expect(relativeLabel(instant, now)).toBe(expected)
  })

  it.each([
    [null, '—'],
    [7.6, '8 秒'],
    [59.6, '1 分'],
    [125, '2 分 5 秒'],
    [3600, '1 小时'],
    [12_000, '3 小时 20 分'],
    [345_600, '4 天'],
  ])('a span of %s seconds is %s', (seconds, expected) => {
    expect(durationLabel(seconds)).toBe(expected)
  })
})
