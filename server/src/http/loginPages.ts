import { AppError } from '@qihui/shared/errors'
import type Koa from 'koa'
import { browserCookie, cookieValue } from './cookies.ts'
import { noticePolicy } from './noticePage.ts'
import { refusalPage } from './refusalPage.ts'

/** What trying again does not change. */
const permanentCodes: readonly string[] = ['staff.notMember', 'staff.outOfScope', 'oauth.returnToRefused', 'login.blocked', 'channel.notFound']

function textOf(value: string | string[] | undefined): string {
  return typeof value === 'string' && value.length <= 512 ? value : ''
}

/** The token in a cookie of ours. */
export function tokenOf(ctx: Koa.Context, cookie: string): string | undefined {
  return cookieValue(ctx.req.headers.cookie, cookie)
}

/** What an authorise page sends back with a browser. */
export function arrivalOf(ctx: Koa.Context): { readonly code: string; readonly state: string; readonly browserToken: string | undefined } {
  return { code: textOf(ctx.query['code']), state: textOf(ctx.query['state']), browserToken: tokenOf(ctx, browserCookie) }
}

/** A login is met by a person, not by a program: what goes wrong is a page. @param retryPath begins the login again */
export async function readably(ctx: Koa.Context, page: { readonly brandName: string; readonly retryPath: string | null }, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    ctx.status = error.status
    ctx.set('cache-control', 'no-store')
    ctx.set('content-security-policy', noticePolicy)
    ctx.type = 'text/html; charset=utf-8'
    ctx.body = refusalPage(error, page.brandName, permanentCodes.includes(error.code) ? null : page.retryPath)
  }
}
