import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFieldCipher, SealBrokenError } from './fieldCipher.ts'

const cipher = createFieldCipher(randomBytes(32), randomBytes(32))
const place = { table: 'member', column: 'phone_sealed', rowId: 'm1' }

describe('field cipher', () => {
  it('opens what it sealed, with the master key and with a data key', () => {
    const dataKey = cipher.newDataKey({ ...place, column: 'data_key_sealed' })
    const reopened = cipher.openDataKey({ ...place, column: 'data_key_sealed' }, dataKey.sealed)
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(cipher.open(place, cipher.seal(place, text))).toBe(text)
        expect(cipher.open(place, cipher.seal(place, text, dataKey.key), reopened)).toBe(text)
      }),
    )
  })

  it('opens none of 10,000 tampered values', () => {
    const sealed = cipher.seal(place, '+8613800001111')
    const flip = fc.tuple(fc.nat(sealed.length - 1), fc.integer({ min: 1, max: 255 })).map(([index, mask]) => {
      const bytes = Buffer.from(sealed)
      bytes[index] = (bytes[index] ?? 0) ^ mask
      return { bytes, at: place }
    })
    const cut = fc.nat(sealed.length - 1).map((length) => ({ bytes: sealed.subarray(0, length), at: place }))
    const moved = fc.constantFrom({ rowId: 'm2' }, { column: 'name_sealed' }, { table: 'contact' }).map((change) => ({ bytes: sealed, at: { ...place, ...change } }))
    fc.assert(
      fc.property(fc.oneof(flip, cut, moved), ({ bytes, at }) => {
        expect(() => cipher.open(at, bytes)).toThrow(SealBrokenError)
      }),
      { numRuns: 10_000 },
    )
  })

  it('does not open under another key', () => {
    const other = createFieldCipher(randomBytes(32), randomBytes(32))
    expect(() => other.open(place, cipher.seal(place, 'x'))).toThrow(SealBrokenError)
  })

  it('never repeats a nonce in 100,000 values', () => {
    const nonces = new Set<string>()
    for (let index = 0; index < 100_000; index += 1) nonces.add(cipher.seal(place, '').subarray(1, 13).toString('hex'))
    expect(nonces.size).toBe(100_000)
  })

  it('gives one full-length index per column and value', () => {
    expect(cipher.indexOf('member.phone', '+8613800001111')).toEqual(cipher.indexOf('member.phone', '+8613800001111'))
    expect(cipher.indexOf('member.phone', '+8613800001111')).not.toEqual(cipher.indexOf('other.phone', '+8613800001111'))
    expect(cipher.indexOf('member.phone', '+8613800001111')).toHaveLength(32)
  })
})
