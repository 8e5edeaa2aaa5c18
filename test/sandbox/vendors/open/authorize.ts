import { CODE_TTL_MS } from '../../world/grants.ts'
import { credentials } from '../../world/credentials.ts'
import { findStaff } from '../../world/state.ts'
import type { WorldState } from '../../world/state.ts'

/** Who is logged in to the simulated client that opens the page. */
export type ClientIdentity = { readonly staffUserId: string } | { readonly personId: string }

export type AuthorizeResult =
  | { readonly kind: 'redirect'; readonly location: string }
  | { readonly kind: 'consent'; readonly agreeUrl: string }
  | { readonly kind: 'page'; readonly code: number | null; readonly text: string }

/** `state` is letters and digits, at most 128 bytes, else 84025 [3.1]. */
const STATE = /^[a-zA-Z0-9]{0,128}$/
const OA_ORDER = ['appid', 'redirect_uri', 'response_type', 'scope', 'state']
/** Added by the consent page of `snsapi_privateinfo` when the member agrees. */
const AGREE_KEY = 'sandbox_agree'

/** Reads `staff:<userId>` or `person:<personId>`; null when nobody (known) is logged in. */
export function readIdentity(state: WorldState, text: string | undefined): ClientIdentity | null {
  const [kind, id] = (text ?? '').split(/:(.*)/s)
  if (kind === 'staff' && id) {
    const member = findStaff(state, id)
    return member ? { staffUserId: member.userId } : null
  }
  if (kind === 'person' && id && state.peopleById.has(id)) return { personId: id }
  return null
}

function page(code: number | null, text: string): AuthorizeResult {
  return { kind: 'page', code, text }
}

function redirectTo(target: URL, code: string, state: string | null): AuthorizeResult {
  target.searchParams.set('code', code)
  target.searchParams.set('state', state ?? '')
  return { kind: 'redirect', location: target.href }
}

/** The corp's page: scope `snsapi_base` is silent, `snsapi_privateinfo` needs an agent id and the member's consent [3.1]. */
function authorizeCorp(state: WorldState, query: URLSearchParams, target: URL, identity: ClientIdentity, self: string): AuthorizeResult {
  const scope = query.get('scope') ?? ''
  if (scope !== 'snsapi_base' && scope !== 'snsapi_privateinfo') return page(null, 'scope 参数错误')
  if (!state.settings.trustedDomains.includes(target.host)) return page(50001, 'redirect_uri 与应用的可信域名不一致')
  const agentId = query.get('agentid')
  if (agentId !== null && agentId !== credentials.agentId) return page(301002, 'agentid 与企业不匹配')
  if (scope === 'snsapi_privateinfo') {
    if (agentId === null) return page(null, 'snsapi_privateinfo 需要 agentid')
    if ('staffUserId' in identity && query.get(AGREE_KEY) !== '1') return { kind: 'consent', agreeUrl: `${self}&${AGREE_KEY}=1` }
  }
  return redirectTo(target, state.grants.issue('corpOauth', CODE_TTL_MS, { ...identity, scope }), query.get('state'))
}

/** The official account's page: WeChat only, callback domain checked, order of the parameters matched by the client [9]. */
function authorizeOfficialAccount(state: WorldState, query: URLSearchParams, target: URL, identity: ClientIdentity, userAgent: string): AuthorizeResult {
  const scope = query.get('scope') ?? ''
  if (!('personId' in identity) || /wxwork/i.test(userAgent)) return page(null, '请在微信客户端打开链接')
  const order = [...query.keys()].filter((key) => OA_ORDER.includes(key))
  if (order.some((key, index) => OA_ORDER.indexOf(key) < OA_ORDER.indexOf(order[index - 1] ?? key))) return page(null, '链接参数顺序错误')
  if (scope !== 'snsapi_base' && scope !== 'snsapi_userinfo') return page(null, 'scope 参数错误')
  if (!state.settings.oaDomains.includes(target.host)) return page(10003, 'redirect_uri 域名与后台配置不一致')
  return redirectTo(target, state.grants.issue('oaOauth', CODE_TTL_MS, { ...identity, scope }), query.get('state'))
}

/**
 * `GET /connect/oauth2/authorize`. A refusal is a page a person reads, not JSON.
 * @param self address of the request, for the consent page's button
 * @param userAgent the client's name: WeCom does not open the official account's page
 */
export function authorize(state: WorldState, query: URLSearchParams, identity: ClientIdentity | null, self: string, userAgent: string): AuthorizeResult {
  const redirectUri = query.get('redirect_uri') ?? ''
  if (!URL.canParse(redirectUri)) return page(50001, 'redirect_uri 缺失或不是完整地址')
  if (query.get('response_type') !== 'code') return page(null, 'response_type 必须为 code')
  if (!STATE.test(query.get('state') ?? '')) return page(84025, 'state 只能是不超过 128 字节的字母和数字')
  const appId = query.get('appid')
  if (appId !== credentials.corpId && appId !== credentials.oaAppId) return page(40013, 'appid 不存在')
  if (!identity) return page(null, appId === credentials.corpId ? '请在企业微信客户端打开链接' : '请在微信客户端打开链接')
  const target = new URL(redirectUri)
  if (appId === credentials.corpId) return authorizeCorp(state, query, target, identity, self)
  return authorizeOfficialAccount(state, query, target, identity, userAgent)
}
