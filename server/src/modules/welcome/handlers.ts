import { AppError } from '@qihui/shared/errors'
import { tiers, type TierCode } from '@qihui/shared/tier'
import { chooseWelcome } from '@qihui/shared/welcome'
import { newId } from '../../security/newId.ts'
import { handle, type JobHandler } from '../../jobs/handle.ts'
import type { Services } from '../../services.ts'
import type { WelcomeOutcome } from '../../wecom/wecom.ts'
import { urlLinkFor } from '../channel/urlLinks.ts'
import { newChannelToken } from '../channel/newChannelToken.ts'
import { insertInvitation } from '../channel/tables.ts'
import { externalUserNamespace, unionIdNamespace } from '../identity/namespaces.ts'
import { sendWelcome } from './jobs.ts'
import { claimWelcome, finishWelcome, selectWelcomeFacts } from './tables.ts'

type WelcomeServices = Pick<Services, 'env' | 'db' | 'now' | 'log' | 'wecom' | 'wechat'>
type Recorded = 'sent' | 'missed' | 'lostRace' | 'failed'

/** The code dies 20 s after the event was pushed (platform 4.5, OD-92599 2025-11-17). */
const welcomeCodeTtlMs = 20_000

interface NewContact {
  readonly externalUserId: string
  readonly staffUserId: string
  /** What the contact way carried: the token of its channel; null for other sources. */
  readonly state: string | null
}

const recordedOutcome: Readonly<Record<WelcomeOutcome, Recorded>> = { sent: 'sent', codeGone: 'missed', alreadyTalking: 'lostRace' }

/** The unionid tells a member from a stranger; without it the welcome is the one for strangers, not none. */
async function unionIdOf({ wecom, log }: WelcomeServices, externalUserId: string): Promise<string | null> {
  try {
    return (await wecom.getExternalContact(externalUserId))?.contact.unionId ?? null
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    log.warn({ code: error.code }, 'welcome goes out without a look at the contact')
    return null
  }
}

async function inviteUrlFor(services: WelcomeServices, { externalUserId, staffUserId }: NewContact, staffName: string | null): Promise<string | null> {
  const token = newChannelToken()
  const link = await urlLinkFor(services, token)
  if (link === null) return null
  const name = staffName === null ? '欢迎语' : `${staffName}的欢迎语`
  await services.db.run(insertInvitation, [newId(), token, name, staffUserId, externalUserId, link.url, link.expiresAt, services.now()])
  return link.url
}

async function send(services: WelcomeServices, contact: NewContact, welcomeCode: string, isLate: () => boolean): Promise<Recorded> {
  const { env, db, wecom } = services
  const unionId = await unionIdOf(services, contact.externalUserId)
  const values = [externalUserNamespace(env), contact.externalUserId, unionIdNamespace(env), unionId, contact.staffUserId, contact.state]
  const [facts] = await db.run<{ staff_name: string | null; tier: TierCode | null; channel_text: string | null }>(selectWelcomeFacts, values)
  const staffName = facts?.staff_name ?? null
  const tierName = tiers.find((tier) => tier.code === facts?.tier)?.name ?? null
  const inviteUrl = tierName === null ? await inviteUrlFor(services, contact, staffName) : null
  const { text, link } = chooseWelcome({ brandName: env.brandName, staffName, tierName, inviteUrl, channelText: facts?.channel_text ?? null })
  if (isLate()) return 'missed'
  const outcome = await wecom.sendWelcome({ welcomeCode, text, link: link && { ...link, imageUrl: `${env.publicUrl}/invite-card.png` } })
  return recordedOutcome[outcome]
}

/**
 * The fast lane (R28, test 17): claimed once per event and never tried again, because a code serves once and a second send could reach
 * a chat that has begun. Too late, or another app was first: recorded, not repeated.
 */
export function welcomeHandlers(services: WelcomeServices): JobHandler[] {
  const { db, now, log } = services
  return [
    handle(sendWelcome, async ({ eventDigest, externalUserId, staffUserId, welcomeCode, receivedAtMs, state }) => {
      const claimed = await db.run(claimWelcome, [eventDigest, externalUserId, staffUserId, new Date(receivedAtMs)])
      if (claimed.length === 0) return
      const isLate = (): boolean => now().getTime() - receivedAtMs >= welcomeCodeTtlMs
      let outcome: Recorded = 'failed'
      try {
        outcome = isLate() ? 'missed' : await send(services, { externalUserId, staffUserId, state: state ?? null }, welcomeCode, isLate)
      } finally {
        await db.run(finishWelcome, [eventDigest, outcome, now()])
        log.info({ outcome, ms: now().getTime() - receivedAtMs }, 'welcome')
      }
    }),
  ]
}
