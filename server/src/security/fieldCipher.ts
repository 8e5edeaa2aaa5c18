import { createCipheriv, createDecipheriv, createHmac, createSecretKey, type KeyObject } from 'node:crypto'
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

const keyVersion = 1
const nonceBytes = 12
const tagBytes = 16
const headerBytes = 1
function placeBytes(place: Place): Buffer {
  return Buffer.from(`${place.table}|${place.column}|${place.rowId}|${keyVersion}`)
}

/** Field encryption: AES-256-GCM, layout `version(1) nonce(12) tag(16) ciphertext`, the place as additional data (R60, P7). */
export interface FieldCipher {
  seal(place: Place, text: string, dataKey?: KeyObject): Buffer
  /** @throws SealBrokenError */
  open(place: Place, sealed: Buffer, dataKey?: KeyObject): string
  newDataKey(place: Place): DataKey
  /** @throws SealBrokenError */
  openDataKey(place: Place, sealed: Buffer): KeyObject
  /** Full-length HMAC-SHA-256 for exact look-ups of unique values; truncation would merge people. */
  indexOf(column: string, normalised: string): Buffer
}

/** @param fieldKey and @param indexKey 32 bytes each, different, kept outside the database. */
export function createFieldCipher(fieldKey: Buffer, indexKey: Buffer): FieldCipher {
  const masterKey = createSecretKey(fieldKey)
  const searchKey = createSecretKey(indexKey)

  function sealBytes(place: Place, plain: Buffer, key: KeyObject): Buffer {
    const nonce = pooledRandomBytes(nonceBytes)
    const cipher = createCipheriv('aes-256-gcm', key, nonce)
    cipher.setAAD(placeBytes(place))
    const ciphertext = cipher.update(plain)
    cipher.final()
    const start = headerBytes + nonceBytes + tagBytes
    const sealed = Buffer.allocUnsafe(start + ciphertext.length)
    sealed[0] = keyVersion
    sealed.set(nonce, headerBytes)
    sealed.set(cipher.getAuthTag(), headerBytes + nonceBytes)
    sealed.set(ciphertext, start)
    return sealed
  }

  function openBytes(place: Place, sealed: Buffer, key: KeyObject): Buffer {
    const start = headerBytes + nonceBytes
    if (sealed.length < start + tagBytes || sealed[0] !== keyVersion) throw new SealBrokenError()
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(headerBytes, start), { authTagLength: tagBytes })
      decipher.setAAD(placeBytes(place))
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
    seal: (place, text, dataKey = masterKey) => sealBytes(place, Buffer.from(text), dataKey),
    open: (place, sealed, dataKey = masterKey) => openBytes(place, sealed, dataKey).toString(),
    newDataKey(place) {
      const bytes = pooledRandomBytes(32)
      return { key: createSecretKey(bytes), sealed: sealBytes(place, bytes, masterKey) }
    },
    openDataKey: (place, sealed) => createSecretKey(openBytes(place, sealed, masterKey)),
    indexOf: (column, normalised) => createHmac('sha256', searchKey).update(`${column}|`).update(normalised).digest(),
  }
}
