import { answerBy } from '@qihui/shared/lifecycle'
import type { Tx } from '../../db/pool.ts'
import type { Env } from '../../env.ts'
import { enqueue } from '../../jobs/enqueue.ts'
import { newId } from '../../security/newId.ts'
import { syncTierTag } from '../corp-tag/jobs.ts'
import { externalUserNamespace } from '../identity/namespaces.ts'
import { erasePerson } from './jobs.ts'
import { detachContacts, insertErasure, insertReceipt, lockFamily, restrictSteps, selectFamily, selectRunningErasure } from './restrictTables.ts'

/** A person with everybody absorbed into them, the survivor first. */
export async function familyOf(tx: Tx, personId: string): Promise<string[]> {
  return (await tx.run<{ person_id: string }>(selectFamily, [personId])).map((row) => row.person_id)
}

/** Whose data is to go, why, and under which id. */
export interface ErasureOrder {
  readonly erasureId: string
  readonly reason: 'request' | 'retention' | 'replay'
  readonly personId: string
}

/**
 * Restricts a person at once: nothing finds them, nothing is sent to them, and the erasure is asked for (PIPL 47, domain rules h 4). Sessions,
 * links and the phone's blind index go now; what a legal hold could keep is kept for the erasure to take. Twice is once.
 * @returns the id of the erasure, the running one when there is one
 */
export async function restrictPerson(tx: Tx, env: Env, { erasureId, reason, personId }: ErasureOrder, at: Date): Promise<string> {
  const family = await familyOf(tx, personId)
  await tx.run(lockFamily, [family])
  const [running] = await tx.run<{ erasure_id: string }>(selectRunningErasure, [family])
  if (running !== undefined) return running.erasure_id
  await tx.run(insertErasure, [erasureId, reason, family[0] ?? personId, at, answerBy(at.toISOString())])
  for (const { step, statement } of restrictSteps) {
    const [done] = await tx.run<{ count: number }>(statement, [family, at])
    await tx.run(insertReceipt, [erasureId, step, done?.count ?? 0, at])
  }
  const pairs = await tx.run<{ external_user_id: string; staff_user_id: string }>(detachContacts, [family, newId(), externalUserNamespace(env), at])
  // Nobody's tier any more: the job takes the tags we set off in WeCom.
  for (const pair of pairs) await enqueue(tx, syncTierTag, { externalUserId: pair.external_user_id, staffUserId: pair.staff_user_id })
  await tx.run(insertReceipt, [erasureId, 'tagsRemoved', pairs.length, at])
  await enqueue(tx, erasePerson, { erasureId })
  return erasureId
}
