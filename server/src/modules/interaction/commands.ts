import { AppError } from '@qihui/shared/errors'
import type { BodyOf, ResponseOf } from '@qihui/shared/http'
import { isAllowedTarget, type createDocument as createDocumentContract, type postInteraction as postInteractionContract, type TrackedDocument } from '@qihui/shared/interaction'
import { localDateOf, tierProgress } from '@qihui/shared/tier'
import type { MemberActor, StaffActor } from '../../http/actor.ts'
import { newId } from '../../security/newId.ts'
import type { Services } from '../../services.ts'
import { auditActorOf, recordAudit } from '../audit/steps.ts'
import { newChannelToken } from '../channel/newChannelToken.ts'
import { externalUserNamespace, unionIdNamespace } from '../identity/namespaces.ts'
import { sessionIdentifiers } from '../member/sessionIdentifiers.ts'
import { getDocument } from './queries.ts'
import { lockMember, recordInteraction } from './steps.ts'
import { countOpening, insertDocument, keepShare, revokeDocumentRow, selectShared, upsertBehaviour } from './tables.ts'

type InteractionServices = Pick<Services, 'db' | 'now' | 'env' | 'growthRules' | 'tierRules'>

/**
 * Posts what a connected system knows about one customer (R46), e.g. a conversation archive that counts days with messages of theirs.
 * The same source id again changes nothing.
 * @throws AppError `member.notFound`
 */
export async function postInteraction(services: InteractionServices, body: BodyOf<typeof postInteractionContract>): Promise<ResponseOf<typeof postInteractionContract>> {
  const { db, now, env, growthRules, tierRules } = services
  const at = now()
  const via = body.unionId === undefined ? { namespace: externalUserNamespace(env), value: body.externalUserId ?? '' } : { namespace: unionIdNamespace(env), value: body.unionId }
  const [versions, { ladder }] = await Promise.all([growthRules.versions(), tierRules.at(at)])
  return db.transaction(async (tx) => {
    const member = await lockMember(tx, [via])
    if (member === null) throw new AppError('member.notFound', '该客户还不是会员')
    const interaction = { kind: body.kind, sourceKey: `integration:${body.sourceId}`, documentId: null, occurredAt: new Date(body.occurredAt), via }
    const { isNew, growth, standing } = await recordInteraction(tx, versions, member, interaction, at)
    const held = { tier: member.tier, reviewOn: member.review_on, graceUntil: member.grace_until }
    const progress = tierProgress(standing?.growthValue ?? member.growth_value, standing ?? held, ladder)
    return { isNew, growthEarned: growth, tier: { ...progress, benefits: [...progress.benefits] } }
  })
}

/** Makes a document that can be passed on. @throws AppError `request.invalid` for a host that is not allowed */
export async function createDocument(services: Pick<Services, 'db' | 'now' | 'env'>, actor: StaffActor, { title, targetUrl }: BodyOf<typeof createDocumentContract>): Promise<TrackedDocument> {
  const { db, now, env } = services
  if (!isAllowedTarget(targetUrl, env.documentHosts)) {
    throw new AppError('request.invalid', undefined, [{ path: 'body.targetUrl', message: `只能指向这些域名：${[...env.documentHosts].join('、')}` }])
  }
  const documentId = newId()
  await db.transaction(async (tx) => {
    await tx.run(insertDocument, [documentId, title, targetUrl, actor.staffUserId, now()])
    await tx.run(keepShare, [newChannelToken(), documentId, actor.staffUserId, now()])
    await recordAudit(tx, { at: now(), actor: auditActorOf(actor), action: 'document.create', subject: `document:${documentId}` })
  })
  return getDocument(services, actor, documentId)
}

/** Ends every link of a document. Twice is once. @throws AppError `request.notFound` */
export async function revokeDocument(services: Pick<Services, 'db' | 'now' | 'env'>, actor: StaffActor, documentId: string): Promise<TrackedDocument> {
  const at = services.now()
  await services.db.transaction(async (tx) => {
    const revoked = await tx.run(revokeDocumentRow, [documentId, at])
    if (revoked.length === 0) throw new AppError('request.notFound')
    await recordAudit(tx, { at, actor: auditActorOf(actor), action: 'document.revoke', subject: `document:${documentId}` })
  })
  return getDocument(services, actor, documentId)
}

/** The link by which this employee passes a document on: the same each time. @throws AppError `request.notFound` */
export async function shareDocument({ db, now, env }: Pick<Services, 'db' | 'now' | 'env'>, actor: StaffActor, documentId: string): Promise<{ url: string }> {
  const [share] = await db.run<{ token: string }>(keepShare, [newChannelToken(), documentId, actor.staffUserId, now()])
  if (share === undefined) throw new AppError('request.notFound')
  return { url: `${env.publicUrl}/d/${share.token}` }
}

/**
 * Somebody opens a tracked link: the opening is counted, and for a member it is an interaction, one per document and local day.
 * @param opening whether it counts at all, and the session the browser carries; null for a stranger, who is counted without a name
 * @returns where the link leads, or null when there is no such link or its host is no longer allowed
 */
export async function openDocument(services: InteractionServices, token: string, { isCounted, visitor }: { readonly isCounted: boolean; readonly visitor: MemberActor | null }): Promise<string | null> {
  const { db, now, env } = services
  const at = now()
  const [shared] = await db.run<{ document_id: string; target_url: string }>(selectShared, [token])
  if (shared === undefined || !isAllowedTarget(shared.target_url, env.documentHosts)) return null
  if (!isCounted) return shared.target_url
  const day = localDateOf(at.toISOString())
  const versions = await services.growthRules.versions()
  await db.transaction(async (tx) => {
    const member = visitor === null ? null : await lockMember(tx, sessionIdentifiers(env, visitor))
    await tx.run(countOpening, [token, day, member !== null])
    if (member === null || visitor === null) return
    const sourceKey = `${shared.document_id}:${member.member_id}:${day}`
    const via = { namespace: visitor.namespace, value: visitor.openId }
    await recordInteraction(tx, versions, member, { kind: 'documentView', sourceKey, documentId: shared.document_id, occurredAt: at, via }, at)
  })
  return shared.target_url
}

/** What one employee did on one local day, all customers together. */
export interface BehaviourDay {
  readonly day: Date
  readonly chats: number
  readonly messages: number
  readonly replyPercent: number | null
  readonly replyMinutes: number | null
  readonly newApplications: number
  readonly newContacts: number
  readonly lostContacts: number
}

/** Keeps the days WeCom has counted of one employee; a day fetched again is what WeCom says now. */
export async function storeBehaviour({ db, now }: Pick<Services, 'db' | 'now'>, staffUserId: string, days: readonly BehaviourDay[]): Promise<void> {
  if (days.length === 0) return
  const column = <T>(of: (day: BehaviourDay) => T) => days.map(of)
  await db.run(upsertBehaviour, [
    staffUserId, column(({ day }) => localDateOf(day.toISOString())), column(({ chats }) => chats), column(({ messages }) => messages),
    column(({ replyPercent }) => (replyPercent === null ? null : Math.round(replyPercent * 100))), column(({ replyMinutes }) => replyMinutes && Math.round(replyMinutes)),
    column(({ newApplications }) => newApplications), column(({ newContacts }) => newContacts), column(({ lostContacts }) => lostContacts), now(),
  ])
}
