import { credentials } from '../../world/credentials.ts'
import { toSeconds } from '../../world/state.ts'
import { optionalBoolean, optionalString } from '../readBody.ts'
import { VendorError } from '../endpoint.ts'
import type { Endpoint, VendorAnswer, VendorCall } from '../endpoint.ts'
import type { WorldState } from '../../world/state.ts'

/** The platform renews a stable token 5 minutes before its end; both work meanwhile [1.2]. */
const STABLE_RENEW_MS = 300_000
/** `force_refresh`: 20 a day, at least 30 s apart [1.2]. */
const FORCED_PER_DAY = 20
const FORCED_GAP_MS = 30_000
const DAY_MS = 86_400_000

const SECRETS: Readonly<Record<string, string>> = {
  [credentials.mpAppId]: credentials.mpSecret,
  [credentials.oaAppId]: credentials.oaSecret,
}

/** @throws VendorError 41002, 41004, 40013, 40125 */
export function checkAppSecret(appId: string | undefined, secret: string | undefined): string {
  if (!appId) throw new VendorError(41002, 'appid missing')
  const expected = SECRETS[appId]
  if (expected === undefined) throw new VendorError(40013, 'invalid appid')
  if (!secret) throw new VendorError(41004, 'appsecret missing')
  if (secret !== expected) throw new VendorError(40125, 'invalid appsecret')
  return appId
}

const forcedAt = new WeakMap<WorldState, Map<string, number[]>>()

function countForced(call: VendorCall, appId: string): void {
  const byApp = forcedAt.get(call.state) ?? new Map<string, number[]>()
  forcedAt.set(call.state, byApp)
  const now = call.state.clock.now()
  const recent = (byApp.get(appId) ?? []).filter((at) => at > now - DAY_MS)
  const last = recent.at(-1)
  if (recent.length >= FORCED_PER_DAY || (last !== undefined && now - last < FORCED_GAP_MS)) {
    throw new VendorError(45009, 'reach max api daily quota limit of force_refresh')
  }
  byApp.set(appId, [...recent, now])
}

function present(call: VendorCall, token: { value: string; expiresAt: number }): VendorAnswer {
  return { access_token: token.value, expires_in: toSeconds(token.expiresAt - call.state.clock.now()) }
}

/** Each fetch replaces the previous token [1.2]. */
function plainToken(call: VendorCall): VendorAnswer {
  if (call.query['grant_type'] !== 'client_credential') throw new VendorError(40002, 'invalid grant_type')
  const kind = `plain:${checkAppSecret(call.query['appid'], call.query['secret'])}` as const
  const token = call.tokens.issue(kind)
  call.tokens.retireOlder(kind, call.state.settings.switches.wxTokenOverlapMs)
  return present(call, token)
}

/** Isolated from `/cgi-bin/token`; the same token with its remaining life unless forced [1.2]. */
function stableToken(call: VendorCall): VendorAnswer {
  if (optionalString(call, 'grant_type') !== 'client_credential') throw new VendorError(40002, 'invalid grant_type')
  const appId = checkAppSecret(optionalString(call, 'appid'), optionalString(call, 'secret'))
  const kind = `stable:${appId}` as const
  const current = call.tokens.current(kind)
  if (optionalBoolean(call, 'force_refresh')) {
    countForced(call, appId)
    const forced = call.tokens.issue(kind)
    call.tokens.retireOlder(kind, 0)
    return present(call, forced)
  }
  const isFresh = current !== undefined && current.expiresAt - call.state.clock.now() > STABLE_RENEW_MS
  return present(call, isFresh ? current : call.tokens.issue(kind))
}

export const wxTokenEndpoints: readonly Endpoint[] = [
  { method: 'GET', path: '/cgi-bin/token', meaning: '换取微信调用凭证', token: 'none', isBareOnSuccess: true, handle: plainToken },
  { method: 'POST', path: '/cgi-bin/stable_token', meaning: '换取微信稳定版调用凭证', token: 'none', isBareOnSuccess: true, handle: stableToken },
]
