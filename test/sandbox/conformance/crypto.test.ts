import { decrypt, encrypt, getSignature } from '@wecom/crypto'
import { describe, expect, it } from 'vitest'
import { sealCallback } from '../callbacks/sealCallback.ts'
import { credentials } from '../world/credentials.ts'

const KA = 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C'
const KX = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'

const V1 = 'RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q=='
const V2 = 'P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=='
const V4 = 'EUCt7xMcNiyASzZj0Hjc5yDjFQrCum6AfQ3ntHiUzjGQ51xieKmbvtrZ40/EcB2W/W8yH0n4Lqx48gJl/T9HD/R309I0P/r5pIZucK3lyEn48FYMr4YdE0QdL2jIJ3xkcXUr6uzefzCxG6lMvwpAJaOyVCzN7sRRw47njfxy5EIqU6R9ZBhlTzfdnhhOhK/nTwzrZX3SoGlXFA9OBeZ6ru1NWpXFk76x9DUMe0lcxPPiUqK8ctnQcYXSGUHVqC6DfG7E7mab0OmruNN8cBZY5d3dYOBA4OgaH55Q0AJmUpdT8vNiXpXx+6TxT3TIjySXpDrHVyrsb772aYywgg/Nu4kUmGkALwFZlzhjNegR7wDwb9lr4ERXsSSS8JZ8lbBmaQ3F2Tq584xoPj5rIhXAF734ynm4no1g+SdHiNqR328='
const V8 = 'jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg=='

describe('§7.3 crypto vectors', () => {
  it('§7.3 V1 official POST', () => {
    expect(getSignature('QDG6eK', '1409659813', '1372623149', V1)).toBe('477715d11cdb4164915debcba66cb864d751f3e6')
    const opened = decrypt(KA, V1)
    expect([opened.id, opened.random.toString(), Buffer.byteLength(opened.message)]).toEqual(['wx5823bf96d3bd56c7', '0960688932c47ef1', 284])
  })

  it('§7.3 V2 official GET', () => {
    expect(getSignature('QDG6eK', '1409659589', '263014780', V2)).toBe('5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3')
    expect(decrypt(KA, V2).message).toBe('1616140317555161061')
  })

  it('§7.3 V4 message to an app', () => {
    expect(getSignature('kz7Yx62CH8SaLN', '1583995625', '1584392382', V4)).toBe('f265ae551b1932727204c3d707628d01376a6940')
    const opened = decrypt('cD0d7jx4tYvVtzqrmh3Dm3QFCXe6f8SlHoMtMh3qQEP', V4)
    expect([opened.id, Buffer.byteLength(opened.message)]).toEqual(['ww6a112864f8022910', 269])
    expect(opened.message).toContain('x123')
  })

  it('§7.3 V8 deterministic encryption of multi-byte text', () => {
    expect(encrypt(KX, '我是中文abcd123', 'wxb11529c136998cb6', Buffer.from('aaaabbbbccccdddd'))).toBe(V8)
  })

  it('§7.2 pads to 32-byte blocks', () => {
    const sizes = [0, 11, 12, 13, 31, 32].map((length) => Buffer.from(encrypt(KX, 'x'.repeat(length), ''), 'base64').length)
    expect(sizes).toEqual([32, 32, 64, 64, 64, 64])
  })

  it('§7.2 keeps timestamp and nonce exchangeable: the signature sorts its parts', () => {
    expect(getSignature('T', '1583995625', '1584392382', V4)).toBe(getSignature('T', '1584392382', '1583995625', V4))
  })
})

describe('§7.2 what the sandbox seals', () => {
  it('§7.2 opens with the credentials and carries the receiver id', () => {
    const sealed = sealCallback({ plaintext: '<xml/>', timestamp: 1_767_232_800, nonce: '123' })
    const encrypted = /<Encrypt><!\[CDATA\[(.+?)\]\]><\/Encrypt>/.exec(sealed.body)?.[1] ?? ''
    expect(decrypt(credentials.callbackAesKey, encrypted)).toMatchObject({ message: '<xml/>', id: credentials.corpId })
    expect(sealed.query.msg_signature).toBe(getSignature(credentials.callbackToken, '1767232800', '123', encrypted))
  })

  it('§7.3 can seal for a foreign receiver and with a wrong token', () => {
    const foreign = sealCallback({ plaintext: '<xml/>', timestamp: 1, nonce: '1', receiverId: 'wwforeign' })
    const encrypted = /<Encrypt><!\[CDATA\[(.+?)\]\]><\/Encrypt>/.exec(foreign.body)?.[1] ?? ''
    expect(decrypt(credentials.callbackAesKey, encrypted).id).toBe('wwforeign')
    const forged = sealCallback({ plaintext: '<xml/>', timestamp: 1, nonce: '1', token: 'wrong' })
    expect(forged.query.msg_signature).not.toBe(getSignature(credentials.callbackToken, '1', '1', encrypted))
  })
})
