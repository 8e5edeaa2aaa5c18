import { createSecretKey, type KeyObject } from 'node:crypto'

/** The version a sealed value names in its first byte: 1 to 255. */
export const maxKeyVersion = 255

/** The key-encryption keys by version (R60): any of them opens, the highest seals. */
export interface Keyring {
  readonly currentVersion: number
  readonly keyOf: (version: number) => KeyObject | undefined
}

/** @param keys 32 bytes each, by version; a single key is version 1 @throws Error when there is none, or one of another length */
export function createKeyring(keys: Buffer | ReadonlyMap<number, Buffer>): Keyring {
  const versions = Buffer.isBuffer(keys) ? new Map([[1, keys]]) : keys
  if (versions.size === 0) throw new Error('there is no field key')
  const byVersion: (KeyObject | undefined)[] = Array.from({ length: maxKeyVersion + 1 })
  for (const [version, bytes] of versions) {
    if (bytes.length !== 32) throw new Error(`field key ${version} must be 32 bytes`)
    byVersion[version] = createSecretKey(bytes)
  }
  return { currentVersion: Math.max(...versions.keys()), keyOf: (version) => byVersion[version] }
}
