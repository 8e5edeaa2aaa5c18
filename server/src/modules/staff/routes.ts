import { AppError } from '@qihui/shared/errors'
import { closeStaffSession, getStaffSelf } from '@qihui/shared/staff'
import type Koa from 'koa'
import { staffCookie } from '../../http/actor.ts'
import { rawRoute, route, type Route } from '../../http/route.ts'
import { newSessionToken } from '../../security/tokens.ts'
import type { Services } from '../../services.ts'
import { browserCookie, cookieLine } from './cookies.ts'
import { createStaffOauth } from './oauth.ts'
import { refusalPage } from './refusalPage.ts'
import { staffSessionTtlMs, type StaffSessions } from './sessions.ts'

const browserTtlSeconds = 3600
const tokenShape = /^[\w-]{43}$/

function textOf(value: string | string[] | undefined): string {
  return typeof value === 'string' && value.length <= 512 ? value : ''
}

function tokenOf(ctx: Koa.Context, cookie: string): string | undefined {
  const token = ctx.cookies.get(cookie)
  return token !== undefined && tokenShape.test(token) ? token : undefined
}

/** A login is met by a person, not by a program: what goes wrong is a page. */
async function readably(ctx: Koa.Context, brandName: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const isPermanent = error.code === 'staff.notMember' || error.code === 'staff.outOfScope' || error.code === 'oauth.returnToRefused'
    ctx.status = error.status
    ctx.set('cache-control', 'no-store')
    ctx.set('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'")
    ctx.type = 'text/html; charset=utf-8'
    ctx.body = refusalPage(error, brandName, isPermanent ? null : '/api/staff/oauth/start')
  }
}

export function staffRoutes(services: Pick<Services, 'env' | 'db' | 'now' | 'cipher' | 'wecom'>, sessions: StaffSessions): Route[] {
  const { env } = services
  const oauth = createStaffOauth(services, sessions)
  return [
    rawRoute('GET', '/api/staff/oauth/start', (ctx) =>
      readably(ctx, env.brandName, async () => {
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
      readably(ctx, env.brandName, async () => {
        const { sessionToken, returnTo } = await oauth.finish({
          code: textOf(ctx.query['code']),
          state: textOf(ctx.query['state']),
          browserToken: tokenOf(ctx, browserCookie),
          previousToken: tokenOf(ctx, staffCookie),
        })
        ctx.append('set-cookie', cookieLine(staffCookie, sessionToken, staffSessionTtlMs / 1000, env.publicUrl))
        ctx.set('cache-control', 'no-store')
        ctx.redirect(returnTo)
      }),
    ),
    route(getStaffSelf, async ({ actor }) => ({
      staffUserId: actor.staffUserId,
      name: actor.name,
      isOperator: actor.isOperator,
      corpId: env.wecom.corpId,
      agentId: env.wecom.agentId,
    })),
    route(closeStaffSession, async ({ actor }) => {
      await sessions.closeAll(actor.staffUserId)
      return { isClosed: true }
    }),
  ]
}
