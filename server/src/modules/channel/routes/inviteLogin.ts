import { isPreview, placeOf, type InvitePlace } from '@qihui/shared/channel'
import { AppError } from '@qihui/shared/errors'
import type Koa from 'koa'
import type { Env } from '../../../env.ts'
import { memberCookie, staffCookie } from '../../../http/actor.ts'
import { browserCookie, cookieLine } from '../../../http/cookies.ts'
import { arrivalOf, readably, tokenOf } from '../../../http/loginPages.ts'
import { rawRoute, type Route } from '../../../http/route.ts'
import { newSessionToken } from '../../../security/tokens.ts'
import type { Services } from '../../../services.ts'
import { officialAccountNamespace, visitorNamespace } from '../../identity/namespaces.ts'
import { memberSessionTtlMs } from '../../member/sessions.ts'
import { requireVisibleStaff, wecomAuthorizeUrl } from '../../staff/oauth.ts'
import { createOauthStates, type LoginRecord, type OauthSession } from '../../staff/oauthStates.ts'
import { staffSessionTtlMs } from '../../staff/sessions.ts'
import { requireInviteChannel } from '../queries.ts'
import { channelTokenOf } from './codes.ts'
import type { PageSessions } from './pageSessions.ts'

type LoginServices = Pick<Services, 'env' | 'db' | 'now' | 'cipher' | 'wecom' | 'wechat'>

const startPath = '/api/invites/oauth/start'
const callbackPath = '/api/invites/oauth/callback'
const browserTtlSeconds = 3600

/** The official account's authorise page; the client compares the order of these parameters (platform 9). */
function officialAccountAuthorizeUrl(env: Env, state: string): string {
  const query = new URLSearchParams([
    ['appid', env.wechat.oaAppId],
    ['redirect_uri', `${env.publicUrl}${callbackPath}`],
    ['response_type', 'code'],
    // The unionid comes with this scope only; it needs a tap of the person, which is why nothing but a button leads here.
    ['scope', 'snsapi_userinfo'],
    ['state', state],
  ])
  return `${env.wecom.openBase.replace(/\/+$/, '')}/connect/oauth2/authorize?${query.toString()}#wechat_redirect`
}

const userAgentOf = (ctx: Koa.Context): string => ctx.get('user-agent')

interface Login {
  readonly place: InvitePlace
  readonly code: string
  /** Token of the staff session this browser holds already. */
  readonly previousToken: string | undefined
}

/**
 * Who came back from the authorise page: an employee gets an employee's session and is never registered; a visitor of the corp and a
 * WeChat user get a guest's session, each in the namespace of the app that named them (R33-R35).
 */
async function logIn(services: LoginServices, sessions: PageSessions, { place, code, previousToken }: Login, record: LoginRecord): Promise<OauthSession> {
  const { env, wecom, wechat } = services
  if (place === 'wechat') {
    const user = await wechat.officialAccountUserOf(code)
    const { sessionToken } = await sessions.members.openFor({ namespace: officialAccountNamespace(env), ...user, externalUserId: null })
    return { kind: 'member', token: sessionToken }
  }
  const identity = await wecom.getStaffByCode(code)
  if (identity.kind === 'staff') {
    const profile = await requireVisibleStaff(services, identity.staffUserId)
    return { kind: 'staff', token: await sessions.staff.open(profile, { ...record, previousToken }) }
  }
  const { openId, externalUserId } = identity
  const { sessionToken } = await sessions.members.openFor({ namespace: visitorNamespace(env), openId, unionId: null, externalUserId })
  return { kind: 'member', token: sessionToken }
}

/** Login on the invite page: by the official account inside WeChat, by the corp inside WeCom, nowhere else (experience 2.3). */
export function inviteLoginRoutes(services: LoginServices, sessions: PageSessions): Route[] {
  const { env } = services
  const states = createOauthStates(services)
  return [
    rawRoute('GET', startPath, (ctx) =>
      readably(ctx, { brandName: env.brandName, retryPath: null }, async () => {
        const { token } = await requireInviteChannel(services, channelTokenOf({ token: String(ctx.query['token']) }))
        const place = placeOf(userAgentOf(ctx))
        const returnTo = `/i/${token}`
        ctx.set('cache-control', 'no-store')
        if (isPreview(userAgentOf(ctx)) || (place !== 'wechat' && place !== 'wecom')) return ctx.redirect(returnTo)
        if (place === 'wechat' && env.wechat.oaAppId === '') throw new AppError('vendor.configuration', '尚未配置公众号，请直接打开小程序入会')
        const browserToken = tokenOf(ctx, browserCookie) ?? newSessionToken()
        const state = await states.begin('invite', returnTo, browserToken)
        ctx.append('set-cookie', cookieLine(browserCookie, browserToken, browserTtlSeconds, env.publicUrl))
        ctx.redirect(place === 'wechat' ? officialAccountAuthorizeUrl(env, state) : wecomAuthorizeUrl(env, callbackPath, state))
      }),
    ),
    rawRoute('GET', callbackPath, (ctx) => {
      const page: { readonly brandName: string; retryPath: string | null } = { brandName: env.brandName, retryPath: null }
      return readably(ctx, page, async () => {
        const arrival = arrivalOf(ctx)
        const login: Login = { place: placeOf(userAgentOf(ctx)), code: arrival.code, previousToken: tokenOf(ctx, staffCookie) }
        const { kind, token, returnTo } = await states.redeem('invite', arrival, (record) => {
          page.retryPath = record.returnTo
          return logIn(services, sessions, login, record)
        })
        const [cookie, ttlMs] = kind === 'staff' ? [staffCookie, staffSessionTtlMs] : [memberCookie, memberSessionTtlMs]
        ctx.append('set-cookie', cookieLine(cookie, token, ttlMs / 1000, env.publicUrl))
        ctx.set('cache-control', 'no-store')
        ctx.redirect(returnTo)
      })
    }),
  ]
}
