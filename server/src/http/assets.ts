import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type Koa from 'koa'
import serve from 'koa-static'
import { AppError } from '@qihui/shared/errors'
import { rawRoute, type Route } from './route.ts'

const yearSeconds = 365 * 24 * 60 * 60

/** The text of a built page. @throws AppError `server.unavailable` while it has not been built */
export async function readBuiltPage(dist: string, name: 'sidebar' | 'invite' | 'console'): Promise<string> {
  const page = path.join(dist, `${name}.html`)
  if (!existsSync(page)) throw new AppError('server.unavailable', '页面尚未构建')
  return readFile(page, 'utf8')
}

/** Pages of employees: never cached, so that an old client does not keep asking for files of an older build. */
function builtPage(dist: string, name: 'sidebar' | 'console'): Route {
  return rawRoute('GET', `/${name}`, async (ctx) => {
    const text = await readBuiltPage(dist, name)
    ctx.set('cache-control', 'no-cache')
    ctx.type = 'text/html; charset=utf-8'
    ctx.body = text
  })
}

/** The sidebar and the console, each under its own path. */
export function builtPages(dist: string): Route[] {
  return [builtPage(dist, 'sidebar'), builtPage(dist, 'console')]
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
