import { encrypt, getSignature } from '@wecom/crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sealCallback, writeEventXml, type SealedCallback } from '../sandbox/callbacks/sealCallback.ts'
import credentials from '../sandbox/credentials.json' with { type: 'json' }
import { startProduct, type Product } from './startProduct.ts'

let product: Product

beforeAll(async () => {
  product = await startProduct()
})
afterAll(() => product.close())

const nowSeconds = (): number => Math.floor(product.sandbox.clock.now() / 1000)

let made = 0
/** An event nobody has sent before. */
function freshEvent(changeType = 'edit_external_contact'): string {
  made += 1
  return writeEventXml({ event: 'change_external_contact', changeType, fields: { UserID: 'rep.li', ExternalUserID: `wmTEST${made}` } }, nowSeconds())
}

function seal(plaintext: string, change: { receiverId?: string; token?: string; skewSeconds?: number } = {}): SealedCallback {
  const { skewSeconds = 0, ...rest } = change
  made += 1
  return sealCallback({ plaintext, timestamp: nowSeconds() + skewSeconds, nonce: `nonce${made}`, ...rest })
}

async function push({ query, body }: { query: Readonly<Record<string, string>>; body: string | Buffer }): Promise<{ status: number; text: string }> {
  const response = await fetch(`${product.serverUrl}/callbacks/wecom?${new URLSearchParams(query)}`, { method: 'POST', body: new Uint8Array(Buffer.from(body)) })
  return { status: response.status, text: await response.text() }
}

async function stored(): Promise<{ events: number; jobs: number }> {
  const [row] = await product.rows<{ events: number; jobs: number }>('select (select count(*)::int from callback_event) as events, (select count(*)::int from outbox) as jobs')
  return row ?? { events: 0, jobs: 0 }
}

/** What the pushes added to inbox and outbox. */
async function added(work: () => Promise<unknown>): Promise<{ events: number; jobs: number }> {
  const before = await stored()
  await work()
  const after = await stored()
  return { events: after.events - before.events, jobs: after.jobs - before.jobs }
}

const nothing = { events: 0, jobs: 0 }

describe('the callback address', () => {
  it('passes the console check: the bare plaintext within a second', async () => {
    expect(await product.sandbox.verifyUrl()).toBeNull()
  })

  it('decodes an echo whose plus signs came bare or encoded', async () => {
    const timestamp = String(nowSeconds())
    const seen = new Set<string>()
    for (let index = 0; seen.size < 2 && index < 200; index += 1) {
      const echo = encrypt(credentials.callbackAesKey, `echo-${index}`, credentials.corpId)
      if (!echo.includes('+')) continue
      const signature = getSignature(credentials.callbackToken, timestamp, 'n1', echo)
      const value = seen.has('bare') ? encodeURIComponent(echo) : echo
      const answer = await fetch(`${product.serverUrl}/callbacks/wecom?msg_signature=${signature}&timestamp=${timestamp}&nonce=n1&echostr=${value}`)
      expect(await answer.text()).toBe(`echo-${index}`)
      seen.add(seen.has('bare') ? 'encoded' : 'bare')
    }
    expect([...seen]).toEqual(['bare', 'encoded'])
  })
})

describe('an event', () => {
  it('is stored once with its jobs, sealed, and answered with an empty 200', async () => {
    const plaintext = freshEvent()
    const result = await added(async () => {
      expect(await push(seal(plaintext))).toEqual({ status: 200, text: '' })
    })
    expect(result).toEqual({ events: 1, jobs: 1 })
    const rows = await product.rows<{ body_sealed: Buffer }>('select body_sealed from callback_event')
    expect(rows.some((row) => row.body_sealed.includes('rep.li'))).toBe(false)
  })

  it('has one effect however often it comes: replayed, sealed anew, in another element order, 20 at once', async () => {
    const plaintext = freshEvent()
    const reordered = plaintext.replace(/(<UserID>.*<\/UserID>)(<ExternalUserID>.*<\/ExternalUserID>)/, '$2$1')
    expect(reordered).not.toBe(plaintext)
    const same = seal(plaintext)
    const result = await added(async () => {
      const answers = await Promise.all([...Array.from({ length: 20 }, () => push(same)), push(seal(plaintext)), push(seal(reordered))])
      expect(answers.every(({ status }) => status === 200)).toBe(true)
    })
    expect(result).toEqual({ events: 1, jobs: 1 })
  })

  it('is answered before WeCom gives up while the database is stuck, and has one effect all the same', async () => {
    const plaintext = freshEvent()
    const client = await product.services.db.pool.connect()
    await client.query('begin; lock table callback_event in access exclusive mode')
    const started = performance.now()
    const first = await push(seal(plaintext))
    const waitedMs = performance.now() - started
    await client.query('rollback')
    client.release()
    expect(first.status).toBe(503)
    expect(waitedMs).toBeLessThan(5_000)
    expect((await push(seal(plaintext))).status).toBe(200)
    expect(await product.rows("select 1 from outbox where payload->>'externalUserId' = $1", [/wmTEST\d+/.exec(plaintext)?.[0]])).toHaveLength(1)
  })

  it('is stored before its answer in a crowd of 200 with repeats, and each has one effect', async () => {
    const plaintexts = Array.from({ length: 150 }, () => freshEvent())
    const crowd = Array.from({ length: 200 }, (_unused, index) => plaintexts[index % plaintexts.length] ?? '')
    const result = await added(async () => {
      await Promise.all(crowd.map(async (plaintext) => {
        expect((await push(seal(plaintext))).status).toBe(200)
        const customer = /wmTEST\d+/.exec(plaintext)?.[0]
        expect(await product.rows("select 1 from outbox where payload->>'externalUserId' = $1", [customer])).toHaveLength(1)
      }))
    })
    expect(result).toEqual({ events: 150, jobs: 150 })
  })

  it('of a kind we do not know is kept and acknowledged, without work', async () => {
    const plaintext = freshEvent().replace('change_external_contact', 'change_the_future')
    expect(await added(() => push(seal(plaintext)))).toEqual({ events: 1, jobs: 0 })
    expect(await product.rows("select 1 from callback_event where event = 'change_the_future'")).toHaveLength(1)
  })

  it('keeps two customers of one second apart', async () => {
    expect(await added(() => Promise.all([push(seal(freshEvent())), push(seal(freshEvent()))]))).toEqual({ events: 2, jobs: 2 })
  })
})

