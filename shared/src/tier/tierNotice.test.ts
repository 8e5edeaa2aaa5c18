import { describe, expect, it } from 'vitest'
import { tierNotice } from './tierNotice.ts'

describe('tierNotice', () => {
  it.each([
    [{ reviewOn: null, graceUntil: null }, null],
    [{ reviewOn: '2027-02-10', graceUntil: null }, '下次评定：2027年2月10日'],
    [{ reviewOn: null, graceUntil: '2027-03-13' }, '保级期：2027年3月13日前补足成长值即可保级，期间权益不变'],
  ])('says of %o: %s', (held, words) => {
    expect(tierNotice(held)).toBe(words)
  })
})
