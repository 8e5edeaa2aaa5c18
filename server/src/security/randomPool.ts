import { randomFillSync } from 'node:crypto'

/** One call of the system's generator serves this many bytes: the call costs more than what it draws. */
const poolBytes = 4096
const pool = Buffer.alloc(poolBytes)
let used = poolBytes

/** Hands out the next bytes once, by way of `copy`, and wipes them from the pool. */
function draw<T>(size: number, copy: (start: number, end: number) => T): T {
  if (used + size > poolBytes) {
    randomFillSync(pool)
    used = 0
  }
  const [start, end] = [used, used + size]
  used = end
  const copied = copy(start, end)
  pool.fill(0, start, end)
  return copied
}

const asBytes = (start: number, end: number) => Buffer.from(pool.subarray(start, end))
const asHex = (start: number, end: number) => pool.toString('hex', start, end)

/** Bytes of the system's generator, drawn ahead; each is handed out once. At most 256 at a time. */
export const pooledRandomBytes = (size: number): Buffer => draw(size, asBytes)

/** The same, as two digits a byte. */
export const pooledRandomHex = (size: number): string => draw(size, asHex)
