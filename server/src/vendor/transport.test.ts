import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTransport, type Transport } from './transport.ts'

let server: Server
let base = ''
let answer: RequestListener = (_request, response) => void response.end('{}')

beforeAll(async () => {
  server = createServer((request, response) => answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/_vendor/qyapi/`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

interface Logged {
  readonly transport: Transport
  readonly lines: string[]
}

function open(): Logged {
  const lines: string[] = []
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) })
  return { transport: createTransport({ vendor: 'wecom', vendorName: '企业微信', base, now: () => new Date(), log }), lines }
}

const call = { method: 'GET', path: '/cgi-bin/x', query: { access_token: 'secret-token' } } as const
const mebibyte = Buffer.alloc(1024 * 1024, 0x20)
const hundredMebibytes = 100 * mebibyte.byteLength

describe('the transport', () => {
  it('keeps the path of a base and sends query and body as they are', async () => {
    let seen = ''
    answer = (request, response) => {
      seen = `${request.method} ${request.url} ${request.headers['content-type']}`
      response.end('{"errcode":0,"ok":1}')
    }
    expect(await open().transport.json({ method: 'POST', path: '/cgi-bin/x', query: { a: 'b c' }, body: { c: 1 } })).toEqual({ errcode: 0, ok: 1 })
    expect(seen).toBe('POST /_vendor/qyapi/cgi-bin/x?a=b+c application/json')
  })

  it('takes an answer without errcode for a success and one with another number for a refusal', async () => {
    answer = (_request, response) => void response.end('{"openid":"o1"}')
    expect(await open().transport.json(call)).toEqual({ openid: 'o1' })
    answer = (_request, response) => void response.end('{"errcode":40014,"errmsg":"invalid access_token","external_userid":[]}')
    await expect(open().transport.json(call)).rejects.toMatchObject({ errcode: 40014, path: '/cgi-bin/x' })
  })

  it.each<[string, RequestListener]>([
    ['a redirect', (_request, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
    ['an unknown path', (_request, response) => void response.writeHead(404).end()],
    ['a server error', (_request, response) => void response.writeHead(502).end('{"errcode":0}')],
    ['HTML', (_request, response) => void response.end('<html><body>busy</body></html>')],
    ['truncated JSON', (_request, response) => void response.end('{"errcode":0,"tag_gr')],
    ['a list', (_request, response) => void response.end('[]')],
    ['nothing', (_request, response) => void response.end()],
    ['more than a mebibyte', (_request, response) => void response.end(Buffer.concat([Buffer.from('{"errcode":0}'), mebibyte]))],
    ['a cut connection', (_request, response) => void response.socket?.destroy()],
  ])('refuses %s and logs no query', async (_name, listener) => {
    answer = listener
    const { transport, lines } = open()
    await expect(transport.json(call)).rejects.toMatchObject({ code: 'vendor.unavailable' })
    expect(lines.join('')).toContain('/cgi-bin/x')
    expect(lines.join('')).not.toContain('secret-token')
  })

  it.each<[string, Record<string, string>]>([
    ['says how long it is', { 'content-length': String(hundredMebibytes) }],
    ['does not say how long it is', {}],
  ])('gives up early on 100 MiB, whose sender %s', async (_name, headers) => {
    let sent = 0
    answer = (_request, response) => {
      response.writeHead(200, headers)
      const more = (): void => {
        while (sent < hundredMebibytes && !response.destroyed) {
          sent += mebibyte.byteLength
          if (!response.write(mebibyte)) return void response.once('drain', more)
        }
        if (!response.destroyed) response.end()
      }
      more()
    }
    const before = process.memoryUsage.rss()
    await expect(open().transport.json(call)).rejects.toMatchObject({ code: 'vendor.unavailable' })
    // The rest of what the kernel buffers between two processes, or one; never the whole.
    expect(sent).toBeLessThan(hundredMebibytes / 2)
    expect(process.memoryUsage.rss() - before).toBeLessThan(hundredMebibytes * 0.9)
  })

  it('makes hardly more calls than the host takes at once when it refuses a crowd (45033)', async () => {
    let [running, made] = [0, 0]
    answer = (_request, response) => {
      made += 1
      if (running >= 10) return void response.end('{"errcode":45033,"errmsg":"api concurrent out of limit"}')
      running += 1
      setTimeout(() => {
        running -= 1
        response.end('{"errcode":0}')
      }, 5)
    }
    const { transport } = open()
    const answers = await Promise.all(Array.from({ length: 100 }, () => transport.json(call)))
    expect(answers).toHaveLength(100)
    expect(made).toBeLessThanOrEqual(120)
  })

  it('spares a host that says it is busy (-1): three times is nothing, five in a row open the circuit', async () => {
    let busy = 3
    let made = 0
    answer = (_request, response) => {
      made += 1
      busy -= 1
      response.end(busy >= 0 ? '{"errcode":-1,"errmsg":"system busy"}' : '{"errcode":0}')
    }
    const { transport } = open()
    for (let turn = 0; turn < 3; turn += 1) await expect(transport.json(call)).rejects.toMatchObject({ errcode: -1 })
    await expect(transport.json(call)).resolves.toEqual({ errcode: 0 })
    busy = 100
    made = 0
    for (let turn = 0; turn < 50; turn += 1) await expect(transport.json(call)).rejects.toThrow()
    expect(made).toBe(5)
  })

  it('tells an image from a refusal', async () => {
    const image = Buffer.from([0x89, 0x50, 0x4e, 0x47])
    answer = (_request, response) => void response.end(image)
    expect(await open().transport.bytes(call)).toEqual(image)
    answer = (_request, response) => void response.end('{"errcode":41030,"errmsg":"invalid page"}')
    await expect(open().transport.bytes(call)).rejects.toMatchObject({ errcode: 41030 })
  })
})
