import { hash } from 'node:crypto'
import { AppError } from '@qihui/shared/errors'
import { pooledRandomHex } from '../../security/randomPool.ts'

/** What `ww.register` takes from its signature callbacks. `timestamp` in seconds. */
export interface JsSignature {
  readonly timestamp: number
  readonly nonceStr: string
  readonly signature: string
}

function isOwnAddress(url: string, publicOrigin: string): boolean {
  // The slash ends the authority: nothing behind it can name another host, a port or a person.
  if (url.startsWith(`${publicOrigin}/`)) return true
  const page = URL.canParse(url) ? new URL(url) : null
  return page !== null && page.origin === publicOrigin && page.username === '' && page.password === ''
}

/** The address as the client compares it: up to the fragment, as it was typed, and only on our own scheme, host and port. */
export function ownPageAddress(url: string, publicOrigin: string): string {
  if (!isOwnAddress(url, publicOrigin)) throw new AppError('jssdk.hostRefused')
  const fragment = url.indexOf('#')
  return fragment === -1 ? url : url.slice(0, fragment)
}

/** Signs a page for the identity the ticket belongs to (R19, platform 2.2). @param address from `ownPageAddress` */
export function signPage(address: string, ticket: string, at: Date): JsSignature {
  // Not by the library: its digest object cost 13 of 187 us a request, and its own nonce would come from Math.random (trust 1.1, trap 4).
  const nonceStr = pooledRandomHex(16)
  const timestamp = Math.floor(at.getTime() / 1000)
  return { timestamp, nonceStr, signature: hash('sha1', `jsapi_ticket=${ticket}&noncestr=${nonceStr}&timestamp=${timestamp}&url=${address}`) }
}
