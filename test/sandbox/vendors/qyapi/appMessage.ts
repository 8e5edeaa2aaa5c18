import { createHash } from 'node:crypto'
import { receiveMessage } from '../../world/outbox.ts'
import { findStaff } from '../../world/state.ts'
import { credentials } from '../../world/credentials.ts'
import { VendorError } from '../endpoint.ts'
import { limitBytes, optionalInteger, requiredString } from '../readBody.ts'
import type { Endpoint, VendorAnswer, VendorCall } from '../endpoint.ts'

/** Document 90236: at most 1,000 receivers, joined by a bar. */
const MAX_RECEIVERS = 1_000

function cardOf(call: VendorCall): { readonly title: string; readonly description: string; readonly url: string } {
  if (requiredString(call, 'msgtype') !== 'textcard') throw new VendorError(40008, 'invalid message type')
  const card = (call.body['textcard'] ?? {}) as Readonly<Record<string, unknown>>
  const read = (key: string): string => {
    const value = card[key]
    if (typeof value !== 'string' || value === '') throw new VendorError(40058, `textcard.${key} exceed min length 1`)
    return value
  }
  const found = { title: read('title'), description: read('description'), url: read('url') }
  limitBytes(call, 'textcard.title', found.title, 128)
  limitBytes(call, 'textcard.description', found.description, 512)
  limitBytes(call, 'textcard.url', found.url, 2_048)
  return found
}

/** The same request again within the time asked for is not delivered again. */
function referenceOf(call: VendorCall, userId: string): string | null {
  if (optionalInteger(call, 'enable_duplicate_check') !== 1) return null
  return createHash('sha256').update(JSON.stringify([userId, call.body])).digest('hex')
}

/** Members outside the visible scope are named and left out; with nobody left the call fails (document 90236). */
function sendAppMessage(call: VendorCall): VendorAnswer {
  if (String(call.body['agentid']) !== credentials.agentId) throw new VendorError(301002, 'not allow operate another agent with this accesstoken')
  const receivers = requiredString(call, 'touser').split('|')
  if (receivers.length > MAX_RECEIVERS) throw new VendorError(40031, 'invalid userid list')
  const { title, description, url } = cardOf(call)
  const invalid = receivers.filter((userId) => findStaff(call.state, userId)?.isVisible !== true)
  if (invalid.length === receivers.length) throw new VendorError(81013, 'user & party & tag all invalid')
  for (const userId of receivers) {
    if (!invalid.includes(userId)) receiveMessage(call.state, { medium: 'app', to: userId, from: credentials.agentId, subject: title, text: `${description}\n${url}`, clientRef: referenceOf(call, userId) })
  }
  return { ...(invalid.length > 0 ? { invaliduser: invalid.map((userId) => userId.toLowerCase()).join('|') } : {}), msgid: call.state.nextId('appMessage', 32) }
}

export const appMessageEndpoints: readonly Endpoint[] = [
  {
    method: 'POST',
    path: '/cgi-bin/message/send',
    meaning: '发送应用消息给员工',
    token: 'access',
    effectKey: (call) => `${requiredString(call, 'touser')} ${cardOf(call).url}`,
    handle: sendAppMessage,
  },
]
