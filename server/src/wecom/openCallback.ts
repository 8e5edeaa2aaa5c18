import { timingSafeEqual } from 'node:crypto'
import { decrypt, getSignature } from '@wecom/crypto'
import { AppError } from '@qihui/shared/errors'
import { readXml, type XmlElements } from './readXml.ts'

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
  readonly fields: Readonly<Record<string, string>>
}

/** One answer for every way a callback can be wrong after its signature: the sender learns nothing about the padding. */
function refused(): AppError {
  return new AppError('callback.refused')
}

function isSameText(a: string, b: string): boolean {
  const left = Buffer.from(a)
  const right = Buffer.from(b)
  return left.length === right.length && timingSafeEqual(left, right)
}

/** @throws AppError `callback.malformed` for anything that is not a flat-rooted `<xml>` document without a DOCTYPE. */
function parseXml(xml: string): XmlElements {
  try {
    const root = readXml(xml)['xml']
    if (typeof root === 'object' && !Array.isArray(root)) return root
  } catch {
    // Falls through: every way of not being our document is the same answer.
  }
  throw new AppError('callback.malformed')
}

function checkSignature(keys: CallbackKeys, query: CallbackQuery, encrypted: string, at: Date): void {
  const { msg_signature: signature, timestamp, nonce } = query
  if (typeof signature !== 'string' || typeof timestamp !== 'string' || typeof nonce !== 'string') throw refused()
  // The signature joins its parts without a separator: only a fixed-width timestamp keeps the split unambiguous (trust 1.1, trap 3).
  if (!/^\d{10}$/.test(timestamp)) throw refused()
  if (!isSameText(getSignature(keys.callbackToken, timestamp, nonce, encrypted), signature)) throw refused()
  if (Math.abs(at.getTime() - Number(timestamp) * 1000) > clockToleranceMs) throw refused()
}

/** @param encrypted signed: what is in it was written by whoever holds the token */
function decryptFor(keys: CallbackKeys, encrypted: string): string {
  if (Buffer.byteLength(encrypted, 'base64') % cipherBlockBytes !== 0) throw refused()
  try {
    const { message, id } = decrypt(keys.callbackAesKey, encrypted)
    // The library compares no receiver (trust 1.1, trap 1): a message for another corp decrypts just as well.
    if (isSameText(id, keys.corpId)) return message
  } catch {
    // Empty, short and damaged ciphertexts throw range and OpenSSL errors (trap 2).
  }
  throw refused()
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
    if (query.has(name)) throw refused()
    try {
      query.set(name, decodeURIComponent(value))
    } catch {
      throw refused()
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
  const encrypted = parseXml(body)['Encrypt']
  if (typeof encrypted !== 'string' || encrypted === '') throw new AppError('callback.malformed')
  checkSignature(keys, query, encrypted, at)
  const fields: Record<string, string> = {}
  for (const [name, value] of Object.entries(parseXml(decryptFor(keys, encrypted)))) {
    fields[name] = typeof value === 'string' ? value : JSON.stringify(value)
  }
  return { event: fields['Event'] ?? '', changeType: fields['ChangeType'] ?? '', fields }
}
