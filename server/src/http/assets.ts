import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type Koa from 'koa'
import serve from 'koa-static'
import { AppError } from '@qihui/shared/errors'
import { rawRoute, type Route } from './route.ts'

const yearSeconds = 365 * 24 * 60 * 60

/** The sidebar's page: never cached, so that an old client does not keep asking for files of an older build. */
export function sidebarPage(dist: string): Route {
  return rawRoute('GET', '/sidebar', async (ctx) => {
    const page = path.join(dist, 'sidebar.html')
    if (!existsSync(page)) throw new AppError('server.unavailable', '侧边栏尚未构建')
    ctx.set('cache-control', 'no-cache')
    ctx.type = 'text/html; charset=utf-8'
    ctx.body = await readFile(page, 'utf8')
  })
}

/** Hashed files of the build under `/assets/`, cacheable for ever. */
export function sidebarAssets(dist: string): Koa.Middleware {
  const files = serve(path.join(dist, 'assets'), {
    maxage: yearSeconds * 1000,
    immutable: true,
    index: false,
    // The build carries compressed copies beside the files; a cache must not give one client's form to another.
    setHeaders: (response) => response.setHeader('vary', 'accept-encoding'),
  })
  const prefix = '/assets/'
  const answer = async (ctx: Koa.Context) => {
    const whole = ctx.path
    ctx.path = whole.slice(prefix.length - 1)
    try {
      // Nothing below may answer for a missing file: a page in place of a script would be a white screen.
      await files(ctx, async () => {})
    } finally {
      ctx.path = whole
    }
  }
  return (ctx, next) => (ctx.req.url?.startsWith(prefix) ? answer(ctx) : next())
}
