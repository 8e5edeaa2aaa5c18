import { createCipheriv, createDecipheriv, createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import { createKeyring, type Keyring } from './keyring.ts'
import { pooledRandomBytes } from './randomPool.ts'

/** Where a sealed value rests. It is bound into the value: moved to another row or column it does not open (P7). */
export interface Place {
  readonly table: string
  readonly column: string
  readonly rowId: string
}

/** A key for the values of one row, itself stored sealed beside them, so that erasing it erases them (R60). */
export interface DataKey {
  readonly key: KeyObject
  readonly sealed: Buffer
}

/** Thrown when a sealed value does not open: wrong key, wrong place or changed bytes. Says nothing more on purpose. */
export class SealBrokenError extends Error {
  constructor() {
    super('a sealed value does not open')
    this.name = 'SealBrokenError'
  }
}

/** A data key is made once and never changes: what rotates is the key around it. */
const dataKeyVersion = 1
const nonceBytes = 12
const tagBytes = 16
const headerBytes = 1
function placeBytes(place: Place, version: number): Buffer {
  return Buffer.from(`${place.table}|${place.column}|${place.rowId}|${version}`)
}

/** Field encryption: AES-256-GCM, layout `version(1) nonce(12) tag(16) ciphertext`, the place and the version as additional data (R60, P7). */
export interface FieldCipher {
  /** What is sealed now without a data key, and every new data key, names this version. */
  readonly currentVersion: number
  seal(place: Place, text: string, dataKey?: KeyObject): Buffer
  /** @throws SealBrokenError */
  open(place: Place, sealed: Buffer, dataKey?: KeyObject): string
  newDataKey(place: Place): DataKey
  /** @throws SealBrokenError */
  openDataKey(place: Place, sealed: Buffer): KeyObject
  /** The same value under the current version, or null when it is already. For what is sealed without a data key. @throws SealBrokenError */
  rewrap(place: Place, sealed: Buffer): Buffer | null
  /** Full-length HMAC-SHA-256 for exact look-ups of unique values; truncation would merge people. */
  indexOf(column: string, normalised: string): Buffer
}

/** @param fieldKeys the keyring, or one key, which is version 1; @param indexKey 32 bytes, different from all of them, kept outside the database */
export function createFieldCipher(fieldKeys: Keyring | Buffer, indexKey: Buffer): FieldCipher {
  const { currentVersion, keyOf } = Buffer.isBuffer(fieldKeys) ? createKeyring(fieldKeys) : fieldKeys
  const searchKey = createSecretKey(indexKey)

  function sealBytes(place: Place, plain: Buffer, dataKey: KeyObject | undefined): Buffer {
    const version = dataKey === undefined ? currentVersion : dataKeyVersion
    const key = dataKey ?? keyOf(version)
    if (key === undefined) throw new Error(`there is no field key ${version}`)
    const nonce = pooledRandomBytes(nonceBytes)
    const cipher = createCipheriv('aes-256-gcm', key, nonce)
    cipher.setAAD(placeBytes(place, version))
    const ciphertext = cipher.update(plain)
    cipher.final()
    const start = headerBytes + nonceBytes + tagBytes
    const sealed = Buffer.allocUnsafe(start + ciphertext.length)
    sealed[0] = version
    sealed.set(nonce, headerBytes)
    sealed.set(cipher.getAuthTag(), headerBytes + nonceBytes)
    sealed.set(ciphertext, start)
    return sealed
  }

  function openBytes(place: Place, sealed: Buffer, dataKey: KeyObject | undefined): Buffer {
    const start = headerBytes + nonceBytes
    const version = sealed[0] ?? 0
    const key = dataKey === undefined ? keyOf(version) : dataKey
    if (sealed.length < start + tagBytes || key === undefined || (dataKey !== undefined && version !== dataKeyVersion)) throw new SealBrokenError()
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(headerBytes, start), { authTagLength: tagBytes })
      decipher.setAAD(placeBytes(place, version))
      decipher.setAuthTag(sealed.subarray(start, start + tagBytes))
      const plain = decipher.update(sealed.subarray(start + tagBytes))
      // This mode keeps no bytes back: the last call only compares the tag, and throws.
      decipher.final()
      return plain
    } catch {
      throw new SealBrokenError()
    }
  }

  return {
    currentVersion,
    seal: (place, text, dataKey) => sealBytes(place, Buffer.from(text), dataKey),
    open: (place, sealed, dataKey) => openBytes(place, sealed, dataKey).toString(),
    newDataKey(place) {
      const bytes = pooledRandomBytes(32)
      return { key: createSecretKey(bytes), sealed: sealBytes(place, bytes, undefined) }
    },
    openDataKey: (place, sealed) => createSecretKey(openBytes(place, sealed, undefined)),
    rewrap: (place, sealed) => (sealed[0] === currentVersion ? null : sealBytes(place, openBytes(place, sealed, undefined), undefined)),
    indexOf: (column, normalised) => createHmac('sha256', searchKey).update(`${column}|`).update(normalised).digest(),
  }
}
