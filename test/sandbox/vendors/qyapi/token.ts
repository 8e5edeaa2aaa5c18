import { credentials } from '../../world/credentials.ts'
import { toSeconds } from '../../world/state.ts'
import { VendorError } from '../endpoint.ts'
import type { Endpoint, VendorCall } from '../endpoint.ts'
import type { WorldState } from '../../world/state.ts'

/** Repeated wrong secrets ban the caller's IP for one hour [1.1]. */
const BAN_MS = 3_600_000

interface WrongSecrets {
  count: number
  bannedUntil: number
}

const wrongSecrets = new WeakMap<WorldState, Map<string, WrongSecrets>>()

function recordOf(call: VendorCall): WrongSecrets {
  const byIp = wrongSecrets.get(call.state) ?? new Map<string, WrongSecrets>()
  wrongSecrets.set(call.state, byIp)
  const record = byIp.get(call.ip) ?? { count: 0, bannedUntil: 0 }
  byIp.set(call.ip, record)
  return record
}

/** True while the caller's IP is banned for guessing secrets. */
export function isBanned(call: VendorCall): boolean {
  return call.state.clock.now() < recordOf(call).bannedUntil
}

function refuseSecret(call: VendorCall): never {
  const record = recordOf(call)
  record.count += 1
  if (record.count >= call.state.settings.wrongSecretsBeforeBan) {
    record.count = 0
    record.bannedUntil = call.state.clock.now() + BAN_MS
  }
  throw new VendorError(40001, 'invalid credential')
}

/** 41004 (secret) is checked before 41002 (corpid) [0.1]. */
export const tokenEndpoints: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/cgi-bin/gettoken',
    meaning: '用应用密钥换取调用凭证',
    token: 'none',
    handle(call) {
      if (!call.query['corpsecret']) throw new VendorError(41004, 'corpsecret missing')
      if (!call.query['corpid']) throw new VendorError(41002, 'corpid missing')
      if (call.query['corpid'] !== credentials.corpId) throw new VendorError(40013, 'invalid corpid')
      if (call.query['corpsecret'] !== credentials.agentSecret) return refuseSecret(call)
      recordOf(call).count = 0
      const current = call.state.settings.switches.isGettokenRepeatable ? call.tokens.current('corp') : undefined
      const token = current ?? call.tokens.issue('corp')
      return { access_token: token.value, expires_in: toSeconds(token.expiresAt - call.state.clock.now()) }
    },
  },
  {
    method: 'GET',
    path: '/cgi-bin/getcallbackip',
    meaning: '读取回调来源 IP',
    token: 'access',
    empty: { ip_list: [] },
    handle: () => ({ ip_list: ['127.0.0.1'] }),
  },
]
