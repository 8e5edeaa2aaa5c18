import { encrypt, getSignature } from '@wecom/crypto'
import { AppError } from '@qihui/shared/errors'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openCallback, openEcho, type CallbackKeys } from './openCallback.ts'

const official = { callbackToken: 'QDG6eK', callbackAesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C', corpId: 'wx5823bf96d3bd56c7' }
const v1Cipher =
  'RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q=='
const v4Keys = { callbackToken: 'kz7Yx62CH8SaLN', callbackAesKey: 'cD0d7jx4tYvVtzqrmh3Dm3QFCXe6f8SlHoMtMh3qQEP', corpId: 'ww6a112864f8022910' }
const v4Cipher =
  'EUCt7xMcNiyASzZj0Hjc5yDjFQrCum6AfQ3ntHiUzjGQ51xieKmbvtrZ40/EcB2W/W8yH0n4Lqx48gJl/T9HD/R309I0P/r5pIZucK3lyEn48FYMr4YdE0QdL2jIJ3xkcXUr6uzefzCxG6lMvwpAJaOyVCzN7sRRw47njfxy5EIqU6R9ZBhlTzfdnhhOhK/nTwzrZX3SoGlXFA9OBeZ6ru1NWpXFk76x9DUMe0lcxPPiUqK8ctnQcYXSGUHVqC6DfG7E7mab0OmruNN8cBZY5d3dYOBA4OgaH55Q0AJmUpdT8vNiXpXx+6TxT3TIjySXpDrHVyrsb772aYywgg/Nu4kUmGkALwFZlzhjNegR7wDwb9lr4ERXsSSS8JZ8lbBmaQ3F2Tq584xoPj5rIhXAF734ynm4no1g+SdHiNqR328='

const own: CallbackKeys = { corpId: 'ww5a1d0c3f7e9b2468', callbackToken: 'OwnCallbackToken01', callbackAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG' }
const seconds = 1_789_000_000
const at = new Date(seconds * 1000)
const eventXml =
  '<xml><ToUserName><![CDATA[ww5a1d0c3f7e9b2468]]></ToUserName><Event> change_external_contact </Event><ChangeType><![CDATA[add_external_contact]]></ChangeType><UserID>rep.li</UserID></xml>'

const envelope = (encrypted: string): string => `<xml><ToUserName><![CDATA[x]]></ToUserName><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`

function signed(encrypted: string, timestamp = String(seconds), nonce = 'nonce1'): { msg_signature: string; timestamp: string; nonce: string } {
  return { msg_signature: getSignature(own.callbackToken, timestamp, nonce, encrypted), timestamp, nonce }
}

function codeOf(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
  return 'accepted'
}

const openOwn = (plain: string, receiver = own.corpId) => {
  const encrypted = encrypt(own.callbackAesKey, plain, receiver)
  return openCallback(own, signed(encrypted), envelope(encrypted), at)
}

describe('openCallback', () => {
  it('opens the official vector V1', () => {
    const query = { msg_signature: '477715d11cdb4164915debcba66cb864d751f3e6', timestamp: '1409659813', nonce: '1372623149' }
    const { fields } = openCallback(official, query, envelope(v1Cipher), new Date(1409659813_000))
    expect(Object.fromEntries(fields)).toMatchObject({ MsgType: 'text', Content: 'hello' })
  })

  it('opens the vector V4 of a second implementation', () => {
    const query = { msg_signature: 'f265ae551b1932727204c3d707628d01376a6940', timestamp: '1583995625', nonce: '1584392382' }
    const { fields } = openCallback(v4Keys, query, envelope(v4Cipher), new Date(1583995625_000))
    expect(Object.fromEntries(fields)).toMatchObject({ Content: 'x123', AgentID: '1000002', MsgId: '2018405441' })
  })

  it('agrees with the deterministic multi-byte vector V8', () => {
    const encrypted = encrypt(own.callbackAesKey, '我是中文abcd123', 'wxb11529c136998cb6', Buffer.from('aaaabbbbccccdddd'))
    expect(encrypted).toBe('jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg==')
  })

  it('reads elements by name, with and without CDATA, trimmed', () => {
    expect(openOwn(eventXml)).toMatchObject({ event: 'change_external_contact', changeType: 'add_external_contact', fields: new Map([['ToUserName', own.corpId], ['Event', 'change_external_contact'], ['ChangeType', 'add_external_contact'], ['UserID', 'rep.li']]) })
  })

  it('keeps what has elements of its own as JSON', () => {
    const { fields } = openOwn('<xml><BatchJob><JobId>j1</JobId><Id>1</Id><Id>2</Id></BatchJob></xml>')
    expect([...fields]).toEqual([['BatchJob', '{"JobId":"j1","Id":["1","2"]}']])
  })

  it('refuses a correctly signed message for another corp', () => {
    expect(codeOf(() => openOwn(eventXml, 'ww0000000000000000'))).toBe('callback.refused')
  })

  it.each([
    [-300, 'accepted'],
    [300, 'accepted'],
    [-301, 'callback.refused'],
    [301, 'callback.refused'],
    [-360, 'callback.refused'],
    [360, 'callback.refused'],
  ])('answers a clock that is %i s off with %s', (skew, expected) => {
    const encrypted = encrypt(own.callbackAesKey, eventXml, own.corpId)
    expect(codeOf(() => openCallback(own, signed(encrypted, String(seconds + skew)), envelope(encrypted), at))).toBe(expected)
  })

  it.each([
    ['a shifted split of timestamp and nonce', { timestamp: '17890000001', nonce: 'once1' }],
    ['a repeated key', { timestamp: [String(seconds), String(seconds)] }],
    ['a missing signature', { msg_signature: undefined }],
    ['an upper-case signature', { msg_signature: signed('x').msg_signature.toUpperCase() }],
  ])('refuses %s', (_name, change) => {
    const encrypted = encrypt(own.callbackAesKey, eventXml, own.corpId)
    expect(codeOf(() => openCallback(own, { ...signed(encrypted), ...change }, envelope(encrypted), at))).toBe('callback.refused')
  })

  it.each([
    ['nothing', ''],
    ['truncated XML', '<xml><Encrypt>abc</Encr'],
    ['a DOCTYPE', `<!DOCTYPE xml [<!ENTITY a "b">]>${envelope('abc')}`],
    ['JSON', '{"encrypt":"abc"}'],
    ['another root', '<html><Encrypt>abc</Encrypt></html>'],
    ['no Encrypt', '<xml><Other>abc</Other></xml>'],
    ['two Encrypt elements', '<xml><Encrypt>a</Encrypt><Encrypt>b</Encrypt></xml>'],
    ['deep nesting', `${'<a>'.repeat(8000)}${'</a>'.repeat(8000)}`],
    ['NUL bytes', '\0\0\0'],
  ])('calls %s malformed', (_name, body) => {
    expect(codeOf(() => openCallback(own, signed('abc'), body, at))).toBe('callback.malformed')
  })

  it.each([
    ['empty blocks', ''.padEnd(44, 'A')],
    ['one byte', 'AA=='],
    ['not base64', '!!!!'],
    ['a half block', Buffer.alloc(16).toString('base64')],
  ])('refuses a signed ciphertext of %s', (_name, encrypted) => {
    expect(codeOf(() => openCallback(own, signed(encrypted), envelope(encrypted), at))).toBe('callback.refused')
  })

  it('refuses a DOCTYPE inside the encrypted event', () => {
    expect(codeOf(() => openOwn(`<!DOCTYPE xml []>${eventXml}`))).toBe('callback.malformed')
  })

  it('never throws anything but its two refusals, whatever bytes are signed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const encrypted = Buffer.from(bytes).toString('base64')
        const code = codeOf(() => openCallback(own, signed(encrypted), envelope(encrypted), at))
        expect(['callback.refused', 'callback.malformed']).toContain(code)
      }),
    )
  })
})

describe('openEcho', () => {
  const echo = 'P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=='
  const head = 'msg_signature=5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3&timestamp=1409659589&nonce=263014780&echostr='
  const then = new Date(1409659589_000)

  it.each([
    ['encoded', encodeURIComponent(echo)],
    ['with a bare plus', echo],
  ])('answers the official vector V2 %s', (_name, value) => {
    expect(openEcho(official, head + value, then)).toBe('1616140317555161061')
  })

  it.each(['', 'echostr=%', `${head}${encodeURIComponent(echo)}&nonce=1`, head])('refuses the query %j', (query) => {
    expect(codeOf(() => openEcho(official, query, then))).toBe('callback.refused')
  })
})
