import { AppError } from '@qihui/shared/errors'
import type { StaffActor } from '../../http/actor.ts'
import type { Services } from '../../services.ts'
import { keepInvitation } from './commands.ts'
import { landingCardPage } from './landingPage.ts'
import { newChannelToken } from './newChannelToken.ts'
import { inviteUrlOf } from './present.ts'
import { selectLiveFollow } from './tables.ts'

/** What the sidebar sends into the chat: a mini-program card, a link card or a text, whichever the client can. */
export interface Invitation {
  readonly token: string
  readonly title: string
  readonly description: string
  readonly imageUrl: string
  readonly miniProgram: { readonly appId: string; readonly page: string }
  readonly linkUrl: string | null
  readonly text: string
}

/** The words an invite page is passed on with. */
export function shareTextOf(brandName: string, inviteUrl: string): string {
  return `诚邀您加入${brandName}会员，点击链接一键入会：${inviteUrl}`
}

/** Makes an invitation: its link is the invite page, which knows what to do wherever it is opened. @throws AppError `contact.notFollowing` */
export async function createInvitation(services: Pick<Services, 'env' | 'db' | 'now'>, actor: StaffActor, externalUserId: string): Promise<Invitation> {
  const { env, db } = services
  const follows = await db.run(selectLiveFollow, [externalUserId, actor.staffUserId])
  if (follows.length === 0) throw new AppError('contact.notFollowing')
  const token = newChannelToken()
  await keepInvitation(services, { token, externalUserId, staffUserId: actor.staffUserId, staffName: actor.name })
  const linkUrl = inviteUrlOf(env.publicUrl, token)
  const { brandName } = env
  return {
    token,
    title: `邀请您加入${brandName}会员`,
    description: '一键入会，无需填写，立享会员专属权益',
    imageUrl: `${env.publicUrl}/invite-card.png`,
    miniProgram: { appId: env.wechat.mpAppId, page: landingCardPage(token) },
    linkUrl,
    text: shareTextOf(brandName, linkUrl),
  }
}
