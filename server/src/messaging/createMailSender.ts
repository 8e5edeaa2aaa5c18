import type { Probe, SilenceCause } from '@qihui/shared/doctor'
import { createTransport } from 'nodemailer'
import { MessageRefusedError, MessageUndeliveredError, type MailSender } from './messaging.ts'

/** A mail server slower than this counts as away; the job tries again. Milliseconds. */
const connectTimeoutMs = 5_000
const answerTimeoutMs = 10_000
/** SMTP replies from here on are final (RFC 5321, 4.2.1). */
const permanentReply = 500
/** Replies about login and set-up are final too, but it is we who are refused: the message waits for the setting. */
const loginReplies: readonly number[] = [530, 534, 535, 538]

/** What nodemailer calls the ways of not reaching a server. */
const silences: Readonly<Record<string, SilenceCause>> = { EDNS: 'dns', ECONNECTION: 'refused', ESOCKET: 'refused', ETIMEDOUT: 'timeout', ETLS: 'tls' }

function probeFailure(error: unknown): Probe {
  const { responseCode = 0, code = '' } = (error ?? {}) as SmtpFailure
  if (responseCode > 0 || code === 'EAUTH') return { outcome: 'refused', cause: 'badSecret', errcode: responseCode, callerIp: null }
  return { outcome: 'silent', cause: silences[code] ?? 'network' }
}

interface SmtpFailure {
  readonly responseCode?: number
  readonly code?: string
}

/** What nodemailer says of a failure, in our two words. Its own text may quote the recipient and is dropped. */
function translate(error: unknown): Error {
  const { responseCode = 0, code = 'unknown' } = (error ?? {}) as SmtpFailure
  // Without a reply, an envelope error is the library's own refusal of an address that is none.
  const isFinal = responseCode === 0 ? code === 'EENVELOPE' : responseCode >= permanentReply && !loginReplies.includes(responseCode)
  if (isFinal) return new MessageRefusedError(`邮件服务器拒收（${responseCode || code}），请核对邮箱地址`)
  return new MessageUndeliveredError(responseCode > 0 ? `SMTP ${responseCode}` : code)
}

/**
 * E-mail over SMTP (R9). The Message-ID is made of the reference, so that a repeat is recognised as the same message.
 * @param smtpUrl `smtp(s)://user:password@host:port`; TLS is required unless the host is this machine
 */
export function createMailSender({ smtpUrl, from }: { readonly smtpUrl: string; readonly from: string }): MailSender {
  const { hostname } = new URL(smtpUrl)
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
  const transport = createTransport({
    url: smtpUrl,
    requireTLS: smtpUrl.startsWith('smtp:') && !isLocal,
    connectionTimeout: connectTimeoutMs,
    greetingTimeout: connectTimeoutMs,
    socketTimeout: answerTimeoutMs,
    // The text is ours; nothing in it may make the server read files or fetch addresses.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const domain = from.slice(from.lastIndexOf('@') + 1).replace(/[^0-9A-Za-z.-]/g, '')
  return {
    async send({ reference, to, subject, text }) {
      try {
        await transport.sendMail({ from, to: { name: '', address: to }, subject, text, messageId: `<${reference}@${domain}>` })
      } catch (error) {
        throw translate(error)
      }
    },
    async probe() {
      try {
        await transport.verify()
        return { outcome: 'ok', value: null }
      } catch (error) {
        return probeFailure(error)
      }
    },
  }
}
