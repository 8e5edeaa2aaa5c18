import { describe, expect, it } from 'vitest'
import { ageLabel } from './ageLabel.ts'
import { clockLabel, dateLabel, dayLabel } from './instantLabel.ts'
import { timelineDays } from './timelineDays.ts'

/** 12:00 in Shanghai. */
const now = Date.parse('2026-11-22T04:00:00.000Z')
const entry = (at: string, title: string) => ({ at, kind: 'growth.earned' as const, title, detail: null })

describe('dayLabel', () => {
  const cases: [string, string][] = [
    ['2026-11-21T16:00:00.000Z', '今天'],
    ['2026-11-21T15:59:59.000Z', '昨天'],
    ['2026-11-20T15:59:00.000Z', '11月20日'],
    ['2025-12-31T16:30:00.000Z', '1月1日'],
    ['2025-12-31T15:30:00.000Z', '2025年12月31日'],
  ]
  it.each(cases)('%s is %s', (instant, label) => {
    expect(dayLabel(instant, now)).toBe(label)
  })
})

describe('timelineDays', () => {
  it('groups by local day and keeps the order', () => {
    const days = timelineDays([entry('2026-11-22T03:00:00.000Z', 'a'), entry('2026-11-22T01:00:00.000Z', 'b'), entry('2026-11-21T01:00:00.000Z', 'c')], now)
    expect(days.map(({ label, entries }) => [label, entries.map(({ title }) => title)])).toEqual([
      ['今天', ['a', 'b']],
      ['昨天', ['c']],
    ])
  })
})

describe('labels of instants', () => {
  it('are local', () => {
    expect(clockLabel('2026-11-22T01:05:00.000Z')).toBe('09:05')
    expect(dateLabel('2026-11-21T17:00:00.000Z')).toBe('2026-11-22')
  })

  const ages: [number, string][] = [
    [0, '刚刚'],
    [59_999, '刚刚'],
    [60_000, '1 分钟前'],
    [3_599_999, '59 分钟前'],
    [3_600_000, '1 小时前'],
    [86_400_000, '1 天前'],
  ]
  it.each(ages)('says how long %i ms are', (age, label) => {
    expect(ageLabel(age)).toBe(label)
  })
})
