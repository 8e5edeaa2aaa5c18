import { createHmac } from 'node:crypto'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTcpServer, type AddressInfo } from 'node:net'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createMailSender } from './createMailSender.ts'
import { createSmsSender } from './createSmsSender.ts'
import { MessageRefusedError, MessageUndeliveredError } from './messaging.ts'

const key = 'sms-key-of-a-test-0123456789'
const lines: string[] = []
const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) })
const sms = { reference: '0190aaaa-0000-7000-8000-000000000001', to: '+8613800001111', text: '【企会】您好' }

let server: Server
let answer: RequestListener = (_request, response) => void response.end()
const portOf = (each: { address(): unknown }) => (each.address() as AddressInfo).port

beforeAll(async () => {
  server = createServer((request, response) => answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const sender = () => createSmsSender({ url: `http://127.0.0.1:${portOf(server)}/messages`, key, log })

describe('the SMS door', () => {
  it('gets the reference, recipient and text, signed over the raw bytes', async () => {
    let seen: { body: Buffer; signature: unknown } | null = null
    answer = (request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => void chunks.push(chunk))
      request.on('end', () => {
        seen = { body: Buffer.concat(chunks), signature: request.headers['x-signature'] }
        response.end('{}')
      })
    }
    await sender().send(sms)
    const { body, signature } = seen ?? { body: Buffer.alloc(0), signature: '' }
    expect(JSON.parse(body.toString())).toEqual({ clientRef: sms.reference, to: sms.to, text: sms.text })
    expect(signature).toBe(`sha256=${createHmac('sha256', key).update(body).digest('hex')}`)
  })

  it.each([
    [400, MessageRefusedError],
    [422, MessageRefusedError],
    [401, MessageUndeliveredError],
    [403, MessageUndeliveredError],
    [408, MessageUndeliveredError],
    [429, MessageUndeliveredError],
    [302, MessageUndeliveredError],
    [500, MessageUndeliveredError],
  ])('takes %i for %o', async (status, kind) => {
    answer = (_request, response) => void response.writeHead(status, { location: '/elsewhere' }).end()
    await expect(sender().send(sms)).rejects.toBeInstanceOf(kind)
  })

  it('takes silence for "later", and never names recipient or key', async () => {
    answer = (request) => void request.socket.destroy()
    const failure = await sender().send(sms).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(MessageUndeliveredError)
    expect(String(failure) + lines.join('')).not.toMatch(/13800001111|sms-key/)
  })
})

/** A mail server that answers each line of the dialogue with what `replies` says for its verb. */
async function mailServer(replies: Readonly<Record<string, string>>): Promise<{ url: string; received: string[]; close(): void }> {
  const received: string[] = []
  const tcp = createTcpServer((socket) => {
    let isData = false
    socket.write('220 ready\r\n')
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      for (const line of chunk.toString().split('\r\n').filter((text) => text !== '')) {
        received.push(line)
        if (isData && line !== '.') continue
        const verb = isData ? '.' : (line.split(/[ :]/)[0] ?? '').toUpperCase()
        isData = verb === 'DATA'
        socket.write(`${replies[verb] ?? (verb === 'DATA' ? '354 go on' : verb === 'QUIT' ? '221 bye' : '250 ok')}\r\n`)
      }
    })
  })
  await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve))
  return { url: `smtp://127.0.0.1:${portOf(tcp)}`, received, close: () => void tcp.close() }
}

const mail = { reference: sms.reference, to: 'guest@example.com', subject: '邀请您入会', text: '您好\nhttps://member.example.com/i/x' }

describe('the mail server', () => {
  it('gets one message whose Message-ID is the reference', async () => {
    const { url, received, close } = await mailServer({})
    await createMailSender({ smtpUrl: url, from: 'member@example.com' }).send(mail)
    close()
    expect(received).toContain('RCPT TO:<guest@example.com>')
    expect(received.join('\n')).toContain(`Message-ID: <${mail.reference}@example.com>`)
  })

  it.each([
    ['RCPT', '550 no such mailbox', MessageRefusedError],
    ['RCPT', '451 try later', MessageUndeliveredError],
    ['MAIL', '530 authentication required', MessageUndeliveredError],
    ['.', '554 rejected', MessageRefusedError],
  ])('answers %s with "%s"', async (verb, reply, kind) => {
    const { url, close } = await mailServer({ [verb]: reply })
    const failure = await createMailSender({ smtpUrl: url, from: 'member@example.com' }).send(mail).catch((error: unknown) => error)
    close()
    expect(failure).toBeInstanceOf(kind)
    expect(String(failure)).not.toContain('guest@example.com')
  })

  it('is away: the message may be tried again', async () => {
    const { url, close } = await mailServer({})
    close()
    await expect(createMailSender({ smtpUrl: url, from: 'member@example.com' }).send(mail)).rejects.toBeInstanceOf(MessageUndeliveredError)
  })

  it('takes nothing that would add a header or a second recipient', async () => {
    const { url, received, close } = await mailServer({})
    await createMailSender({ smtpUrl: url, from: 'member@example.com' }).send({ ...mail, subject: 'x\r\nBcc: other@example.com' }).catch(() => {})
    close()
    expect(received.filter((line) => /^RCPT/.test(line))).toEqual(['RCPT TO:<guest@example.com>'])
    expect(received.some((line) => /^Bcc:/i.test(line))).toBe(false)
  })
})
