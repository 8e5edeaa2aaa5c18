import { AppError } from '@qihui/shared/errors'
import type Koa from 'koa'

/** What probes inside the machine ask, by plain HTTP and without data. */
const probes: ReadonlySet<string> = new Set(['/healthz', '/readyz'])

/**
 * How a request reached us: the socket's own encryption, or what the outermost trusted proxy says. Entries further left in the header were
 * written by whoever sent the request and are not looked at (ASVS 4.1.3).
 */
function isSecure(ctx: Koa.Context, trustedProxyHops: number): boolean {
  if ('encrypted' in ctx.socket && ctx.socket.encrypted === true) return true
  if (trustedProxyHops === 0) return false
  const header = ctx.req.headers['x-forwarded-proto']
  const entries = (Array.isArray(header) ? header.join(',') : (header ?? '')).split(',').map((entry) => entry.trim().toLowerCase())
  return entries.at(-Math.min(trustedProxyHops, entries.length)) === 'https'
}

/** Refuses what came by plain HTTP where people reach us by HTTPS (R58): 400, not a redirect, for its contents have been read on the way already. */
export function requireHttps({ publicUrl, trustedProxyHops }: { readonly publicUrl: string; readonly trustedProxyHops: number }): Koa.Middleware {
  if (!publicUrl.startsWith('https://')) return (_ctx, next) => next()
  return (ctx, next) => {
    if (probes.has(ctx.req.url ?? '') || isSecure(ctx, trustedProxyHops)) return next()
    throw new AppError('transport.insecure', `本服务只接受 HTTPS：请访问 ${publicUrl}；若已使用 HTTPS，请让反向代理设置 X-Forwarded-Proto 并核对 TRUSTED_PROXY_HOPS`)
  }
}
