import { randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createFieldCipher, SealBrokenError } from './fieldCipher.ts'
import { createKeyring } from './keyring.ts'
import { localKeyring, openKeyring } from './openKeyring.ts'
import { parseFieldKeys } from './parseFieldKeys.ts'
import { createTencentKms } from './tencentKms.ts'

const [first, second, third] = [randomBytes(32), randomBytes(32), randomBytes(32)]
const text = (key: Buffer): string => key.toString('base64')
const place = { table: 'member', column: 'data_key_sealed', rowId: 'm1' }

describe('versions of the field key', () => {
  it('open whatever any of them sealed; the highest seals', () => {
    const before = createFieldCipher(createKeyring(first), third)
    const after = createFieldCipher(createKeyring(new Map([[1, first], [2, second]])), third)
    const old = before.seal(place, '李静')
    expect(after.open(place, old)).toBe('李静')
    const fresh = after.seal(place, '李静')
    expect([old[0], fresh[0]]).toEqual([1, 2])
    expect(() => before.open(place, fresh)).toThrow(SealBrokenError)
  })

  it('move to the newest by a rewrap, which leaves the data key as it was', () => {
    const before = createFieldCipher(createKeyring(first), third)
    const after = createFieldCipher(createKeyring(new Map([[1, first], [2, second]])), third)
    const alone = createFieldCipher(createKeyring(new Map([[2, second]])), third)
    const dataKey = before.newDataKey(place)
    const phone = before.seal({ ...place, column: 'phone_sealed' }, '+8613800001111', dataKey.key)
    const rewrapped = after.rewrap(place, dataKey.sealed)
    if (rewrapped === null) throw new Error('it was not rewrapped')
    expect(after.rewrap(place, rewrapped)).toBeNull()
    expect(alone.open({ ...place, column: 'phone_sealed' }, phone, alone.openDataKey(place, rewrapped))).toBe('+8613800001111')
    expect(() => after.rewrap({ ...place, rowId: 'm2' }, dataKey.sealed)).toThrow(SealBrokenError)
  })

  it('do not open under the number of another version', () => {
    const cipher = createFieldCipher(createKeyring(new Map([[1, first], [2, second]])), third)
    const sealed = cipher.seal(place, 'x')
    for (const version of [0, 1, 3, 255]) {
      const relabelled = Buffer.from(sealed)
      relabelled[0] = version
      expect(() => cipher.open(place, relabelled)).toThrow(SealBrokenError)
    }
  })
})

describe('FIELD_KEYS', () => {
  it('lists versions by commas or lines, beside the single key, which is version 1', () => {
    const { keys, problems } = parseFieldKeys(`# made in November\n3:${text(third)}\n2:${text(second)}`, first)
    expect(problems).toEqual([])
    expect([...keys.keys()].sort()).toEqual([1, 2, 3])
    expect(localKeyring(keys).currentVersion).toBe(3)
  })

  it.each([
    ['', 'SECURITY_FIELD_KEY or FIELD_KEYS is missing'],
    [text(first), 'FIELD_KEYS, entry 1: write version:key'],
    [`0:${text(first)}`, 'with a version from 1 to 255'],
    [`256:${text(first)}`, 'with a version from 1 to 255'],
    ['2:c2hvcnQ=', 'version 2 must be 32 bytes'],
    [`1:${text(first)},1:${text(second)}`, 'version 1 is given twice'],
    [`1:${text(first)},2:${text(first)}`, 'versions 1 and 2 hold the same key'],
  ])('%# says what to change, and no key', (setting, words) => {
    const lines = parseFieldKeys(setting, null).problems
    expect(lines.join('\n')).toContain(words)
    expect(lines.join('\n')).not.toContain(text(first).slice(0, 12))
  })
})

/** Tencent Cloud KMS as far as two calls need it: keeps the action, hides the key under a mask. */
async function startKms(): Promise<{ server: Server; endpoint: string; calls: { action: string; authorization: string; body: { KeyId?: string } }[]; refuses: boolean }> {
  const kms = { calls: [] as { action: string; authorization: string; body: { KeyId?: string } }[], refuses: false }
  const flip = (base64: string): string => Buffer.from(Buffer.from(base64, 'base64').map((byte) => byte ^ 0x5a)).toString('base64')
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = JSON.parse(Buffer.concat(chunks).toString()) as { KeyId?: string; Plaintext?: string; CiphertextBlob?: string }
    kms.calls.push({ action: String(request.headers['x-tc-action']), authorization: String(request.headers.authorization), body })
    const answer = kms.refuses
      ? { Error: { Code: 'FailedOperation.CmkUsed', Message: 'the key is disabled' } }
      : body.Plaintext === undefined ? { Plaintext: flip(body.CiphertextBlob ?? '') } : { CiphertextBlob: flip(body.Plaintext) }
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ Response: { ...answer, RequestId: 'r1' } }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(kms, { server, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
}

describe('the key service of Tencent Cloud', () => {
  let kms: Awaited<ReturnType<typeof startKms>> | undefined
  afterEach(() => kms?.server.close())
  const settings = (endpoint: string) => ({ keyId: 'cmk-1', region: 'ap-guangzhou', endpoint, secretId: 'id', secretKey: 'key' })

  it('wraps a key for the settings and opens it at the start, by signed calls', async () => {
    kms = await startKms()
    const service = createTencentKms(settings(kms.endpoint))
    const wrapped = await service.wrap(second)
    expect(wrapped.equals(second)).toBe(false)
    const { keys, problems } = parseFieldKeys(`2:kms:${text(wrapped)}`, first)
    expect(problems).toEqual([])
    expect(() => localKeyring(keys)).toThrow('field key 2 is wrapped')
    const cipher = createFieldCipher(await openKeyring(keys, service), third)
    expect(createFieldCipher(createKeyring(new Map([[2, second]])), third).open(place, cipher.seal(place, 'x'))).toBe('x')
    expect(kms.calls.map(({ action, body }) => [action, body.KeyId])).toEqual([['Encrypt', 'cmk-1'], ['Decrypt', undefined]])
    for (const { authorization } of kms.calls) expect(authorization).toMatch(/^TC3-HMAC-SHA256 Credential=id\//)
  })

  it('stops the start, naming the version, when it refuses', async () => {
    kms = await startKms()
    kms.refuses = true
    const { keys } = parseFieldKeys(`2:kms:${text(randomBytes(48))}`, null)
    await expect(openKeyring(keys, createTencentKms(settings(kms.endpoint)))).rejects.toThrow('did not open field key 2: the key is disabled')
    await expect(openKeyring(keys, null)).rejects.toThrow('no key service is set up')
  })
})
