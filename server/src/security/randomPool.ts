import { randomFillSync } from 'node:crypto'

/** One call of the system's generator serves this many bytes: the call costs more than what it draws. */
const poolBytes = 4096
const pool = Buffer.alloc(poolBytes)
let used = poolBytes

/** Bytes of the system's generator, drawn ahead; each is handed out once and then wiped from the pool. At most 256 at a time. */
export function pooledRandomBytes(size: number): Buffer {
  if (used + size > poolBytes) {
    randomFillSync(pool)
    used = 0
  }
  const bytes = Buffer.from(pool.subarray(used, used + size))
  pool.fill(0, used, used + size)
  used += size
  return bytes
}
