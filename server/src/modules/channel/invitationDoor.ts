import { AppError } from '@qihui/shared/errors'
import type { StaffActor } from '../../http/actor.ts'
import type { Services } from '../../services.ts'
import { keepInvitation, type InvitationLink } from './commands.ts'
import { landingCardPage, landingPage, landingQuery } from './landingPage.ts'
import { newChannelToken } from './newChannelToken.ts'
import { selectLiveFollow } from './tables.ts'

/** An address that opens the registration with this token, or null: an invitation without a link still has its card. */
export async function urlLinkFor({ wechat, log }: Pick<Services, 'wechat' | 'log'>, token: string): Promise<InvitationLink | null> {
  try {
    return await wechat.makeUrlLink(landingPage, landingQuery(token))
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    log.warn({ code: error.code }, 'no URL link for an invitation')
    return null
  }
}

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

/** Makes an invitation: the vendor's link before the transaction, rights before both. @throws AppError `contact.notFollowing` */
export async function createInvitation(
  services: Pick<Services, 'env' | 'db' | 'now' | 'wechat' | 'log'>,
  actor: StaffActor,
  externalUserId: string,
): Promise<Invitation> {
  const { env, db } = services
  const follows = await db.run(selectLiveFollow, [externalUserId, actor.staffUserId])
  if (follows.length === 0) throw new AppError('contact.notFollowing')
  const token = newChannelToken()
  const link = await urlLinkFor(services, token)
  await keepInvitation(services, { token, externalUserId, staffUserId: actor.staffUserId, staffName: actor.name, link })
  const { brandName } = env
  return {
    token,
    title: `邀请您加入${brandName}会员`,
    description: '一键入会，无需填写，立享会员专属权益',
    imageUrl: `${env.publicUrl}/invite-card.png`,
    miniProgram: { appId: env.wechat.mpAppId, page: landingCardPage(token) },
    linkUrl: link?.url ?? null,
    text: link === null ? `诚邀您加入${brandName}会员，请在微信中打开「${brandName}」小程序，一键入会。` : `诚邀您加入${brandName}会员，点击链接一键入会：${link.url}`,
  }
}
