import Koa from 'koa'
import helmet from 'koa-helmet'
import { callbackRoutes } from './callbacks/routes.ts'
import { builtPages, sidebarAssets } from './http/assets.ts'
import { createRouter } from './http/createRouter.ts'
import { healthRoutes } from './http/health.ts'
import { limitRate } from './http/limitRate.ts'
import { openApiOf } from './http/openApi.ts'
import { requestScope } from './http/requestScope.ts'
import { requireHttps } from './http/requireHttps.ts'
import { rawRoute, type Route } from './http/route.ts'
import { createApiKeys } from './modules/api-key/apiKeys.ts'
import { apiKeyRoutes } from './modules/api-key/routes.ts'
import { approvalRoutes } from './modules/approval/routes.ts'
import { auditRoutes } from './modules/audit/routes.ts'
import { benefitRoutes } from './modules/benefit/routes.ts'
import { channelRoutes } from './modules/channel/routes/index.ts'
import { consentRoutes } from './modules/consent/routes.ts'
import { contactRoutes } from './modules/contact/routes.ts'
import { corpTagRoutes } from './modules/corp-tag/routes.ts'
import { doctorRoutes } from './modules/doctor/routes.ts'
import { formRoutes } from './modules/form/routes.ts'
import { deliveryRoutes } from './modules/delivery/routes.ts'
import { growthRoutes } from './modules/growth/routes.ts'
import { healthModuleRoutes } from './modules/health/routes.ts'
import { identityRoutes } from './modules/identity/routes.ts'
import { interactionRoutes } from './modules/interaction/routes.ts'
import { jssdkRoutes } from './modules/jssdk/routes.ts'
import { lifecycleRoutes } from './modules/lifecycle/routes.ts'
import { memberRoutes } from './modules/member/routes.ts'
import { createMemberSessions } from './modules/member/sessions.ts'
import { registrationRoutes } from './modules/registration/routes.ts'
import { rightsRoutes } from './modules/rights/routes.ts'
import { riskRoutes } from './modules/risk/routes.ts'
import { segmentRoutes } from './modules/segment/routes.ts'
import { staffRoutes } from './modules/staff/routes.ts'
import { createStaffSessions } from './modules/staff/sessions.ts'
import { tierRoutes } from './modules/tier/routes.ts'
import type { Services } from './services.ts'
import { trialRoutes } from './trial/routes.ts'

/** Requests a minute one address may make; a shop's network carries hundreds of people. */
const requestsPerMinute = 6000

/** Paths of the API that a person meets in a browser: what they refuse is a page. */
const logins = ['/api/staff/oauth/', '/api/invites/oauth/']

/** No page of ours asks for any of these. */
const permissionsPolicy = ['camera', 'microphone', 'geolocation', 'payment', 'usb', 'display-capture', 'browsing-topics'].map((feature) => `${feature}=()`).join(', ')

function isPush(ctx: Koa.Context): boolean {
  return ctx.req.url?.startsWith('/callbacks/') === true
}

/**
 * The pages may load only what we serve; the sidebar may be framed by WeCom's own pages and by us.
 * Answers of the API, logins aside, and to WeCom's pushes are data: they carry `nosniff` and `no-store` of their own, and a browser renders none of them.
 */
function securityHeaders(publicUrl: string): Koa.Middleware {
  const isHttps = publicUrl.startsWith('https://')
  const pageHeaders = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        imgSrc: ["'self'", 'https:', 'data:'],
        objectSrc: ["'none'"],
        baseUri: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'self'", 'https://*.work.weixin.qq.com'],
      },
    },
    // Frame rules are those of frame-ancestors; the older header cannot name WeCom's hosts.
    xFrameOptions: false,
    strictTransportSecurity: isHttps ? { maxAge: 31_536_000, includeSubDomains: false } : false,
  })
  const withFeatures: Koa.Middleware = (ctx, next) => {
    ctx.set('permissions-policy', permissionsPolicy)
    return pageHeaders(ctx, next)
  }
  const isData = (url: string) => url.startsWith('/api/') && !logins.some((login) => url.startsWith(login))
  return (ctx, next) => (isData(ctx.req.url ?? '') || isPush(ctx) ? next() : withFeatures(ctx, next))
}

/** What a root adds: `isDraining` tells balancers that a stop has begun. */
export interface AppOptions {
  readonly requestsPerMinute?: number
  readonly isDraining?: () => boolean
}

/** The web half of the server: every route, each described by a contract or raw. */
export function createApp(services: Services, options: AppOptions = {}): Koa {
  const memberSessions = createMemberSessions(services)
  const staffSessions = createStaffSessions(services)
  const apiKeys = createApiKeys(services)
  const routes: Route[] = [
    ...registrationRoutes(services),
    ...riskRoutes(services),
    ...apiKeyRoutes(services, apiKeys),
    ...memberRoutes(services, memberSessions),
    ...consentRoutes(services),
    ...formRoutes(services),
    ...growthRoutes(services),
    ...tierRoutes(services),
    ...interactionRoutes(services, { member: memberSessions.authenticate, staff: staffSessions.authenticate }),
    ...benefitRoutes(services),
    ...identityRoutes(services),
    ...auditRoutes(services),
    ...staffRoutes(services, staffSessions),
    ...rightsRoutes(services, staffSessions),
    ...jssdkRoutes(services),
    ...contactRoutes(services),
    ...approvalRoutes(services),
    ...corpTagRoutes(services),
    ...segmentRoutes(services),
    ...channelRoutes(services, { members: memberSessions, staff: staffSessions }),
    ...deliveryRoutes(services),
    ...lifecycleRoutes(services, staffSessions.authenticate),
    ...doctorRoutes(services),
    ...healthModuleRoutes(services),
    ...callbackRoutes(services),
    ...trialRoutes(services),
    ...builtPages(services.env.sidebarDist),
    ...healthRoutes(services.db, options.isDraining ?? (() => false)),
  ]
  const openApi = JSON.stringify(openApiOf(routes, services.env.publicUrl))
  routes.push(
    rawRoute('GET', '/openapi.json', async (ctx) => {
      ctx.type = 'application/json'
      ctx.body = openApi
    }),
  )
  const app = new Koa({ proxy: services.env.trustedProxyHops > 0, maxIpsCount: services.env.trustedProxyHops })
  // What escapes the request scope is a broken connection; it must not be printed with its address.
  app.silent = true
  app.use(requestScope(services.log, services.metrics))
  app.use(securityHeaders(services.env.publicUrl))
  if (services.env.mode === 'production') app.use(requireHttps(services.env))
  const limit = limitRate(options.requestsPerMinute ?? requestsPerMinute)
  // WeCom pushes from few addresses and gives up after three tries: its door is guarded by signature and size, not by a rate.
  app.use((ctx, next) => (isPush(ctx) ? next() : limit(ctx, next)))
  app.use(sidebarAssets(services.env.sidebarDist))
  app.use(
    createRouter(routes, {
      db: services.db,
      now: services.now,
      authenticators: { member: memberSessions.authenticate, staff: staffSessions.authenticate, integration: apiKeys.authenticate },
      publicOrigin: new URL(services.env.publicUrl).origin,
    }),
  )
  return app
}
