import { hash, timingSafeEqual } from 'node:crypto'

/** Whether a request may read the figures: its Authorization carries METRICS_TOKEN. Compared by digest, in constant time. */
export function createGuard(token: string): (authorization: string | undefined) => boolean {
  const expected = hash('sha256', `Bearer ${token}`, 'buffer')
  return (authorization) => timingSafeEqual(hash('sha256', authorization ?? '', 'buffer'), expected)
}
