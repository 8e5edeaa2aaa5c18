import { createHash, randomBytes } from 'node:crypto'

/** An opaque session token: 256 bits from the system's generator, base64url. */
export function newSessionToken(): string {
  return randomBytes(32).toString('base64url')
}

/** What is stored of a token; a dump of the table opens no session. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
