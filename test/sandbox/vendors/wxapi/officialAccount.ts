import { stableId } from '../../world/random.ts'
import { requirePerson } from '../../world/relations.ts'
import { credentials } from '../../world/credentials.ts'
import { checkAppSecret } from './token.ts'
import { VendorError } from '../endpoint.ts'
import type { Endpoint, VendorAnswer, VendorCall } from '../endpoint.ts'
import type { Grant, GrantKind } from '../../world/grants.ts'

const ACCESS_TTL_MS = 7_200_000
/** As the tickets of WeCom [2.1]. */
const TICKET_TTL_MS = 7_200_000
const REFRESH_TTL_MS = 30 * 86_400_000
const PROFILE_SCOPE = 'snsapi_userinfo'

/** Ids of the fake account behind a snapshot page: they must never be bound [9]. */
function identityOf(call: VendorCall, grant: Grant): { openid: string; unionid: string | null; isSnapshot: boolean } {
  const person = requirePerson(call.state, grant.personId ?? '')
  const isFake = call.state.settings.isSnapshotPage || call.state.snapshotPeople.has(person.personId)
  const isSnapshot = isFake && grant.scope === PROFILE_SCOPE
  const salt = isSnapshot ? `snapshot ${grant.code}` : person.personId
  const openid = `o${stableId(call.state.seed, 'oaOpenId', salt, 27)}`
  if (isSnapshot) return { openid, unionid: `o${stableId(call.state.seed, 'snapshotUnionId', salt, 27)}`, isSnapshot }
  const isShown = grant.scope === PROFILE_SCOPE && call.state.settings.isOpenPlatformBound
  return { openid, unionid: isShown ? person.unionId : null, isSnapshot }
}

function giveTokens(call: VendorCall, grant: Grant): VendorAnswer {
  const subject = { personId: grant.personId ?? '', scope: grant.scope }
  const { openid, unionid, isSnapshot } = identityOf(call, grant)
  return {
    access_token: call.state.grants.issue('oaAccess', ACCESS_TTL_MS, subject),
    expires_in: ACCESS_TTL_MS / 1000,
    refresh_token: call.state.grants.issue('oaRefresh', REFRESH_TTL_MS, subject),
    openid,
    scope: grant.scope,
    ...(unionid === null ? {} : { unionid }),
    ...(isSnapshot ? { is_snapshotuser: 1 } : {}),
  }
}

/** 41008 missing; 40029 unknown, expired or used (40163 behind the same switch as js codes) [9]. */
function exchangeCode(call: VendorCall): VendorAnswer {
  const appId = checkAppSecret(call.query['appid'], call.query['secret'])
  if (appId !== credentials.oaAppId) throw new VendorError(40013, 'invalid appid')
  if (call.query['grant_type'] !== 'authorization_code') throw new VendorError(40002, 'invalid grant_type')
  if (!call.query['code']) throw new VendorError(41008, 'missing code')
  const grant = call.state.grants.find('oaOauth', call.query['code'])
  if (!grant || call.state.grants.isExpired(grant)) throw new VendorError(40029, 'invalid code')
  if (grant.isUsed) throw new VendorError(call.state.settings.switches.reusedJsCode, 'code been used')
  grant.isUsed = true
  return giveTokens(call, grant)
}

function requireGrant(call: VendorCall, kind: GrantKind, key: string): Grant {
  const grant = call.state.grants.find(kind, call.query[key] ?? '')
  if (!grant) throw new VendorError(40001, `invalid ${key}`)
  if (call.state.grants.isExpired(grant)) throw new VendorError(42001, `${key} expired`)
  return grant
}

function profile(call: VendorCall): VendorAnswer {
  const grant = requireGrant(call, 'oaAccess', 'access_token')
  if (grant.scope !== PROFILE_SCOPE) throw new VendorError(48001, 'api unauthorized')
  const person = requirePerson(call.state, grant.personId ?? '')
  const { openid, unionid } = identityOf(call, grant)
  return {
    openid, nickname: person.name, sex: 0, province: '', city: '', country: '',
    headimgurl: `${call.publicUrl}/_vendor/pictures/avatar/${person.personId}.svg`, privilege: [],
    ...(unionid === null ? {} : { unionid }),
  }
}

const SHARED = { method: 'GET', token: 'none' } as const

/** The ticket belongs to the account whose token asks; only the official account's signs its pages [9]. */
function giveTicket(call: VendorCall): VendorAnswer {
  if (call.query['type'] !== 'jsapi') throw new VendorError(40097, 'invalid args')
  const token = call.tokens.find(call.query['access_token'] ?? '')
  if (!token?.kind.endsWith(credentials.oaAppId)) throw new VendorError(48001, 'api unauthorized')
  const { tickets, clock } = call.state
  const now = clock.now()
  const current = tickets.find(({ kind, expiresAt }) => kind === 'officialAccount' && expiresAt > now)
  const ticket = current ?? { ticket: `oa-tk-${call.state.nextId('ticket:officialAccount', 60)}`, kind: 'officialAccount' as const, expiresAt: now + TICKET_TTL_MS }
  if (!current) tickets.push(ticket)
  return { ticket: ticket.ticket, expires_in: Math.ceil((ticket.expiresAt - now) / 1000) }
}

export const officialAccountEndpoints: readonly Endpoint[] = [
  { method: 'GET', path: '/cgi-bin/ticket/getticket', meaning: '换取公众号网页的 JSSDK 票据', token: 'access', empty: { ticket: '', expires_in: 0 }, handle: giveTicket },
  { ...SHARED, path: '/sns/oauth2/access_token', meaning: '用网页授权码换取微信身份', isBareOnSuccess: true, handle: exchangeCode },
  {
    ...SHARED,
    path: '/sns/oauth2/refresh_token',
    meaning: '刷新网页授权凭证',
    isBareOnSuccess: true,
    handle: (call) => giveTokens(call, requireGrant(call, 'oaRefresh', 'refresh_token')),
  },
  { ...SHARED, path: '/sns/userinfo', meaning: '读取网页授权的微信资料', isBareOnSuccess: true, handle: profile },
  {
    ...SHARED,
    path: '/sns/auth',
    meaning: '检查网页授权凭证',
    handle(call) {
      requireGrant(call, 'oaAccess', 'access_token')
      return {}
    },
  },
]
