import { describe, expect, it } from 'vitest'
import { couponEnd, couponLastDay, couponState, couponWords, readCouponCode, showCouponCode } from './coupon.ts'
import { dayWords } from './dayWords.ts'
import { priorityNotice } from './priorityNotice.ts'

describe('couponEnd', () => {
  it('leaves so many full local days after the day it was given', () => {
    // 23:30 of the first of March in Shanghai.
    const end = couponEnd('2026-03-01T15:30:00.000Z', 90)
    expect(end).toBe('2026-05-30T16:00:00.000Z')
    expect(couponLastDay(end)).toBe('2026-05-30')
  })
})

describe('couponState', () => {
  it('is usable up to the last instant, and used stays used', () => {
    const end = '2026-05-30T16:00:00.000Z'
    expect(couponState(null, end, '2026-05-30T15:59:59.999Z')).toBe('unused')
    expect(couponState(null, end, end)).toBe('expired')
    expect(couponState('2026-05-01T00:00:00.000Z', end, '2027-01-01T00:00:00.000Z')).toBe('used')
  })
})

describe('couponWords', () => {
  it.each([
    [2000, 20_000, '满200元减20元'],
    [1250, 9990, '满99.90元减12.50元'],
    [500, 0, '立减5元'],
  ])('says %i off from %i as %s', (amount, threshold, words) => expect(couponWords(amount, threshold)).toBe(words))
})

describe('readCouponCode', () => {
  it('reads what people type of what was shown', () => {
    expect(showCouponCode('7K3M9QXT2VHB')).toBe('7K3M-9QXT-2VHB')
    expect(readCouponCode(' 7k3m-9qxt 2vhb ')).toBe('7K3M9QXT2VHB')
  })

  it.each(['', '7K3M9QXT2VH', '7K3M9QXT2VHBB', '7K3M9QXT2VH0', '7K3M9QXT2VHI'])('refuses “%s”', (text) => expect(readCouponCode(text)).toBeNull())
})

describe('priorityNotice', () => {
  it('is for gold alone (R50)', () => {
    expect(priorityNotice('gold')).toBe('金卡 · 绿色通道，请优先接待')
    expect([priorityNotice('silver'), priorityNotice('normal')]).toEqual([null, null])
  })
})

describe('dayWords', () => {
  it('says a local day without leading zeros', () => expect(dayWords('2026-03-08')).toBe('2026年3月8日'))
})
