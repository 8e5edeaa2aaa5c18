import type { Channel } from '@qihui/shared/channel'
import { AppError } from '@qihui/shared/errors'
import { newId } from '../../security/newId.ts'
import type { StaffActor } from '../../http/actor.ts'
import { enqueue } from '../../jobs/enqueue.ts'
import type { Services } from '../../services.ts'
import { noteOnTimeline, requireFollow } from '../contact/steps.ts'
import { prepareChannel } from './jobs.ts'
import { newChannelToken } from './newChannelToken.ts'
import { insertInvitation, insertScanChannel, selectInvitation } from './tables.ts'

type ChannelServices = Pick<Services, 'db' | 'now'>

/** What a new scan channel is made of; UTM values stay on our side. */
export interface ChannelInput {
  readonly name: string
  readonly storeName?: string | undefined
  readonly staffUserId?: string | undefined
  readonly utm: Channel['utm']
}

/** Makes a channel and asks for its codes: a token of our own is the mini-program scene and the contact way's state at once (R6, R7, R13). */
export async function createChannel({ db, now }: ChannelServices, input: ChannelInput): Promise<Channel> {
  const channelId = newId()
  const token = newChannelToken()
  const { name, utm } = input
  const storeName = input.storeName ?? null
  const staffUserId = input.staffUserId ?? null
  await db.transaction(async (tx) => {
    await tx.run(insertScanChannel, [channelId, token, name, storeName, staffUserId, JSON.stringify(utm), now()])
    await enqueue(tx, prepareChannel, { channelId })
  })
  return { channelId, token, name, storeName, staffUserId, utm, state: 'preparing', registrations: 0 }
}

/** An address that opens the registration, and when it ends. */
export interface InvitationLink {
  readonly url: string
  readonly expiresAt: Date
}

/** An invitation of one rep for one contact. */
export interface InvitationInput {
  readonly token: string
  readonly externalUserId: string
  readonly staffUserId: string
  readonly staffName: string
  readonly link: InvitationLink | null
}

/** Keeps an invitation, so that a registration through it knows rep and contact. @throws AppError `contact.notFollowing` */
export async function keepInvitation({ db, now }: ChannelServices, input: InvitationInput): Promise<void> {
  const { token, externalUserId, staffUserId, staffName, link } = input
  await db.transaction(async (tx) => {
    await requireFollow(tx, externalUserId, staffUserId)
    await tx.run(insertInvitation, [newId(), token, `${staffName}的邀请`, staffUserId, externalUserId, link?.url ?? null, link?.expiresAt ?? null, now()])
  })
}

/**
 * Notes on the timeline that the invitation went out; told twice, it is noted once.
 * @throws AppError `contact.notFollowing`, `channel.notFound` (no invitation of this rep for this contact)
 */
export async function recordInvitationSent(
  { db, now }: ChannelServices,
  actor: StaffActor,
  sent: { readonly externalUserId: string; readonly token: string; readonly form: 'miniProgram' | 'link' | 'text' },
): Promise<void> {
  const { staffUserId } = actor
  await db.transaction(async (tx) => {
    const follow = await requireFollow(tx, sent.externalUserId, staffUserId)
    const invitation = await tx.run(selectInvitation, [sent.token, staffUserId, sent.externalUserId])
    if (invitation.length === 0) throw new AppError('channel.notFound', '没有找到这份邀请，请重新生成后再发送')
    await noteOnTimeline(tx, { personId: follow.person_id, at: now(), kind: 'invitation.sent', data: { staffUserId, form: sent.form }, key: `invitation.sent:${sent.token}` })
  })
}
