import { authorize, readIdentity } from './authorize.ts'
import { avatarSvg, consentPage, refusalPage } from './pages.ts'
import { findStaff } from '../../world/state.ts'
import type Koa from 'koa'
import type { ClientIdentity } from './authorize.ts'
import type { WorldState } from '../../world/state.ts'
import type { WireLog } from '../../types.ts'

const AUTHORIZE_PATH = '/_vendor/open/connect/oauth2/authorize'
const AVATAR = /^\/_vendor\/pictures\/avatar\/([^/]+)\.svg$/
const CONTACT_WAY = /^\/_vendor\/pictures\/contact-way\/([0-9a-f]{32})\.png$/
/** Identity of the logged-in simulated client; API tests may send it in the query instead. */
const IDENTITY_KEY = 'sandbox_identity'

interface Deps {
  readonly state: WorldState
  readonly wire: WireLog
}

function identityText(ctx: Koa.Context): string | undefined {
  const fromQuery = new URLSearchParams(ctx.querystring).get(IDENTITY_KEY)
  const fromCookie = new URLSearchParams(`value=${ctx.cookies.get(IDENTITY_KEY) ?? ''}`).get('value')
  return fromQuery ?? fromCookie ?? undefined
}

function serveAuthorize(ctx: Koa.Context, deps: Deps): void {
  const identity: ClientIdentity | null = readIdentity(deps.state, identityText(ctx))
  const result = authorize(deps.state, new URLSearchParams(ctx.querystring), identity, `${AUTHORIZE_PATH}?${ctx.querystring}`, ctx.get('user-agent'))
  ctx.set('cache-control', 'no-store')
  if (result.kind === 'redirect') {
    ctx.redirect(result.location)
    ctx.body = ''
  } else {
    ctx.status = 200
    ctx.type = 'text/html; charset=utf-8'
    ctx.body = result.kind === 'consent' ? consentPage(result.agreeUrl) : refusalPage(result.code, result.text)
  }
  const isStaff = identity !== null && 'staffUserId' in identity
  deps.wire.add({
    from: isStaff ? 'desktop' : 'phone', to: isStaff ? 'wecom' : 'wechat', what: 'GET /connect/oauth2/authorize',
    meaning: result.kind === 'redirect' ? '网页授权：发放授权码' : '网页授权：未放行', status: ctx.status,
    errcode: result.kind === 'page' ? result.code : null, durationMs: null,
  })
}

/** Pictures the platform's answers point at: avatars and contact-way codes. */
function servePicture(ctx: Koa.Context, state: WorldState): boolean {
  const avatarOf = AVATAR.exec(ctx.path)?.[1]
  const name = avatarOf ? (state.peopleById.get(avatarOf)?.name ?? findStaff(state, avatarOf)?.name) : undefined
  if (name !== undefined) {
    ctx.type = 'image/svg+xml'
    ctx.body = avatarSvg(name)
    return true
  }
  const image = state.contactWayImages.get(CONTACT_WAY.exec(ctx.path)?.[1] ?? '')
  if (!image) return false
  ctx.type = 'image/png'
  ctx.body = image
  return true
}

/** open.weixin.qq.com: the authorise pages; and the picture hosts of both platforms. */
export function mountOpenHost(app: Koa, deps: Deps): void {
  app.use(async (ctx, next) => {
    if (ctx.method === 'GET' && ctx.path === AUTHORIZE_PATH) return serveAuthorize(ctx, deps)
    if (servePicture(ctx, deps.state)) return undefined
    return next()
  })
}
