import type { Database, Statement } from '../db/pool.ts'
import { SealBrokenError, type FieldCipher, type Place } from './fieldCipher.ts'

const insertKeyCheck: Statement = { name: 'key_check_insert', text: 'insert into key_check (name, value) values ($1, $2) on conflict (name) do nothing' }
const selectKeyChecks: Statement = { name: 'key_check_all', text: 'select name, value from key_check' }

/** Not secret: what proves a key is what the key makes of it. */
const fixedText = 'qihui'
const indexName = 'index'
const fieldName = (version: number): string => `field:${version}`
const placeOf = (name: string): Place => ({ table: 'key_check', column: 'value', rowId: name })

/** The keys of this process are not those of the database. */
export class WrongKeyError extends Error {
  constructor(setting: string) {
    super(`${setting} is not the one this database was written with: set the former one, or name another database.`)
    this.name = 'WrongKeyError'
  }
}

function opens(cipher: FieldCipher, name: string, sealed: Buffer): boolean {
  try {
    return cipher.open(placeOf(name), sealed) === fixedText
  } catch (error) {
    if (error instanceof SealBrokenError) return false
    throw error
  }
}

/**
 * Looks whether the keys are those the database was written with (trust test 71): with another field key nothing opens, with another index
 * key everybody is a stranger and comes twice. The first start with a key leaves its mark. A version that was retired is not asked for.
 * @param versions of the field keys this process holds
 * @throws WrongKeyError naming the setting
 */
export async function checkKeys(db: Pick<Database, 'run'>, cipher: FieldCipher, versions: Iterable<number>): Promise<void> {
  const index = cipher.indexOf('key_check.value', fixedText)
  const current = fieldName(cipher.currentVersion)
  await db.run(insertKeyCheck, [indexName, index])
  await db.run(insertKeyCheck, [current, cipher.seal(placeOf(current), fixedText)])
  const marks = new Map((await db.run<{ name: string; value: Buffer }>(selectKeyChecks, [])).map(({ name, value }) => [name, value]))
  if (marks.get(indexName)?.equals(index) !== true) throw new WrongKeyError('SECURITY_INDEX_KEY')
  for (const version of versions) {
    const mark = marks.get(fieldName(version))
    if (mark !== undefined && !opens(cipher, fieldName(version), mark)) throw new WrongKeyError(`The field key of version ${version} (SECURITY_FIELD_KEY, FIELD_KEYS)`)
  }
}
