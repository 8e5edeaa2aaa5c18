import type { BodyOf } from '@qihui/shared/http'
import type { Channel, createChannel as createChannelContract, InvitePlace } from '@qihui/shared/channel'
import { AppError, type FieldProblem } from '@qihui/shared/errors'
import { defaultFormKey } from '@qihui/shared/form'
import { newId } from '../../security/newId.ts'
import type { MemberActor, StaffActor } from '../../http/actor.ts'
import { enqueue } from '../../jobs/enqueue.ts'
import type { Services } from '../../services.ts'
import { auditActorOf, recordAudit } from '../audit/steps.ts'
import { noteOnTimeline, requireFollow } from '../contact/steps.ts'
import { prepareChannel } from './jobs.ts'
import { newChannelToken } from './newChannelToken.ts'
import { managesAll } from './policy.ts'
import { presentChannel, type ChannelRow } from './present.ts'
import { insertChannel, insertInvitation, insertVisit, revokeManagedChannel, selectChannelReferences, selectInvitation, updateUrlLink } from './tables.ts'

type ChannelServices = Pick<Services, 'db' | 'now'>
type ChannelInput = BodyOf<typeof createChannelContract>

interface References {
  readonly has_form: boolean
  readonly known_tags: number
  /** A tier's or a segment's: the system gives and takes those itself. */
  readonly has_managed_tag: boolean
  readonly has_staff: boolean
}

function refuseReferences(input: ChannelInput, found: References, at: Date): void {
  const problems: FieldProblem[] = []
  const tagIds = new Set(input.corpTagIds)
  if (!found.has_form) problems.push({ path: 'body.formKey', message: '没有这份登记表，请先在控制台发布' })
  if (!found.has_staff) problems.push({ path: 'body.staffUserId', message: '该员工不存在，或不在应用的可见范围内' })
  if (found.known_tags < tagIds.size) problems.push({ path: 'body.corpTagIds', message: '有标签不存在或已被删除，请刷新后重选' })
  if (input.expiresAt !== undefined && new Date(input.expiresAt) <= at) problems.push({ path: 'body.expiresAt', message: '截止时间必须晚于现在' })
  if (problems.length > 0) throw new AppError('request.invalid', undefined, problems)
  const detail = '会员等级与分群的标签由系统维护，不能用于渠道，请换一个标签'
  if (found.has_managed_tag) throw new AppError('corpTag.managed', detail, [{ path: 'body.corpTagIds', message: detail }])
}

/**
 * Makes a channel and asks for its codes: a token of our own is the mini-program scene and the contact way's state at once (R6, R7, R13).
 * A rep's channel is their own; an operator makes them for anybody and for nobody.
 * @throws AppError `staff.notOperator`, `request.invalid`, `corpTag.managed`
 */
export async function createChannel({ db, now, env }: ChannelServices & Pick<Services, 'env'>, actor: StaffActor, input: ChannelInput): Promise<Channel> {
  const isForAnybody = managesAll(actor, 'create')
  if (!isForAnybody && input.staffUserId !== undefined && input.staffUserId !== actor.staffUserId) {
    throw new AppError('staff.notOperator', '员工只能为自己新建渠道')
  }
  const at = now()
  const corpTagIds = [...new Set(input.corpTagIds)]
  const formKey = input.formKey ?? defaultFormKey
  const row: ChannelRow = {
    channel_id: newId(),
    token: newChannelToken(),
    kind: input.kind ?? 'scan',
    name: input.name,
    store_name: input.storeName ?? null,
    staff_user_id: input.staffUserId ?? (isForAnybody ? null : actor.staffUserId),
    utm: input.utm ?? {},
    form_key: formKey,
    binding_mode: input.bindingMode ?? 'progressive',
    corp_tag_ids: corpTagIds,
    welcome_text: input.welcomeText ?? null,
    state: 'preparing',
    expires_at: input.expiresAt === undefined ? null : new Date(input.expiresAt),
    revoked_at: null,
    max_registrations: input.maxRegistrations ?? null,
    counted_registrations: 0,
    created_by: actor.staffUserId,
    created_at: at,
    registrations: 0,
  }
  // Who is logged in is there; only another one has to be looked for.
  const otherStaff = row.staff_user_id === actor.staffUserId ? null : row.staff_user_id
  await db.transaction(async (tx) => {
    const [found] = await tx.run<References>(selectChannelReferences, [formKey, corpTagIds, otherStaff])
    if (found) refuseReferences(input, found, at)
    await tx.run(insertChannel, [
      row.channel_id, row.token, row.kind, row.name, row.store_name, row.staff_user_id, JSON.stringify(row.utm), row.form_key, row.binding_mode,
      row.corp_tag_ids, row.welcome_text, row.expires_at, row.max_registrations, row.created_by, at,
    ])
    await enqueue(tx, prepareChannel, { channelId: row.channel_id })
    await recordAudit(tx, { at, actor: auditActorOf(actor), action: 'channel.create', subject: `channel:${row.channel_id}` })
  })
  return presentChannel(row, env.publicUrl, at)
}

/** Ends a channel; its page says so from now on. Twice is once. @param row from `requireManagedChannel` */
export async function revokeChannel({ db, now, env }: ChannelServices & Pick<Services, 'env'>, actor: StaffActor, row: ChannelRow): Promise<Channel> {
  const at = now()
  await db.transaction(async (tx) => {
    await tx.run(revokeManagedChannel, [row.channel_id, at])
    await recordAudit(tx, { at, actor: auditActorOf(actor), action: 'channel.revoke', subject: `channel:${row.channel_id}` })
  })
  return presentChannel({ ...row, revoked_at: row.revoked_at ?? at }, env.publicUrl, at)
}

/** An address that opens the registration, and when it ends. */
export interface InvitationLink {
  readonly url: string
  readonly expiresAt: Date
}

/** Keeps a link for as long as it is worth keeping, so that the vendor's daily quota is not spent on one token. */
export async function keepUrlLink({ db }: Pick<Services, 'db'>, channelId: string, link: InvitationLink): Promise<void> {
  await db.run(updateUrlLink, [channelId, link.url, link.expiresAt])
}

/** An invitation of one rep for one contact. */
export interface InvitationInput {
  readonly token: string
  readonly externalUserId: string
  readonly staffUserId: string
  readonly staffName: string
}

/** Keeps an invitation, so that a registration through it knows rep and contact. @throws AppError `contact.notFollowing` */
export async function keepInvitation({ db, now }: ChannelServices, input: InvitationInput): Promise<void> {
  const { token, externalUserId, staffUserId, staffName } = input
  await db.transaction(async (tx) => {
    await requireFollow(tx, externalUserId, staffUserId)
    await tx.run(insertInvitation, [newId(), token, `${staffName}的邀请`, staffUserId, externalUserId, null, null, now()])
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

/** A gesture on the invite page. */
export interface InviteVisit {
  readonly visitId: string
  readonly token: string
  readonly place: InvitePlace
  /** Who has logged in on the page, if anybody. */
  readonly visitor: Pick<MemberActor, 'namespace' | 'openId'> | null
}

/** Counts a visit of the invite page once; a repeat only adds who it is (R9, R102). @returns true when it is a new one */
export async function recordInviteVisit({ db, now }: ChannelServices, { visitId, token, place, visitor }: InviteVisit): Promise<boolean> {
  const [row] = await db.run<{ is_new: boolean }>(insertVisit, [visitId, token, place, now(), visitor?.namespace ?? null, visitor?.openId ?? null])
  return row?.is_new ?? false
}
