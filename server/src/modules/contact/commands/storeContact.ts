import { newId } from '../../../security/newId.ts'
import type { Tx } from '../../../db/pool.ts'
import { enqueue } from '../../../jobs/enqueue.ts'
import type { DataKey } from '../../../security/fieldCipher.ts'
import type { Services } from '../../../services.ts'
import { tagByChannel } from '../../channel/steps.ts'
import { syncTierTag } from '../../corp-tag/jobs.ts'
import { linkIdentity } from '../../identity/jobs.ts'
import { externalUserNamespace, unionIdNamespace } from '../../identity/namespaces.ts'
import { contactKeyPlace, contactNamePlace, remarkPlace } from '../places.ts'
import { endUnlisted, noteOnTimeline } from '../steps.ts'
import {
  holdPerson,
  insertContactIdentifiers,
  insertPerson,
  lockContact,
  selectContact,
  selectFollows,
  selectPersonOfContact,
  upsertContact,
  upsertFollow,
} from '../tables.ts'
import type { ContactFacts, FollowFacts } from '../types.ts'

type MirrorServices = Pick<Services, 'db' | 'now' | 'cipher' | 'env'>

interface ContactRow {
  readonly person_id: string
  readonly union_id: string | null
  readonly data_key_sealed: Buffer
}

interface FollowRow {
  readonly staff_user_id: string
  readonly tag_ids: readonly string[]
  readonly ended_at: Date | null
}

/** Follows absorption to the living person and keeps the junction from absorbing it before we are done. */
async function livingPerson(tx: Tx, personId: string): Promise<string> {
  for (let id = personId; ; ) {
    const [row] = await tx.run<{ absorbed_by: string | null }>(holdPerson, [id])
    if (row === undefined || row.absorbed_by === null) return id
    id = row.absorbed_by
  }
}

async function personFor(tx: Tx, { env }: MirrorServices, contact: ContactFacts, at: Date): Promise<string> {
  const values = [externalUserNamespace(env), contact.externalUserId, unionIdNamespace(env), contact.unionId]
  const [owner] = await tx.run<{ person_id: string }>(selectPersonOfContact, values)
  if (owner !== undefined) return livingPerson(tx, owner.person_id)
  const personId = newId()
  await tx.run(insertPerson, [personId, at])
  return personId
}

async function storeIdentifiers(tx: Tx, { env }: MirrorServices, contact: ContactFacts, personId: string, at: Date): Promise<void> {
  const pairs: [string, string][] = [[externalUserNamespace(env), contact.externalUserId]]
  if (contact.unionId !== null) pairs.push([unionIdNamespace(env), contact.unionId])
  await tx.run(insertContactIdentifiers, [pairs.map(([namespace]) => namespace), pairs.map(([, value]) => value), personId, at])
}

interface StoredContact {
  readonly personId: string
  readonly dataKey: DataKey
  /** Something the junction has not seen yet. */
  readonly isNews: boolean
}

async function storeContactRow(tx: Tx, services: MirrorServices, contact: ContactFacts, at: Date): Promise<StoredContact> {
  const { cipher } = services
  const { externalUserId } = contact
  const [known] = await tx.run<ContactRow>(selectContact, [externalUserId])
  const personId = known ? await livingPerson(tx, known.person_id) : await personFor(tx, services, contact, at)
  const keyPlace = contactKeyPlace(externalUserId)
  const dataKey = known ? { key: cipher.openDataKey(keyPlace, known.data_key_sealed), sealed: known.data_key_sealed } : cipher.newDataKey(keyPlace)
  const nameSealed = cipher.seal(contactNamePlace(externalUserId), contact.name, dataKey.key)
  await tx.run(upsertContact, [
    externalUserId, personId, contact.type, contact.unionId, dataKey.sealed, nameSealed, contact.avatarUrl, contact.corpName, at,
  ])
  const isNews = known === undefined || (contact.unionId !== null && contact.unionId !== known.union_id)
  if (isNews) await storeIdentifiers(tx, services, contact, personId, at)
  return { personId, dataKey, isNews }
}

function hasOtherTags(before: FollowRow | undefined, follow: FollowFacts): boolean {
  return before !== undefined && (before.tag_ids.length !== follow.tagIds.length || before.tag_ids.some((tagId) => !follow.tagIds.includes(tagId)))
}

async function storeFollow(tx: Tx, services: MirrorServices, externalUserId: string, follow: FollowFacts, stored: StoredContact, before: FollowRow | undefined): Promise<boolean> {
  const remark = follow.remark === '' ? null : services.cipher.seal(remarkPlace(externalUserId, follow.staffUserId), follow.remark, stored.dataKey.key)
  const values = [externalUserId, follow.staffUserId, remark, follow.state, follow.addWay, follow.tagIds, follow.addedAt]
  const [row] = await tx.run<{ is_live: boolean }>(upsertFollow, values)
  // Our own changes are mirrored as they are made: a difference is a hand edit, and tier tags are not for hands (domain rules b.8).
  if (hasOtherTags(before, follow)) await enqueue(tx, syncTierTag, { externalUserId, staffUserId: follow.staffUserId })
  const isNew = row?.is_live === true && (before === undefined || before.ended_at !== null)
  if (isNew) {
    await noteOnTimeline(tx, {
      personId: stored.personId,
      at: follow.addedAt,
      kind: 'contact.added',
      data: { staffUserId: follow.staffUserId, addWay: follow.addWay },
      key: `contact.added:${externalUserId}:${follow.staffUserId}:${follow.addedAt.getTime()}`,
    })
    if (follow.state !== null) await tagByChannel(tx, { externalUserId, staffUserId: follow.staffUserId, state: follow.state })
  }
  return isNew
}

/**
 * Makes the mirror of one contact equal to what WeCom answered, and hands news to the junction (R31-R34, P2).
 * Running it again changes nothing; a customer not registered yet becomes a contact-only person without consent.
 */
export async function storeContact(services: MirrorServices, { contact, followUsers }: { readonly contact: ContactFacts; readonly followUsers: readonly FollowFacts[] }): Promise<void> {
  const at = services.now()
  const { externalUserId } = contact
  await services.db.transaction(async (tx) => {
    await tx.run(lockContact, [externalUserId])
    const stored = await storeContactRow(tx, services, contact, at)
    const before = new Map((await tx.run<FollowRow>(selectFollows, [externalUserId])).map((row) => [row.staff_user_id, row]))
    let isNews = stored.isNews
    for (const follow of followUsers) {
      const isNew = await storeFollow(tx, services, externalUserId, follow, stored, before.get(follow.staffUserId))
      isNews ||= isNew
    }
    await endUnlisted(tx, externalUserId, stored.personId, followUsers.map((follow) => follow.staffUserId), at)
    if (isNews) await enqueue(tx, linkIdentity, { personId: stored.personId })
  })
}
