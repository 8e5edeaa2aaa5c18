import { describe, expect, it } from 'vitest'
import { newId } from './newId.ts'
import { pooledRandomBytes, pooledRandomUint32 } from './randomPool.ts'

/** More draws than the pool holds, so that it is filled again in between. */
const draws = 5_000

describe('the pool of random bytes', () => {
  it('hands out every byte once', () => {
    const seen = new Set(Array.from({ length: draws }, () => pooledRandomBytes(16).toString('hex')))
    expect(seen.size).toBe(draws)
  })

  it('keeps what was handed out when the pool is filled again', () => {
    const early = pooledRandomBytes(32)
    const copy = Buffer.from(early)
    for (let i = 0; i < draws; i += 1) pooledRandomUint32()
    expect(early.equals(copy)).toBe(true)
  })

  it('uses all 32 bits of a number', () => {
    const numbers = Array.from({ length: draws }, pooledRandomUint32)
    const set = numbers.reduce((all, number) => all | number, 0) >>> 0
    const cleared = numbers.reduce((all, number) => all & number, 0xffffffff) >>> 0
    expect({ set, cleared, areWhole: numbers.every((number) => Number.isInteger(number) && number >= 0) }).toEqual({ set: 0xffffffff, cleared: 0, areWhole: true })
  })

  it('gives ids that never repeat and sort by time', () => {
    const ids = Array.from({ length: draws }, newId)
    expect(new Set(ids).size).toBe(draws)
    expect([...ids].sort()).toEqual(ids)
  })
})
