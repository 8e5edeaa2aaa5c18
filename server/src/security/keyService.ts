/**
 * Wraps and unwraps key-encryption keys with a root key that never leaves the service (R60). Asked when a process starts and when a key
 * is made, never while somebody waits: what it unwrapped stays in memory, so an outage of the service stops no read.
 */
export interface KeyService {
  /** What is written into the settings in place of the key. */
  wrap(key: Buffer): Promise<Buffer>
  /** @throws Error when the service refuses or cannot be reached */
  unwrap(wrapped: Buffer): Promise<Buffer>
}
