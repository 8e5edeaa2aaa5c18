import { describe, expect, it } from 'vitest'
import { pooledRandomBytes, pooledRandomHex } from './randomPool.ts'

/** More draws than the pool holds, so that it is filled again in between. */
const draws = 5_000

describe('the pool of random bytes', () => {
  it('hands out every byte once', () => {
    const seen = new Set(Array.from({ length: draws }, () => pooledRandomBytes(16).toString('hex')))
    expect(seen.size).toBe(draws)
  })

  it('hands out each byte as two digits, and none of them as a byte too', () => {
    const seen = new Set(Array.from({ length: draws }, (_unused, index) => (index % 2 === 0 ? pooledRandomHex(16) : pooledRandomBytes(16).toString('hex'))))
    expect(seen.size).toBe(draws)
    expect([...seen].every((text) => /^[0-9a-f]{32}$/.test(text))).toBe(true)
  })

  it('lets no draw begin or end with bytes of another, which are wiped', () => {
    const texts = Array.from({ length: draws }, () => pooledRandomHex(4))
    // One in 256 is zero by chance: some twenty of all draws.
    const zeros = [0, 2, 4, 6].map((place) => texts.filter((text) => text.startsWith('00', place)).length)
    expect(Math.max(...zeros)).toBeLessThan(100)
  })

  it('keeps what was handed out when the pool is filled again', () => {
    const early = pooledRandomBytes(32)
    const copy = Buffer.from(early)
    for (let i = 0; i < draws; i += 1) pooledRandomBytes(4)
    expect(early.equals(copy)).toBe(true)
  })
})
