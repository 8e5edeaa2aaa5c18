import { randomFillSync } from 'node:crypto'

/** One call of the system's generator serves this many bytes: the call costs more than what it draws. */
const poolBytes = 4096
const pool = Buffer.alloc(poolBytes)
let used = poolBytes

/** Where the next `size` bytes begin. */
function draw(size: number): number {
  if (used + size > poolBytes) {
    randomFillSync(pool)
    used = 0
  }
  const start = used
  used += size
  return start
}

/** Bytes of the system's generator, drawn ahead; each is handed out once and then wiped from the pool. At most 256 at a time. */
export function pooledRandomBytes(size: number): Buffer {
  const start = draw(size)
  const bytes = Buffer.from(pool.subarray(start, start + size))
  pool.fill(0, start, start + size)
  return bytes
}

/** The same as a number below 2^32, without a buffer of its own: ids are made of them by the dozen. */
export function pooledRandomUint32(): number {
  const start = draw(4)
  const number = pool.readUInt32LE(start)
  pool.writeUInt32LE(0, start)
  return number
}
