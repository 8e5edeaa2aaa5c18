import {
  createChannel as createChannelContract,
  createInvitation as createInvitationContract,
  listChannels as listChannelsContract,
  recordInvitationSent as recordInvitationSentContract,
} from '@qihui/shared/channel'
import { AppError } from '@qihui/shared/errors'
import { channelTokenSchema } from '@qihui/shared/ids'
import type Koa from 'koa'
import * as v from 'valibot'
import { rawRoute, route, type Route } from '../../http/route.ts'
import type { Services } from '../../services.ts'
import { createChannel, recordInvitationSent } from './commands.ts'
import { createInvitation } from './invitationDoor.ts'
import { inviteCardPicture } from './inviteCard.ts'
import { listChannels } from './queries.ts'
import { selectCodeImage } from './tables.ts'

const dayCache = 'public, max-age=86400'

function sendPicture(ctx: Koa.Context, bytes: Buffer): void {
  // WeChat answers codes as JPEG or PNG (platform 8.1); the first byte tells which.
  ctx.type = bytes[0] === 0xff ? 'image/jpeg' : 'image/png'
  ctx.set('cache-control', dayCache)
  ctx.set('cross-origin-resource-policy', 'cross-origin')
  ctx.body = bytes
}

export function channelRoutes(services: Pick<Services, 'env' | 'db' | 'now' | 'wechat' | 'log'>): Route[] {
  return [
    route(createChannelContract, ({ body }) => createChannel(services, body)),
    route(listChannelsContract, async () => ({ channels: await listChannels(services) })),
    route(createInvitationContract, ({ actor, params }) => createInvitation(services, actor, params.externalUserId)),
    route(recordInvitationSentContract, async ({ actor, params, body }) => {
      await recordInvitationSent(services, actor, { ...params, form: body.form })
      return { isRecorded: true }
    }),
    rawRoute('GET', '/channel-codes/:token/mini-program.png', async (ctx, params) => {
      if (!v.is(channelTokenSchema, params['token'])) throw new AppError('channel.notFound')
      const [row] = await services.db.run<{ code_image: Buffer }>(selectCodeImage, [params['token']])
      if (row === undefined) throw new AppError('channel.notFound')
      sendPicture(ctx, row.code_image)
    }),
    rawRoute('GET', '/invite-card.png', async (ctx) => sendPicture(ctx, inviteCardPicture())),
  ]
}
