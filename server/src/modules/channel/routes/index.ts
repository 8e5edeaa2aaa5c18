import {
  createChannel as createChannelContract,
  createInvitation as createInvitationContract,
  getChannelFunnel,
  listChannels as listChannelsContract,
  recordInvitationSent as recordInvitationSentContract,
  revokeChannel as revokeChannelContract,
} from '@qihui/shared/channel'
import { route, type Route } from '../../../http/route.ts'
import type { Services } from '../../../services.ts'
import { createChannel, recordInvitationSent, revokeChannel } from '../commands.ts'
import { createInvitation } from '../invitation.ts'
import { listChannels, readFunnel, requireManagedChannel } from '../queries.ts'
import { codeRoutes } from './codes.ts'
import { inviteLoginRoutes } from './inviteLogin.ts'
import { invitePageRoute } from './invitePage.ts'
import { inviteRoutes } from './invites.ts'
import type { PageSessions } from './pageSessions.ts'

type ChannelServices = Pick<Services, 'env' | 'db' | 'now' | 'cipher' | 'wecom' | 'wechat' | 'forms' | 'policies' | 'growthRules' | 'tierRules'>

function staffRoutes(services: ChannelServices): Route[] {
  return [
    route(createChannelContract, ({ actor, body }) => createChannel(services, actor, body)),
    route(listChannelsContract, async ({ actor }) => ({ channels: await listChannels(services, actor) })),
    route(revokeChannelContract, async ({ actor, params }) => revokeChannel(services, actor, await requireManagedChannel(services, actor, params.channelId))),
    route(getChannelFunnel, async ({ actor, params: { channelId } }) => {
      await requireManagedChannel(services, actor, channelId)
      return { channelId, ...(await readFunnel(services, channelId)) }
    }),
    route(createInvitationContract, ({ actor, params }) => createInvitation(services, actor, params.externalUserId)),
    route(recordInvitationSentContract, async ({ actor, params, body }) => {
      await recordInvitationSent(services, actor, { ...params, form: body.form })
      return { isRecorded: true }
    }),
  ]
}

/** Channels for employees, and the invite page with its codes for everybody. */
export function channelRoutes(services: ChannelServices, sessions: PageSessions): Route[] {
  return [...staffRoutes(services), ...inviteRoutes(services, sessions), ...inviteLoginRoutes(services, sessions), ...codeRoutes(services, sessions), invitePageRoute(services)]
}
