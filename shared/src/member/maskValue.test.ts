import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memberFields } from './fields.ts'
import { maskValue } from './maskValue.ts'

describe('maskValue', () => {
  it.each([['+8613800001111', '138****1111'], ['+85291234567', '+*********67'], ['+8675586666666', '+***********66']])('hides the middle of %s', (phone, masked) => {
    expect(maskValue('phone', phone)).toBe(masked)
  })

  it('never shows more than seven digits of any phone', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\+\d{8,15}$/), (phone) => {
        expect(maskValue('phone', phone).replace(/\D/g, '').length).toBeLessThanOrEqual(7)
      }),
    )
  })

  it('keeps the first character of a name, also one outside the basic plane', () => {
    expect(maskValue('name', '小安')).toBe('小**')
    expect(maskValue('name', '𠮷野')).toBe('𠮷**')
    expect(maskValue('name', '')).toBe('')
  })

  it('shows nothing of hidden fields and all of public ones', () => {
    expect(maskValue('hidden', 'x')).toBe('')
    expect(maskValue('none', 'x')).toBe('x')
  })
})

describe('memberFields', () => {
  it('names its own key, a purpose and a retention for every field, and masks all but public ones', () => {
    for (const [key, field] of Object.entries(memberFields)) {
      expect(field.key).toBe(key)
      expect(field.purpose).not.toBe('')
      expect(field.retentionDays).toBeGreaterThan(0)
      expect(field.mask === 'none', key).toBe(field.class === 'P')
    }
  })
})
