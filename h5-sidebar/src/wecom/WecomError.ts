/**
 * Why a client call failed.
 * `signatureRefused`: the client did not accept our signature. `noPermission`: the app lacks a right or the client refused.
 * `noContext`: this entry has no contact or chat. `timeout`: no answer; for a send this does not mean that nothing was sent.
 */
export type WecomErrorKind = 'signatureRefused' | 'noPermission' | 'noContext' | 'cancelled' | 'timeout' | 'failed'

/** A failed call of the WeCom client. `clientMessage` is the client's own text, for support; it holds no personal data. */
export class WecomError extends Error {
  readonly kind: WecomErrorKind
  readonly api: string
  readonly clientMessage: string

  constructor(kind: WecomErrorKind, api: string, clientMessage = '') {
    super(`${api}: ${kind}`)
    this.name = 'WecomError'
    this.kind = kind
    this.api = api
    this.clientMessage = clientMessage
  }
}

/** The client's error text decides; only its tail counts, since the client prints a wrong name in front of some (platform 2.5). */
export function wecomErrorFrom(api: string, reason: unknown): WecomError {
  if (reason instanceof WecomError) return reason
  const text = String((reason as { errMsg?: unknown } | null)?.errMsg ?? (reason instanceof Error ? reason.message : reason))
  const tail = text.slice(text.indexOf(':') + 1).toLowerCase()
  if (/^\s*cancel/.test(tail)) return new WecomError('cancelled', api, text)
  if (/without context/.test(tail)) return new WecomError('noContext', api, text)
  if (/^(agentconfig|config|preverifyjsapi):/i.test(text)) return new WecomError('signatureRefused', api, text)
  if (/permission|denied|not allow/.test(tail)) return new WecomError('noPermission', api, text)
  return new WecomError('failed', api, text)
}
