import { describe, expect, it } from 'vitest'
import { keepingForecast, risingForecast, stepTerms } from './tierForecast.ts'
import { tierProgress } from './tierProgress.ts'

const silver = (reviewOn: string | null, graceUntil: string | null) => tierProgress(1200, { tier: 'silver', reviewOn, graceUntil })

describe('keepingForecast', () => {
  it.each([
    [{ tier: tierProgress(100), growthToKeep: null }, '普通会员长期有效，无需保级'],
    [{ tier: silver('2027-02-10', null), growthToKeep: 700 }, '2027年2月10日评定，当天结束前再得 700 成长值即可保级'],
    [{ tier: silver('2027-02-10', null), growthToKeep: 0 }, '2027年2月10日评定，按目前的成长值可以保级'],
    [{ tier: silver('2027-02-10', null), growthToKeep: null }, '银卡会员长期有效，无需保级'],
    [{ tier: silver(null, null), growthToKeep: 300 }, '银卡会员长期有效，无需保级'],
    [{ tier: silver(null, '2027-03-13'), growthToKeep: 300 }, '正在保级期：2027年3月13日前再得 300 成长值即可保住银卡会员，期间权益不变'],
    [{ tier: silver(null, '2027-03-13'), growthToKeep: null }, '正在保级期：2027年3月13日前再得 0 成长值即可保住银卡会员，期间权益不变'],
  ])('says of %o: %s', (outlook, words) => {
    expect(keepingForecast(outlook)).toBe(words)
  })
})

describe('risingForecast', () => {
  it('names the next tier, and nothing at the top', () => {
    expect(risingForecast({ tier: tierProgress(4200) })).toBe('再得 800 成长值，立即升级金卡会员')
    expect(risingForecast({ tier: tierProgress(5000) })).toBeNull()
  })
})

describe('stepTerms', () => {
  it.each([
    [0, null, '入会即享，长期有效'],
    [1000, 12, '成长值满 1000，每年评定一次'],
    [5000, 3, '成长值满 5000，每季度评定一次'],
    [2000, 6, '成长值满 2000，每半年评定一次'],
    [2000, 1, '成长值满 2000，每月评定一次'],
    [2000, 5, '成长值满 2000，每 5 个月评定一次'],
    [2000, null, '成长值满 2000，长期有效'],
  ])('says of %i and %s months: %s', (minGrowth, reviewMonths, words) => {
    expect(stepTerms({ minGrowth, reviewMonths })).toBe(words)
  })
})
