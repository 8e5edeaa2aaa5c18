import type { Tx } from '../../db/pool.ts'
import { enqueue } from '../../jobs/enqueue.ts'
import { newId } from '../../security/newId.ts'
import { linkIdentity } from '../identity/jobs.ts'
import { settleTier } from '../tier/steps.ts'
import { insertRestoredEntry, selectMembersOfPersons, touchMember } from './activityTables.ts'

interface TouchedRow {
  readonly member_id: string
  readonly person_id: string
  readonly registered_at: Date
  readonly was_archived: boolean
}

/**
 * The customer did something themselves: a login, a scan, an order, a consent, a benefit used (domain rules h 1). What we, our staff or our
 * jobs do is no act of theirs. Somebody archived is back in this very transaction: same member, the tier looked at anew, the tags put
 * on again; whether their consents still count is asked of the policy in force wherever one is needed.
 * @returns whether the member came back from the archive
 */
export async function touchActivity(tx: Tx, memberId: string, at: Date): Promise<boolean> {
  const [member] = await tx.run<TouchedRow>(touchMember, [memberId, at])
  if (member === undefined || !member.was_archived) return false
  await settleTier(tx, member, at)
  await tx.run(insertRestoredEntry, [newId(), member.person_id, at])
  await enqueue(tx, linkIdentity, { personId: member.person_id })
  return true
}

/** The same for whatever members these persons have. */
export async function touchPersons(tx: Tx, personIds: readonly string[], at: Date): Promise<void> {
  if (personIds.length === 0) return
  for (const { member_id: memberId } of await tx.run<{ member_id: string }>(selectMembersOfPersons, [personIds])) await touchActivity(tx, memberId, at)
}
