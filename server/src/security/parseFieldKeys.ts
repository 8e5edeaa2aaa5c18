import { maxKeyVersion } from './keyring.ts'

/** One key-encryption key as it is set: itself, or wrapped by the key service. */
export interface FieldKeySetting {
  readonly bytes: Buffer
  readonly isWrapped: boolean
}

const entryShape = /^(\d{1,3}):(kms:)?([0-9A-Za-z+/]+={0,2})$/

/**
 * The key versions of `FIELD_KEYS`: `2:<base64>,1:<base64>`, separated by commas or lines; `2:kms:<base64>` is wrapped by the key service.
 * @param firstKey the key of `SECURITY_FIELD_KEY`, which is version 1
 * @returns the keys, or what to change in words; the words quote no key
 */
export function parseFieldKeys(text: string, firstKey: Buffer | null): { readonly keys: ReadonlyMap<number, FieldKeySetting>; readonly problems: readonly string[] } {
  const keys = new Map<number, FieldKeySetting>()
  const problems: string[] = []
  if (firstKey !== null) keys.set(1, { bytes: firstKey, isWrapped: false })
  const entries = text.replace(/^#.*$/gm, '').split(/[\s,]+/).filter((entry) => entry !== '')
  entries.forEach((entry, index) => {
    const [, number, mark, base64] = entryShape.exec(entry) ?? []
    const version = Number(number)
    if (number === undefined || base64 === undefined || version < 1 || version > maxKeyVersion) {
      problems.push(`FIELD_KEYS, entry ${index + 1}: write version:key, e.g. 2:<32 random bytes in base64>, with a version from 1 to ${maxKeyVersion}`)
      return
    }
    const setting = { bytes: Buffer.from(base64, 'base64'), isWrapped: mark !== undefined }
    const other = keys.get(version)
    if (other && !other.bytes.equals(setting.bytes)) problems.push(`FIELD_KEYS: version ${version} is given twice${version === 1 ? ' (SECURITY_FIELD_KEY is version 1)' : ''}`)
    if (!setting.isWrapped && setting.bytes.length !== 32) problems.push(`FIELD_KEYS: version ${version} must be 32 bytes in base64, e.g. from "openssl rand -base64 32"`)
    keys.set(version, setting)
  })
  if (keys.size === 0 && problems.length === 0) problems.push('SECURITY_FIELD_KEY or FIELD_KEYS is missing: set 32 random bytes in base64, e.g. from "openssl rand -base64 32"')
  return { keys, problems: [...problems, ...sameKeys(keys)] }
}

/** A version that repeats another's key rotates nothing. */
function sameKeys(keys: ReadonlyMap<number, FieldKeySetting>): string[] {
  const seen = new Map<string, number>()
  return [...keys].flatMap(([version, { bytes }]) => {
    const text = bytes.toString('base64')
    const earlier = seen.get(text)
    seen.set(text, version)
    return earlier === undefined ? [] : [`FIELD_KEYS: versions ${earlier} and ${version} hold the same key`]
  })
}
