import { createHmac, randomUUID } from 'node:crypto'
import { createTransport } from 'nodemailer'
import { afterEach, describe, expect, it } from 'vitest'
import { useSandbox } from './client.ts'
import { credentials } from '../world/credentials.ts'

const client = useSandbox({ smtpPort: 0 })

function send(message: unknown, change: { key?: string; header?: string } = {}): Promise<Response> {
  const body = typeof message === 'string' ? message : JSON.stringify(message)
  const signature = `sha256=${createHmac('sha256', change.key ?? credentials.smsApiKey).update(body).digest('hex')}`
  return fetch(client.sandbox.bases.sms, { method: 'POST', headers: { 'content-type': 'application/json', 'x-signature': change.header ?? signature }, body })
}

const sms = (change: Record<string, unknown> = {}) => ({ clientRef: randomUUID(), to: '+8613800001111', text: '欢迎入会 https://member.example/i/abc', ...change })

afterEach(() => client.sandbox.faults.stop())

describe('the SMS provider', () => {
  it.each(['+8613800001111', '13800001111', '8613800001111'])('puts a signed message to %s into the inbox of its owner', async (to) => {
    const message = sms({ to })
    expect((await send(message)).status).toBe(200)
    expect(client.sandbox.world.outbox('p001').at(-1)).toMatchObject({ medium: 'sms', to, text: message.text, clientRef: message.clientRef })
  })

  it('takes one reference once, however often it is sent', async () => {
    const message = sms()
    const answers = await Promise.all(Array.from({ length: 5 }, () => send(message)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    expect(client.sandbox.world.outbox().filter(({ clientRef }) => clientRef === message.clientRef)).toHaveLength(1)
  })

  it('keeps a message whose answer was lost: the repeat adds none', async () => {
    const message = sms()
    client.sandbox.faults.start({ seed: 1, vendor: [{ kind: 'drop', probability: 1, times: 1 }] })
    await expect(send(message)).rejects.toThrow()
    expect((await send(message)).status).toBe(200)
    expect(client.sandbox.world.outbox().filter(({ clientRef }) => clientRef === message.clientRef)).toHaveLength(1)
  })

  it('takes nothing while it answers 502', async () => {
    const message = sms()
    client.sandbox.faults.start({ seed: 1, vendor: [{ kind: 'http5xx', probability: 1, times: 1 }] })
    expect((await send(message)).status).toBe(502)
    expect(client.sandbox.world.outbox().some(({ clientRef }) => clientRef === message.clientRef)).toBe(false)
  })

  it('refuses a wrong key, no signature, broken JSON, missing parts and what is no mobile', async () => {
    const before = client.sandbox.world.outbox().length
    const statuses = await Promise.all([send(sms(), { key: 'another' }), send(sms(), { header: '' }), send('{'), send({ clientRef: 'a' }), send(sms({ to: '010-12345678' }))])
    expect(statuses.map(({ status }) => status)).toEqual([401, 401, 400, 400, 422])
    expect(client.sandbox.world.outbox()).toHaveLength(before)
  })
})

describe('the mailbox', () => {
  const mailer = () => createTransport(client.sandbox.bases.smtp ?? '')
  const mail = { from: 'member@qihui.example', to: 'p002@mail.example', subject: '入会邀请', text: '请打开 https://member.example/i/abc' }

  it('receives a mail with its Chinese subject and text, for its owner', async () => {
    await mailer().sendMail(mail)
    expect(client.sandbox.world.outbox('p002')).toMatchObject([{ medium: 'email', from: mail.from, to: mail.to, subject: mail.subject, text: expect.stringContaining(mail.text) }])
  })

  it('takes one message id once', async () => {
    for (let count = 0; count < 2; count += 1) await mailer().sendMail({ ...mail, to: 'p003@mail.example', messageId: '<one@qihui.example>' })
    expect(client.sandbox.world.outbox('p003')).toHaveLength(1)
  })

  it('sends back what has no mailbox', async () => {
    await expect(mailer().sendMail({ ...mail, to: 'nobody@mail.example' })).rejects.toMatchObject({ responseCode: 550 })
  })
})

describe('the wire', () => {
  it('shows that messages went out, without number, address or text', () => {
    const lines = JSON.stringify(client.sandbox.wire.entries())
    expect(lines).toContain('短信送到客户手机')
    expect(lines).toContain('邮件送到客户邮箱')
    expect(lines).not.toMatch(/13800001111|mail\.example|入会邀请/)
  })
})
