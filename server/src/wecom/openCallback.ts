import { timingSafeEqual } from 'node:crypto'
import { decrypt, getSignature } from '@wecom/crypto'
import type { CallbackRefusalReason } from '@qihui/shared/doctor'
import { AppError } from '@qihui/shared/errors'
import { readXml, type XmlElements, type XmlValue } from './readXml.ts'

/** How far a callback's clock may be off, both ways (Standard Webhooks; trust 1.1). The vendor's samples do not look at it. */
const clockToleranceMs = 5 * 60_000
const cipherBlockBytes = 32

/** The secrets of the callback address, as entered in the console. */
export interface CallbackKeys {
  readonly corpId: string
  readonly callbackToken: string
  readonly callbackAesKey: string
}

/** The signed query of a callback; repeated keys are arrays and refused. */
export interface CallbackQuery {
  readonly msg_signature?: string | string[] | undefined
  readonly timestamp?: string | string[] | undefined
  readonly nonce?: string | string[] | undefined
}

/** A decrypted event: leaf elements by name, trimmed. Element order and CDATA are not contractual (platform 7.4). */
export interface CallbackEvent {
  readonly event: string
  readonly changeType: string
  readonly fields: ReadonlyMap<string, string>
  /** How old the event was when it was pushed to us, by the clock of WeCom, which signs both instants; 0 when it does not say. A push that is repeated is older. */
  readonly ageMs?: number
}

/** One answer for every way a callback can be wrong after its signature: the sender learns nothing about the padding. The reason stays with us. */
export class CallbackRefusal extends AppError {
  readonly reason: CallbackRefusalReason

  constructor(reason: CallbackRefusalReason) {
    super(reason === 'malformed' ? 'callback.malformed' : 'callback.refused')
    this.reason = reason
  }
}

function isSameText(a: string, b: string): boolean {
  const left = Buffer.from(a)
  const right = Buffer.from(b)
  return left.length === right.length && timingSafeEqual(left, right)
}

/** @throws AppError `callback.malformed` for anything that is not a flat-rooted `<xml>` document without a DOCTYPE. */
function parseXml(xml: string): XmlElements {
  try {
    const root = readXml(xml).get('xml')
    if (root instanceof Map) return root
  } catch {
    // Falls through: every way of not being our document is the same answer.
  }
  throw new CallbackRefusal('malformed')
}

/** What has elements of its own, as JSON. */
function textOf(value: XmlValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value, (_name, part: unknown) => (part instanceof Map ? Object.fromEntries(part) : part))
}

/** Whole seconds, as both instants are. */
function ageOf(pushedAtSeconds: number, createdAtSeconds: number): number {
  return createdAtSeconds > 0 && pushedAtSeconds > createdAtSeconds ? (pushedAtSeconds - createdAtSeconds) * 1000 : 0
}

function checkSignature(keys: CallbackKeys, query: CallbackQuery, encrypted: string, at: Date): void {
  const { msg_signature: signature, timestamp, nonce } = query
  if (typeof signature !== 'string' || typeof timestamp !== 'string' || typeof nonce !== 'string') throw new CallbackRefusal('unsigned')
  // The signature joins its parts without a separator: only a fixed-width timestamp keeps the split unambiguous (trust 1.1, trap 3).
  if (!/^\d{10}$/.test(timestamp)) throw new CallbackRefusal('unsigned')
  if (!isSameText(getSignature(keys.callbackToken, timestamp, nonce, encrypted), signature)) throw new CallbackRefusal('signature')
  if (Math.abs(at.getTime() - Number(timestamp) * 1000) > clockToleranceMs) throw new CallbackRefusal('clock')
}

/** Null for empty, short and damaged ciphertexts, which throw range and OpenSSL errors (trust 1.1, trap 2). */
function openOrNull(aesKey: string, encrypted: string): { readonly message: string; readonly id: string } | null {
  try {
    return decrypt(aesKey, encrypted)
  } catch {
    return null
  }
}

/** @param encrypted signed: what is in it was written by whoever holds the token */
function decryptFor(keys: CallbackKeys, encrypted: string): string {
  if (Buffer.byteLength(encrypted, 'base64') % cipherBlockBytes !== 0) throw new CallbackRefusal('undecryptable')
  const opened = openOrNull(keys.callbackAesKey, encrypted)
  if (opened === null) throw new CallbackRefusal('undecryptable')
  // The library compares no receiver (trust 1.1, trap 1): a message for another corp decrypts just as well.
  if (!isSameText(opened.id, keys.corpId)) throw new CallbackRefusal('receiver')
  return opened.message
}

/**
 * The plain text to answer when WeCom checks the address (platform 7.1).
 * @param rawQuery the undecoded query string: a form decoder would turn the `+` of base64 into a space.
 * @throws AppError `callback.refused`
 */
export function openEcho(keys: CallbackKeys, rawQuery: string, at: Date): string {
  const query = new Map<string, string>()
  for (const part of rawQuery.split('&')) {
    const [name = '', value = ''] = part.split(/=(.*)/s)
    if (query.has(name)) throw new CallbackRefusal('unsigned')
    try {
      query.set(name, decodeURIComponent(value))
    } catch {
      throw new CallbackRefusal('unsigned')
    }
  }
  const echo = query.get('echostr') ?? ''
  checkSignature(keys, { msg_signature: query.get('msg_signature'), timestamp: query.get('timestamp'), nonce: query.get('nonce') }, echo, at)
  return decryptFor(keys, echo)
}

/**
 * Opens one callback: strict parse, signature in constant time, clock within five minutes, decrypt, receiver compared (P1).
 * @throws AppError `callback.malformed` (not the XML of a callback), `callback.refused` (anything that was not made by our WeCom).
 */
export function openCallback(keys: CallbackKeys, query: CallbackQuery, body: string, at: Date): CallbackEvent {
  const encrypted = parseXml(body).get('Encrypt')
  if (typeof encrypted !== 'string' || encrypted === '') throw new CallbackRefusal('malformed')
  checkSignature(keys, query, encrypted, at)
  const fields = new Map<string, string>()
  for (const [name, value] of parseXml(decryptFor(keys, encrypted))) fields.set(name, textOf(value))
  return { event: fields.get('Event') ?? '', changeType: fields.get('ChangeType') ?? '', fields, ageMs: ageOf(Number(query.timestamp), Number(fields.get('CreateTime'))) }
}
