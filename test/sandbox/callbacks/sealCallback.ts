import { encrypt, getSignature } from '@wecom/crypto'
import { XMLBuilder } from 'fast-xml-parser'
import { credentials } from '../world/credentials.ts'
import type { CallbackEvent } from '../types.ts'

const builder = new XMLBuilder({ cdataPropName: 'cdata', format: false })

function cdata(text: string): { cdata: string } {
  return { cdata: text }
}

/**
 * Plaintext of an event [7.4]. CreateTime is a bare number of seconds, everything else CDATA, as in the official samples.
 * @param createTime seconds
 */
export function writeEventXml(event: CallbackEvent, createTime: number): string {
  const given = Object.entries(event.fields).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const fields = Object.fromEntries(given.map(([name, value]) => [name, cdata(value)]))
  return String(builder.build({
    xml: {
      ToUserName: cdata(credentials.corpId),
      FromUserName: cdata('sys'),
      CreateTime: createTime,
      MsgType: cdata('event'),
      Event: cdata(event.event),
      ChangeType: cdata(event.changeType),
      ...fields,
    },
  }))
}

/** Query and body of one callback POST. */
export interface SealedCallback {
  readonly query: Readonly<Record<'msg_signature' | 'timestamp' | 'nonce', string>>
  readonly body: string
}

/**
 * Encrypts and signs a plaintext as the platform does [7.1, 7.2].
 * @param input.receiverId corpid for a self-built app; another one makes the foreign-receiver test
 * @param input.timestamp seconds
 */
export function sealCallback(input: {
  plaintext: string; timestamp: number; nonce: string; receiverId?: string; token?: string
}): SealedCallback {
  const encrypted = encrypt(credentials.callbackAesKey, input.plaintext, input.receiverId ?? credentials.corpId)
  const timestamp = String(input.timestamp)
  const signature = getSignature(input.token ?? credentials.callbackToken, timestamp, input.nonce, encrypted)
  const body = builder.build({
    xml: { ToUserName: cdata(credentials.corpId), AgentID: cdata(credentials.agentId), Encrypt: cdata(encrypted) },
  })
  return { query: { msg_signature: signature, timestamp, nonce: input.nonce }, body: String(body) }
}
