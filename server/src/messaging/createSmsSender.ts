import { createHmac } from 'node:crypto'
import type { Logger } from 'pino'
import { silenceCauseOf } from '../vendor/probe.ts'
import { MessageRefusedError, MessageUndeliveredError, type SmsSender } from './messaging.ts'

/** A provider slower than this counts as away; the job tries again with the same reference. Milliseconds. */
const answerTimeoutMs = 5_000
const tooManyRequests = 429
const requestTimeout = 408
/** 401 and 403 mean our key: it is not the message that is refused. */
const keyRefused: readonly number[] = [401, 403]

/**
 * SMS through a JSON door: `POST {clientRef, to, text}` with `X-Signature: sha256=<hex HMAC of the raw body>` (docs/operations.md).
 * 2xx is taken, a repeated `clientRef` is one message; other 4xx refuse this message for good, everything else may be tried again.
 */
export function createSmsSender({ url, key, log }: { readonly url: string; readonly key: string; readonly log: Logger }): SmsSender {
  return {
    async send({ reference, to, text }) {
      const body = JSON.stringify({ clientRef: reference, to, text })
      const signature = createHmac('sha256', key).update(body).digest('hex')
      let status: number
      try {
        const response = await fetch(url, {
          method: 'POST',
          redirect: 'manual',
          signal: AbortSignal.timeout(answerTimeoutMs),
          headers: { 'content-type': 'application/json', 'x-signature': `sha256=${signature}` },
          body,
        })
        status = response.status
        await response.body?.cancel()
      } catch (error) {
        throw new MessageUndeliveredError(error instanceof Error ? error.name : 'unknown')
      }
      if (status >= 200 && status < 300) return
      if (keyRefused.includes(status)) log.error({ alert: 'smsKeyRefused', status }, 'the SMS provider refuses our key; check SMS_API_KEY')
      const isFinal = status >= 400 && status < 500 && status !== tooManyRequests && status !== requestTimeout && !keyRefused.includes(status)
      if (isFinal) throw new MessageRefusedError(`短信服务商拒收（${status}），请核对手机号`)
      throw new MessageUndeliveredError(`HTTP ${status}`)
    },
    async probe() {
      try {
        // Whatever it says of a question without a message: it is there.
        const response = await fetch(url, { method: 'OPTIONS', redirect: 'manual', signal: AbortSignal.timeout(answerTimeoutMs) })
        await response.body?.cancel()
        return { outcome: 'ok', value: null }
      } catch (error) {
        return { outcome: 'silent', cause: silenceCauseOf(error) }
      }
    },
  }
}
