import { AppError } from '@qihui/shared/errors'
import { channelTokenSchema } from '@qihui/shared/ids'
import type Koa from 'koa'
import * as v from 'valibot'
import { staffCookie } from '../../../http/actor.ts'
import { tokenOf } from '../../../http/loginPages.ts'
import { rawRoute, type Route } from '../../../http/route.ts'
import type { Services } from '../../../services.ts'
import type { StaffSessions } from '../../staff/sessions.ts'
import { codeDrawing, codePicture } from '../codes.ts'
import { inviteCardPicture } from '../inviteCard.ts'
import { managedBy } from '../policy.ts'
import { inviteUrlOf } from '../present.ts'
import { requireInviteChannel } from '../queries.ts'
import { sheetPage, sheetPolicy } from '../sheetPage.ts'
import { selectCodeImage, selectContactWayUrl } from '../tables.ts'

const dayCache = 'public, max-age=86400'

/** The token in a path. @throws AppError `channel.notFound` for what could not be one */
export function channelTokenOf(params: Readonly<Record<string, string | undefined>>): string {
  const token = params['token']
  if (!v.is(channelTokenSchema, token)) throw new AppError('channel.notFound')
  return token
}

function sendPicture(ctx: Koa.Context, body: Buffer | string, type: string): void {
  ctx.type = type
  ctx.set('cache-control', dayCache)
  ctx.set('cross-origin-resource-policy', 'cross-origin')
  ctx.body = body
}

/** WeChat answers codes as JPEG or PNG (platform 8.1); the first byte tells which. */
function pictureType(bytes: Buffer): string {
  return bytes[0] === 0xff ? 'image/jpeg' : 'image/png'
}

/** Pictures of codes, and the sheet to print: pictures are public as the codes themselves are, the sheet is the employee's (R7). */
export function codeRoutes(services: Pick<Services, 'env' | 'db'>, sessions: { readonly staff: StaffSessions }): Route[] {
  const { env, db } = services
  const inviteUrl = async (params: Readonly<Record<string, string | undefined>>) => inviteUrlOf(env.publicUrl, (await requireInviteChannel(services, channelTokenOf(params))).token)
  return [
    rawRoute('GET', '/channel-codes/:token/mini-program.png', async (ctx, params) => {
      const [row] = await db.run<{ code_image: Buffer }>(selectCodeImage, [channelTokenOf(params)])
      if (row === undefined) throw new AppError('channel.notFound')
      sendPicture(ctx, row.code_image, pictureType(row.code_image))
    }),
    rawRoute('GET', '/channel-codes/:token/contact-way.png', async (ctx, params) => {
      const [row] = await db.run<{ contact_way_url: string }>(selectContactWayUrl, [channelTokenOf(params)])
      if (row === undefined) throw new AppError('channel.notFound')
      ctx.set('cache-control', dayCache)
      ctx.redirect(row.contact_way_url)
    }),
    rawRoute('GET', '/channel-codes/:token/sheet', async (ctx, params) => {
      const token = channelTokenOf(params)
      const staff = await sessions.staff.authenticate(tokenOf(ctx, staffCookie) ?? '')
      if (staff === null) return ctx.redirect(`/api/staff/oauth/start?returnTo=${encodeURIComponent(`/channel-codes/${token}/sheet`)}`)
      const row = await requireInviteChannel(services, token)
      const owner = managedBy(staff)
      if (owner !== null && owner !== row.staff_user_id && owner !== row.created_by) throw new AppError('channel.notFound')
      ctx.set('cache-control', 'no-store')
      ctx.set('content-security-policy', sheetPolicy)
      ctx.type = 'text/html; charset=utf-8'
      ctx.body = sheetPage(row, env.brandName)
    }),
    rawRoute('GET', '/i/:token/code.png', async (ctx, params) => sendPicture(ctx, await codePicture(await inviteUrl(params)), 'image/png')),
    rawRoute('GET', '/i/:token/code.svg', async (ctx, params) => sendPicture(ctx, await codeDrawing(await inviteUrl(params)), 'image/svg+xml')),
    rawRoute('GET', '/invite-card.png', async (ctx) => {
      const bytes = inviteCardPicture()
      sendPicture(ctx, bytes, pictureType(bytes))
    }),
  ]
}
