import { createHmac, timingSafeEqual } from 'node:crypto'
import rawBody from 'raw-body'
import { credentials } from '../../world/credentials.ts'
import { WorldError } from '../../world/errors.ts'
import { receiveMessage } from '../../world/outbox.ts'
import type Koa from 'koa'
import type { VendorDeps } from '../vendorDeps.ts'

export const SMS_PATH = '/_vendor/sms/messages'
/** Two long SMS in JSON; more is not one of ours. */
const MAX_BODY_BYTES = 8_192

interface SmsRequest {
  readonly clientRef: string
  readonly to: string
  readonly text: string
}

function isSigned(header: string, body: Buffer): boolean {
  const expected = Buffer.from(`sha256=${createHmac('sha256', credentials.smsApiKey).update(body).digest('hex')}`)
  const given = Buffer.from(header)
  return given.length === expected.length && timingSafeEqual(given, expected)
}

function readRequest(body: Buffer): SmsRequest | null {
  try {
    const { clientRef, to, text } = JSON.parse(body.toString('utf8')) as Partial<SmsRequest>
    const isComplete = [clientRef, to, text].every((part) => typeof part === 'string' && part !== '')
    return isComplete ? { clientRef, to, text } as SmsRequest : null
  } catch {
    return null
  }
}

/** Answer of the provider, with its status. */
function answerTo(header: string, body: Buffer, deps: VendorDeps): { status: number; body: object } {
  if (!isSigned(header, body)) return { status: 401, body: { error: 'signature', message: '签名不正确' } }
  const request = readRequest(body)
  if (!request) return { status: 400, body: { error: 'malformed', message: '需要 clientRef、to 与 text' } }
  try {
    const isKnown = deps.state.outbox.some(({ clientRef }) => clientRef === request.clientRef)
    const { messageId } = receiveMessage(deps.state, { medium: 'sms', from: '企会', subject: null, ...request })
    if (!isKnown) deps.effects.done(SMS_PATH, request.clientRef)
    return { status: 200, body: { messageId, clientRef: request.clientRef } }
  } catch (error) {
    if (error instanceof WorldError) return { status: 422, body: { error: 'number', message: error.message } }
    throw error
  }
}

/**
 * An SMS provider: `POST` of `{clientRef, to, text}`, signed by `X-Signature: sha256=<hex hmac of the raw body>`. One reference is
 * one message, however often it is sent. Faults: `http5xx` (nothing is taken), `drop` (taken, but the answer is lost),
 * `hold` (taken, and the answer never comes).
 */
export function mountSms(app: Koa, deps: VendorDeps): void {
  app.use(async (ctx, next) => {
    if (ctx.path !== SMS_PATH || ctx.method !== 'POST') return next()
    const startedAt = performance.now()
    const body = await rawBody(ctx.req, { limit: MAX_BODY_BYTES })
    const fault = deps.faults.forVendor(SMS_PATH)
    const answer = fault?.kind === 'http5xx' ? { status: 502, body: {} } : answerTo(ctx.get('x-signature'), body, deps)
    if (fault?.kind === 'hold') {
      ctx.respond = false
      deps.faults.held(SMS_PATH)
    } else if (fault?.kind === 'drop') {
      ctx.respond = false
      ctx.req.socket.destroy()
    } else {
      ctx.status = answer.status
      ctx.body = answer.body
    }
    deps.wire.add({
      from: 'server', to: 'phone', what: 'POST /messages', meaning: answer.status === 200 ? '短信送到客户手机' : '短信服务商没有受理', status: answer.status,
      errcode: null, durationMs: Math.round(performance.now() - startedAt),
    })
  })
}
