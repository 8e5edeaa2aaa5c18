import fc from 'fast-check'
import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { describe, expect, it } from 'vitest'
import { normalisePhone } from './normalisePhone.ts'

const digits = (length: number) => fc.stringMatching(new RegExp(`^\\d{${length}}$`))

describe('normalisePhone', () => {
  it('gives for a mobile of the mainland what the metadata give', () => {
    fc.assert(fc.property(fc.constantFrom('13', '14', '15', '16', '17', '18', '19'), digits(9), (prefix, rest) => {
      const parsed = parsePhoneNumberFromString(`+86${prefix}${rest}`)
      expect(parsed?.isPossible() && parsed.number).toBe(normalisePhone(`${prefix}${rest}`, '86'))
    }))
  })

  it.each([
    ['90123456', '852', '+85290123456'],
    ['075588886666', '86', '+8675588886666'],
  ])('takes %s of +%s', (national, callingCode, expected) => {
    expect(normalisePhone(national, callingCode)).toBe(expected)
  })

  it.each([['138', '86'], ['', '86'], ['13800000000000000', '86'], ['abc', '1']])('refuses %j of +%s', (national, callingCode) => {
    expect(() => normalisePhone(national, callingCode)).toThrow(expect.objectContaining({ code: 'phone.invalid' }))
  })
})
