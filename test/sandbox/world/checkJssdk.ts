import { getJsApiSignature } from '@wecom/crypto'
import { credentials } from './credentials.ts'
import type { TicketState, WorldState } from './state.ts'
import type { JssdkCheck } from '../types.ts'

interface Verdict {
  readonly isAccepted: boolean
  readonly errMsg: string
}

/** Seconds have ten digits until 2286; thirteen are milliseconds, the classic slip [2.2]. */
const SECONDS = /^\d{10}$/

function isSignedBy(ticket: TicketState, check: JssdkCheck): boolean {
  const { signature } = getJsApiSignature({ ticket: ticket.ticket, nonceStr: check.nonceStr, timestamp: check.timestamp, url: check.url })
  return signature === check.signature
}

function hostOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).host : null
}

/**
 * The check of the WeCom client: 40063 something is empty, 92002 other corp, 301002 other agent, 80001 page host is not a trusted
 * domain, 42012 signed with the ticket of the other identity, 40093 anything else wrong with the signature [2.2].
 */
export function checkJssdk(state: WorldState, check: JssdkCheck): Verdict {
  const api = check.identity === 'agent' ? 'agentConfig' : 'preVerifyJSAPI'
  const refuse = (errcode: number, reason: string): Verdict => ({ isAccepted: false, errMsg: `${api}:fail ${reason} (${errcode})` })
  if (!check.corpId || !check.timestamp || !check.nonceStr || !check.signature || !check.url) return refuse(40063, 'empty parameter')
  if (check.identity === 'agent' && !check.agentId) return refuse(40063, 'empty parameter')
  if (check.corpId !== credentials.corpId) return refuse(92002, 'corpid not match')
  if (check.identity === 'agent' && check.agentId !== credentials.agentId) return refuse(301002, 'agentid not match')
  const host = hostOf(check.url)
  if (!host || !state.settings.trustedDomains.includes(host)) return refuse(80001, 'untrusted domain')
  const now = state.clock.now()
  const live = state.tickets.filter((ticket) => ticket.expiresAt > now)
  const wanted = check.identity === 'agent' ? 'agent' : 'corp'
  const signer = live.find((ticket) => isSignedBy(ticket, check))
  if (signer && signer.kind !== wanted) return refuse(42012, 'ticket not usable')
  if (!signer || !SECONDS.test(check.timestamp)) return refuse(40093, 'invalid signature')
  return { isAccepted: true, errMsg: `${api}:ok` }
}
