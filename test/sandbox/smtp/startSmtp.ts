import type { AddressInfo } from 'node:net'
import type { Readable } from 'node:stream'
import PostalMime from 'postal-mime'
import rawBody from 'raw-body'
import { SMTPServer } from 'smtp-server'
import { receiveMessage } from '../world/outbox.ts'
import type { WorldState } from '../world/state.ts'
import type { WireLog } from '../types.ts'

/** A mail of ours has a few kilobytes. */
const MAX_MAIL_BYTES = 262_144
/** `nobody@…` has no mailbox: a permanent refusal, for tests. */
const NO_MAILBOX = /^nobody@/i

/** A running mail receiver. */
export interface SmtpReceiver {
  readonly port: number
  close(): Promise<void>
}

async function keepMail(state: WorldState, stream: Readable, recipients: readonly string[]): Promise<void> {
  const mail = await PostalMime.parse(await rawBody(stream, { limit: MAX_MAIL_BYTES }))
  for (const to of recipients) {
    const clientRef = mail.messageId === undefined ? null : `${mail.messageId} ${to}`
    receiveMessage(state, { medium: 'email', from: mail.from?.address ?? '', to, subject: mail.subject ?? null, text: mail.text ?? mail.html ?? '', clientRef })
  }
}

/** Receives mail on loopback without login or TLS, into the inbox of whom it is for. One `Message-ID` and recipient is one mail. */
export async function startSmtp(state: WorldState, wire: WireLog, port: number): Promise<SmtpReceiver> {
  const note = (meaning: string, isGood: boolean): void => wire.add({ from: 'server', to: 'phone', what: 'SMTP', meaning, status: isGood ? 250 : 550, errcode: null, durationMs: null })
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: MAX_MAIL_BYTES,
    onRcptTo({ address }, _session, done) {
      if (!NO_MAILBOX.test(address)) return done()
      note('邮件被退回：没有这个邮箱', false)
      return done(Object.assign(new Error('no such mailbox'), { responseCode: 550 }))
    },
    onData(stream, session, done) {
      keepMail(state, stream, session.envelope.rcptTo.map(({ address }) => address)).then(() => {
        note('邮件送到客户邮箱', true)
        done()
      }, done)
    },
  })
  // A sender that breaks off is the sender's matter; it must not end the sandbox.
  server.on('error', (error: Error) => console.error(`sandbox mail receiver: ${error.message}`))
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    port: (server.server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
