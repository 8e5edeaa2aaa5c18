import { encrypt, getSignature } from '@wecom/crypto'
import type { EchoAnswer } from '@qihui/shared/doctor'
import { randomBytes } from 'node:crypto'
import { silenceCauseOf } from '../vendor/probe.ts'
import type { CallbackKeys } from './openCallback.ts'

const timeoutMs = 5_000
/** What is shown of a wrong answer. */
const bodyLimit = 500
/** Ciphertexts without a plus sign hide a decoder that turns it into a space; nearly every one has one. */
const signTries = 100

/** Bytes as they came: a reader of text would drop the BOM we look for. */
async function beginningOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk)
    size += chunk.byteLength
    if (size > bodyLimit) break
  }
  return Buffer.concat(chunks).toString().slice(0, bodyLimit)
}

function echoWithPlus(keys: CallbackKeys): { readonly echo: string; readonly plain: string } {
  for (let tried = 0; ; tried += 1) {
    const plain = randomBytes(12).toString('hex')
    const echo = encrypt(keys.callbackAesKey, plain, keys.corpId)
    if (echo.includes('+') || tried >= signTries) return { echo, plain }
  }
}

/**
 * Asks our own callback address the question WeCom asks when it is saved, signed with our own settings, through the public
 * address: proxies, redirects and rewriting on the way show (platform 7.1). Never follows a redirect, as WeCom does not.
 * @param url the whole address, without a query
 */
export async function askEcho(keys: CallbackKeys, url: string, now: () => Date): Promise<EchoAnswer> {
  const { echo, plain } = echoWithPlus(keys)
  const timestamp = String(Math.floor(now().getTime() / 1000))
  const nonce = randomBytes(8).toString('hex')
  const query = new Map([['msg_signature', getSignature(keys.callbackToken, timestamp, nonce, echo)], ['timestamp', timestamp], ['nonce', nonce], ['echostr', echo]])
  const asked = performance.now()
  try {
    const text = [...query].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')
    const response = await fetch(`${url}?${text}`, { redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) })
    const location = response.headers.get('location')
    const body = await beginningOf(response)
    const elapsedMs = Math.round(performance.now() - asked)
    const target = location === null ? null : new URL(location, url)
    return { outcome: 'answered', status: response.status, location: target && target.origin + target.pathname, body, expected: plain, elapsedMs }
  } catch (error) {
    return { outcome: 'silent', cause: silenceCauseOf(error) }
  }
}
