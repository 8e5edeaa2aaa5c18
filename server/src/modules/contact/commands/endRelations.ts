import type { Services } from '../../../services.ts'
import { endUnlisted, noteOnTimeline } from '../steps.ts'
import { endFollowOf, lockContact, selectContact } from '../tables.ts'

/** The end of one relation as an event told it. `endedBy` `customer`: the customer deleted the staff, which WeCom shows nowhere else. */
export interface FollowEnd {
  readonly externalUserId: string
  readonly staffUserId: string
  readonly endedBy: 'staff' | 'customer' | 'transfer'
  readonly endedAt: Date
}

/** Ends a relation that began before the event; one that began after it is another relation and lives on. */
export async function endRelation({ db }: Pick<Services, 'db'>, end: FollowEnd): Promise<void> {
  const { externalUserId, staffUserId, endedBy, endedAt } = end
  await db.transaction(async (tx) => {
    await tx.run(lockContact, [externalUserId])
    const [ended] = await tx.run<{ added_at: Date; person_id: string }>(endFollowOf, [externalUserId, staffUserId, endedAt, endedBy])
    if (ended === undefined) return
    await noteOnTimeline(tx, {
      personId: ended.person_id,
      at: endedAt,
      kind: 'contact.lost',
      data: { staffUserId, endedBy },
      key: `contact.lost:${externalUserId}:${staffUserId}:${ended.added_at.getTime()}`,
    })
  })
}

/** Ends every relation of a contact nobody follows any more. */
export async function endAllRelations({ db, now }: Pick<Services, 'db' | 'now'>, externalUserId: string): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.run(lockContact, [externalUserId])
    const [contact] = await tx.run<{ person_id: string }>(selectContact, [externalUserId])
    if (contact !== undefined) await endUnlisted(tx, externalUserId, contact.person_id, [], now())
  })
}
