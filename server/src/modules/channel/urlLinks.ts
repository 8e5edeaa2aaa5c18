import { AppError } from '@qihui/shared/errors'
import { LRUCache } from 'lru-cache'
import type { Services } from '../../services.ts'
import { keepUrlLink, type InvitationLink } from './commands.ts'
import { landingPage, landingQuery } from './landingPage.ts'
import type { InviteChannelRow } from './queries.ts'

/** The vendor's link lives 29 days; one made less than a day ago is given again, so that a token costs one of the day's quota. */
const reuseWhileLeftMs = 28 * 24 * 60 * 60 * 1000

/** An address that opens the registration with this token, or null: a message without a link is still a message. */
export async function urlLinkFor({ wechat, log }: Pick<Services, 'wechat' | 'log'>, token: string): Promise<InvitationLink | null> {
  try {
    return await wechat.makeUrlLink(landingPage, landingQuery(token))
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    log.warn({ code: error.code }, 'no URL link for an invitation')
    return null
  }
}

/** Channels whose newest link a process remembers. */
const rememberedLinks = 10_000

/**
 * The link of a channel, made when it is asked for. Callers of one token at once share one call, also those who read the channel before the
 * link was there and ask after it was made.
 */
export function createUrlLinks(services: Pick<Services, 'db' | 'now' | 'wechat'>): (row: InviteChannelRow) => Promise<InvitationLink> {
  const { now, wechat } = services
  const running = new Map<string, Promise<InvitationLink>>()
  const made = new LRUCache<string, InvitationLink>({ max: rememberedLinks })

  async function make(row: InviteChannelRow): Promise<InvitationLink> {
    const link = await wechat.makeUrlLink(landingPage, landingQuery(row.token))
    await keepUrlLink(services, row.channel_id, link)
    made.set(row.channel_id, link)
    return link
  }

  return (row) => {
    const { link_url: url, link_expires_at: expiresAt, channel_id: channelId } = row
    const stored = url === null || expiresAt === null ? null : { url, expiresAt }
    const fresh = [made.get(channelId), stored].find((link) => link && link.expiresAt.getTime() - now().getTime() > reuseWhileLeftMs)
    if (fresh) return Promise.resolve(fresh)
    const twin = running.get(channelId)
    if (twin) return twin
    const flight = make(row).finally(() => running.delete(channelId))
    running.set(channelId, flight)
    return flight
  }
}
