import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createMemberCodes } from './memberCode.ts'

const codes = createMemberCodes(randomBytes(32))
const at = new Date('2026-11-20T02:00:30.000Z')
const later = (seconds: number) => new Date(at.getTime() + seconds * 1000)

describe('member code', () => {
  it('names the member for this minute and the next, and nobody after that', () => {
    const { code, expiresAt } = codes.issue('123456789012', at)
    expect(expiresAt).toEqual(later(30))
    expect(codes.read(code, later(0))).toBe('123456789012')
    expect(codes.read(code, later(89))).toBe('123456789012')
    expect(codes.read(code, later(90))).toBeNull()
    expect(codes.read(code, later(-31))).toBeNull()
  })

  it('refuses every changed character and codes of another deployment', () => {
    const { code } = codes.issue('123456789012', at)
    fc.assert(
      fc.property(fc.nat(code.length - 1), fc.constantFrom(...'0123456789abcdefQHz'), (index, character) => {
        fc.pre(code[index] !== character)
        expect(codes.read(code.slice(0, index) + character + code.slice(index + 1), at)).toBeNull()
      }),
    )
    expect(createMemberCodes(randomBytes(32)).read(code, at)).toBeNull()
  })
})
