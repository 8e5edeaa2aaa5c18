import { getJsApiSignature } from '@wecom/crypto'
import { credentials } from './credentials.ts'
import type { WorldState } from './state.ts'
import type { WechatJssdkCheck } from '../types.ts'

/** Seconds have ten digits until 2286; thirteen are milliseconds. */
const SECONDS = /^\d{10}$/

/**
 * The check of the WeChat client for a page of the official account: other appid, page host outside the JS-safe domains, or a
 * signature that no live `jsapi` ticket of the account gives [9, 2.2]. The texts are the client's.
 */
export function checkWechatJssdk(state: WorldState, check: WechatJssdkCheck): { isAccepted: boolean; errMsg: string } {
  const refuse = (reason: string): { isAccepted: boolean; errMsg: string } => ({ isAccepted: false, errMsg: `config:fail,Error: ${reason}` })
  if (check.appId !== credentials.oaAppId) return refuse('invalid appid')
  const host = URL.canParse(check.url) ? new URL(check.url).host : null
  if (host === null || !state.settings.oaDomains.includes(host)) return refuse('invalid url domain')
  const { nonceStr, timestamp, url } = check
  const isSigned = SECONDS.test(timestamp) && state.tickets.some(({ kind, ticket, expiresAt }) =>
    kind === 'officialAccount' && expiresAt > state.clock.now() && getJsApiSignature({ ticket, nonceStr, timestamp, url }).signature === check.signature)
  return isSigned ? { isAccepted: true, errMsg: 'config:ok' } : refuse('63002, invalid signature')
}
