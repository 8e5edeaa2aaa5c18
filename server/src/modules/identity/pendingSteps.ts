import { decideLink } from '@qihui/shared/identity'
import type { Tx } from '../../db/pool.ts'
import type { Env } from '../../env.ts'
import { newId } from '../../security/newId.ts'
import { unionIdNamespace } from './namespaces.ts'
import { insertPendingLink, selectWaitingFor, selectWeakCandidates } from './pendingTables.ts'
import { loadPersons, openReview } from './steps.ts'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
/** Waits after the first, second and third look; then daily (domain rules a 7). */
const waitsMs = [10 * minuteMs, 60 * minuteMs]
/** A link waits this long for its other half. */
const pendingLinkDays = 90
/** Waiting members a new contact is compared with; a code that more of them came through says nothing about one. */
const maxWaiting = 20

/** When to look again after so many looks. */
export function nextTryAt(tries: number, at: Date): Date {
  return new Date(at.getTime() + (waitsMs[tries] ?? dayMs))
}

/** Suggests, by the token a member and a contact both carry, that they may be one; somebody has to confirm it. */
export async function suggestByToken(tx: Tx, env: Env, personId: string, at: Date): Promise<void> {
  for (const candidate of await tx.run<{ person_id: string }>(selectWeakCandidates, [personId, unionIdNamespace(env)])) {
    const decision = decideLink([], await loadPersons(tx, [personId, candidate.person_id]), 'weak')
    if (decision.kind === 'review') await openReview(tx, decision.reason, decision.personIds, [], at)
  }
}

/** Compares a contact that has just arrived with the members who wait for one. */
export async function suggestToWaiting(tx: Tx, env: Env, personId: string, at: Date): Promise<void> {
  for (const waiting of await tx.run<{ person_id: string }>(selectWaitingFor, [personId, maxWaiting])) await suggestByToken(tx, env, waiting.person_id, at)
}

/** Lets a member without a contact wait for one: looked at now, after a minute, ten minutes, an hour, then daily for 90 days (R36). */
export async function waitForContact(tx: Tx, env: Env, personId: string, at: Date): Promise<void> {
  const expiresAt = new Date(at.getTime() + pendingLinkDays * dayMs)
  await tx.run(insertPendingLink, [newId(), personId, at, new Date(at.getTime() + minuteMs), expiresAt, unionIdNamespace(env)])
  await suggestByToken(tx, env, personId, at)
}
