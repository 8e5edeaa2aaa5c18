import { hash } from 'node:crypto'
import { pooledRandomBytes } from './randomPool.ts'

/** An opaque session token: 256 bits from the system's generator, base64url. */
export function newSessionToken(): string {
  return pooledRandomBytes(32).toString('base64url')
}

/** What is stored of a token; a dump of the table opens no session. */
export function hashToken(token: string): Buffer {
  return hash('sha256', token, 'buffer')
}
