import { describe, expect, it } from 'vitest'
import { randomId } from './randomId.ts'

const uuid4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

describe('randomId', () => {
  it('is a version 4 UUID', () => {
    expect(randomId()).toMatch(uuid4)
  })

  it('is one on engines without randomUUID as well', () => {
    const old = { getRandomValues: <T extends ArrayBufferView>(array: T) => crypto.getRandomValues(array as never) as T }
    const ids = new Set(Array.from({ length: 200 }, () => randomId(old as Pick<Crypto, 'getRandomValues'>)))
    expect(ids.size).toBe(200)
    for (const id of ids) expect(id).toMatch(uuid4)
  })

  it('keeps every bit but version and variant', () => {
    const ones = { getRandomValues: <T extends ArrayBufferView | null>(array: T) => (array as unknown as Uint8Array).fill(255) as unknown as T }
    expect(randomId(ones as Pick<Crypto, 'getRandomValues'>)).toBe('ffffffff-ffff-4fff-bfff-ffffffffffff')
  })
})