describe('a callback that is not ours', () => {
  it.each([
    ['5 minutes early', { skewSeconds: 300 }, 200],
    ['5 minutes late', { skewSeconds: -300 }, 200],
    ['6 minutes early', { skewSeconds: 360 }, 403],
    ['6 minutes late', { skewSeconds: -360 }, 403],
    ['for another corp', { receiverId: 'ww0000000000000000' }, 403],
    ['for the beginning of our id', { receiverId: credentials.corpId.slice(0, -1) }, 403],
    ['signed with another token', { token: 'AnotherToken' }, 403],
  ])('%s is answered with its edge', async (_name, change, status) => {
    const result = await added(async () => expect((await push(seal(freshEvent(), change))).status).toBe(status))
    expect(result).toEqual(status === 200 ? { events: 1, jobs: 1 } : nothing)
  })

  it('is refused or recognised for 500 mutants of one message, and never has a second effect', async () => {
    const original = seal(freshEvent())
    await push(original)
    const result = await added(async () => {
      for (let index = 0; index < 500; index += 1) {
        const { msg_signature: signature, timestamp, nonce } = original.query
        const flip = (text: string): string => {
          const at = index % text.length
          return text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ 1) + text.slice(at + 1)
        }
        const mutants = [
          { query: { ...original.query, msg_signature: flip(signature) }, body: original.body },
          { query: { ...original.query, msg_signature: signature.toUpperCase() }, body: original.body },
          { query: { ...original.query, timestamp: nonce, nonce: timestamp }, body: original.body },
          { query: { ...original.query, timestamp: timestamp + nonce.slice(0, 1 + (index % 5)), nonce: nonce.slice(1 + (index % 5)) }, body: original.body },
          { query: original.query, body: flip(original.body) },
        ]
        const { status } = await push(mutants[index % mutants.length] ?? original)
        // A flipped bit outside the ciphertext leaves the original: recognised as a duplicate.
        expect([200, 400, 403]).toContain(status)
      }
    })
    expect(result).toEqual(nothing)
  })

  const deep = (depth: number): string => `<xml>${'<a>'.repeat(depth)}${'</a>'.repeat(depth)}</xml>`
  it.each([
    ['nothing', ''],
    ['truncated XML', '<xml><ToUserName>x</ToUserName><Encrypt>abc'],
    ['a DOCTYPE', '<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]><xml><Encrypt>&x;</Encrypt></xml>'],
    ['a million entities', `<xml><Encrypt>${'&#65;'.repeat(10_000)}</Encrypt></xml>`],
    ['deep nesting', deep(5_000)],
    ['more than 64 KiB', `<xml><Encrypt>${'A'.repeat(65_536)}</Encrypt></xml>`],
    ['another charset', Buffer.from('<xml><Encrypt>\xff\xfe</Encrypt></xml>', 'latin1')],
    ['NUL bytes', '<xml>\0\0</xml>'],
    ['JSON', '{"encrypt":"x"}'],
  ])('%s is a 4xx and stores nothing', async (_name, body) => {
    const result = await added(async () => {
      const { status } = await push({ query: seal(freshEvent()).query, body })
      expect(status).toBeGreaterThanOrEqual(400)
      expect(status).toBeLessThan(500)
    })
    expect(result).toEqual(nothing)
  })

  it.each([
    ['an inner DOCTYPE', '<!DOCTYPE xml><xml><Event>x</Event></xml>'],
    ['inner text that is no XML', 'hello'],
  ])('%s, well signed, is a 4xx and stores nothing', async (_name, plaintext) => {
    const result = await added(async () => expect((await push(seal(plaintext))).status).toBe(400))
    expect(result).toEqual(nothing)
  })

  it('leaves no body, signature or customer in the log', () => {
    const text = product.logLines.join('\n')
    expect(text).not.toMatch(/wmTEST|msg_signature|<xml>/)
    expect(text).toContain('/callbacks/wecom')
  })
})
