import { AppError } from '@qihui/shared/errors'
import { closeStaffSession, getStaffSelf } from '@qihui/shared/staff'
import { staffCookie } from '../../http/actor.ts'
import { browserCookie, cookieLine } from '../../http/cookies.ts'
import { arrivalOf, readably, tokenOf } from '../../http/loginPages.ts'
import { rawRoute, route, type Route } from '../../http/route.ts'
import { newSessionToken } from '../../security/tokens.ts'
import type { Services } from '../../services.ts'
import { createStaffOauth } from './oauth.ts'
import { staffSessionTtlMs, type StaffSessions } from './sessions.ts'

const browserTtlSeconds = 3600
const retryPath = '/api/staff/oauth/start'

export function staffRoutes(services: Pick<Services, 'env' | 'db' | 'now' | 'cipher' | 'wecom'>, sessions: StaffSessions): Route[] {
  const { env } = services
  const oauth = createStaffOauth(services, sessions)
  return [
    rawRoute('GET', retryPath, (ctx) =>
      readably(ctx, { brandName: env.brandName, retryPath }, async () => {
        const browserToken = tokenOf(ctx, browserCookie) ?? newSessionToken()
        const returnTo = ctx.query['returnTo']
        if (Array.isArray(returnTo)) throw new AppError('oauth.returnToRefused')
        const location = await oauth.start(returnTo, browserToken)
        ctx.append('set-cookie', cookieLine(browserCookie, browserToken, browserTtlSeconds, env.publicUrl))
        ctx.set('cache-control', 'no-store')
        ctx.redirect(location)
      }),
    ),
    rawRoute('GET', '/api/staff/oauth/callback', (ctx) =>
      readably(ctx, { brandName: env.brandName, retryPath }, async () => {
        const { sessionToken, returnTo } = await oauth.finish(arrivalOf(ctx), tokenOf(ctx, staffCookie))
        ctx.append('set-cookie', cookieLine(staffCookie, sessionToken, staffSessionTtlMs / 1000, env.publicUrl))
        ctx.set('cache-control', 'no-store')
        ctx.redirect(returnTo)
      }),
    ),
    route(getStaffSelf, async ({ actor }) => ({
      staffUserId: actor.staffUserId,
      name: actor.name,
      isOperator: actor.isOperator,
      readable: actor.rights.readable(),
      corpId: env.wecom.corpId,
      agentId: env.wecom.agentId,
    })),
    route(closeStaffSession, async ({ actor }) => {
      await sessions.closeAll(actor.staffUserId)
      return { isClosed: true }
    }),
  ]
}
