import { createHash } from 'node:crypto'

/** Deterministic numbers in [0, 1): mulberry32, a public-domain generator. Not for secrets. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** Hex digest for one (seed, purpose, key): the same world gets the same ids on every run. */
export function stableHex(seed: number, purpose: string, key: string, length: number): string {
  return createHash('sha512').update(`${seed}|${purpose}|${key}`).digest('hex').slice(0, length)
}

/** Letters and digits for one (seed, purpose, key), at most 80. */
export function stableId(seed: number, purpose: string, key: string, length: number): string {
  const digest = createHash('sha512').update(`${seed}|${purpose}|${key}`).digest('base64')
  return digest.replace(/[+/=]/g, '').slice(0, length)
}
