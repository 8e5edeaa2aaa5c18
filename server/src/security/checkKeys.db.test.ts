import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestServices, type TestServices } from '../testing/index.ts'
import { checkKeys } from './checkKeys.ts'
import { createFieldCipher } from './fieldCipher.ts'
import { createKeyring } from './keyring.ts'

let services: TestServices
beforeAll(async () => {
  services = await createTestServices()
})
beforeEach(() => services.db.pool.query('delete from key_check'))
afterAll(() => services.close())

const [first, second, index] = [randomBytes(32), randomBytes(32), randomBytes(32)]

function check(keys: ReadonlyMap<number, Buffer>, indexKey: Buffer = index): Promise<void> {
  return checkKeys(services.db, createFieldCipher(createKeyring(keys), indexKey), keys.keys())
}

describe('checkKeys', () => {
  it('takes the keys of the first start ever after, in several processes at once', async () => {
    const keys = new Map([[1, first]])
    await Promise.all([check(keys), check(keys), check(keys)])
    await check(keys)
  })

  it('refuses another index key and another field key, each by name', async () => {
    await check(new Map([[1, first]]))
    await expect(check(new Map([[1, first]]), second)).rejects.toThrow(/^SECURITY_INDEX_KEY is not the one/)
    await expect(check(new Map([[1, second]]))).rejects.toThrow(/^The field key of version 1 \(SECURITY_FIELD_KEY, FIELD_KEYS\)/)
  })

  it('goes along with a rotation: a newer version beside the old one, then alone', async () => {
    await check(new Map([[1, first]]))
    await check(new Map([[1, first], [2, second]]))
    await check(new Map([[2, second]]))
    await expect(check(new Map([[1, second], [2, second]]))).rejects.toThrow(/version 1/)
  })

  it('says no key', async () => {
    await check(new Map([[1, first]]))
    const { message } = await check(new Map([[1, second]])).catch((error: Error) => error) as Error
    expect(message).not.toContain(second.toString('base64'))
  })
})
