import { homesOf, identifierKey, resolveConsents, type Identifier, type PurposeStanding } from '@qihui/shared/identity'
import type { Statement, Tx } from '../../db/pool.ts'
import { enqueue } from '../../jobs/enqueue.ts'
import { newId } from '../../security/newId.ts'
import { syncTierTag } from '../corp-tag/jobs.ts'
import { settleTier } from '../tier/steps.ts'
import {
  absorbMembers,
  absorbPersons,
  closeMerge,
  closeReviews,
  forgetLinkedEntry,
  insertMerge,
  keepImages,
  lockMembers,
  moveMember,
  moveMemberRows,
  movePersonRows,
  narrowConsents,
  returnMemberRows,
  returnPersonRows,
  returnTheRest,
  selectHeldBefore,
  selectIdentifiers,
  selectStandings,
  splitMember,
  splitMemberRows,
  splitPersonRows,
  unlinkVisits,
} from './mergeTables.ts'
import { columnsOf, loadEdges } from './steps.ts'
import { insertMergeEntry, rejectEdges, selectPairs } from './tables.ts'

/** Decided by the junction, from strong evidence. */
export const decidedByRule = 'rule'

/** Who becomes whom, on whose word and on what evidence. */
export interface MergeOrder {
  readonly survivorId: string
  readonly absorbedIds: readonly string[]
  /** `decidedByRule` or the operator's staff id. */
  readonly decidedBy: string
  readonly reviewId: string | null
  readonly edgeIds: readonly string[]
}

/** A living member of one of several persons. */
export interface LivingMember {
  readonly member_id: string
  readonly person_id: string
  readonly registered_at: Date
}

async function runAll(tx: Tx, statements: readonly Statement[], values: readonly unknown[]): Promise<void> {
  for (const statement of statements) await tx.run(statement, values)
}

/** How each of these persons stands, one list per person; empty for who was never asked. */
export async function loadStandings(tx: Tx, personIds: readonly string[]): Promise<PurposeStanding[][]> {
  const rows = await tx.run<PurposeStanding & { person_id: string }>(selectStandings, [personIds])
  return personIds.map((personId) => rows.filter((row) => row.person_id === personId).map(({ purpose, state }) => ({ purpose, state })))
}

async function syncTags(tx: Tx, personIds: readonly string[]): Promise<void> {
  for (const pair of await tx.run<{ external_user_id: string; staff_user_id: string }>(selectPairs, [personIds])) {
    await enqueue(tx, syncTierTag, { externalUserId: pair.external_user_id, staffUserId: pair.staff_user_id })
  }
}

/**
 * Makes several persons one (domain rules a 5), keeping the image of every row it changes. One member stays, the survivor's if there is one;
 * the ledger of the others joins its own and the tier is derived again. Consents become the narrower. Persons must be locked by the caller.
 * @returns the merge, by which it can be undone
 */
export async function mergePersons(tx: Tx, order: MergeOrder, at: Date): Promise<string> {
  const mergeId = newId()
  const { survivorId, absorbedIds } = order
  const personIds = [survivorId, ...absorbedIds]
  const narrowed = resolveConsents(await loadStandings(tx, personIds)).filter((consent) => consent.isNarrowed)
  const [keeper, ...others] = await tx.run<LivingMember>(lockMembers, [personIds, survivorId])
  await tx.run(insertMerge, [mergeId, survivorId, absorbedIds, order.decidedBy, order.reviewId, order.edgeIds, at])
  await tx.run(keepImages, [mergeId, personIds])
  await runAll(tx, movePersonRows, [mergeId, absorbedIds, survivorId])
  await tx.run(absorbPersons, [absorbedIds, survivorId])
  if (narrowed.length > 0) await tx.run(narrowConsents, [survivorId, narrowed.map(({ purpose }) => purpose), at])
  if (keeper !== undefined) await tx.run(moveMember, [keeper.member_id, survivorId])
  if (keeper !== undefined && others.length > 0) {
    const otherIds = others.map((member) => member.member_id)
    await runAll(tx, moveMemberRows, [mergeId, otherIds, keeper.member_id])
    await tx.run(absorbMembers, [otherIds, keeper.member_id])
    await settleTier(tx, keeper, at)
  }
  await tx.run(closeReviews, [survivorId, absorbedIds, order.decidedBy, at])
  if (order.decidedBy !== decidedByRule) await tx.run(insertMergeEntry, [newId(), survivorId, at, 'identity.merged'])
  return mergeId
}

/** A merge as it is stored. */
export interface MergeRow {
  readonly merge_id: string
  readonly survivor_id: string
  readonly absorbed_ids: readonly string[]
  readonly edge_ids: readonly string[]
  readonly merged_at: Date
  readonly undone_at: Date | null
}

/** Whose identifier each one of the survivor is, seen from before the merge: what came later goes where evidence leads. Also rejects what still connects the persons. */
async function takeApart(tx: Tx, merge: MergeRow): Promise<Map<string, Identifier[]>> {
  const before = await tx.run<Identifier & { person_id: string }>(selectHeldBefore, [merge.merge_id])
  const held = new Map(before.map((row) => [identifierKey(row), row.person_id]))
  const now = await tx.run<Identifier>(selectIdentifiers, [merge.survivor_id])
  await tx.run(rejectEdges, [merge.edge_ids])
  const edges = await loadEdges(tx, now)
  const homes = homesOf(edges, held)
  const crossing = edges.filter(({ a, b }) => homes.get(identifierKey(a)) !== homes.get(identifierKey(b)))
  await tx.run(rejectEdges, [crossing.map(({ edgeId }) => edgeId)])
  return new Map(merge.absorbed_ids.map((personId) => [personId, now.filter((identifier) => homes.get(identifierKey(identifier)) === personId)]))
}

/**
 * Takes a merge back (domain rules a 6): rows return to where they were, rows that came later go by the identifier they came through, and
 * the evidence is rejected, so that it does not join them again. The caller has locked the merge and the persons, and checked that no later one stands on it.
 */
export async function undoMergeOf(tx: Tx, merge: MergeRow, by: string, note: string | null, at: Date): Promise<void> {
  const { merge_id: mergeId, survivor_id: survivorId, absorbed_ids: absorbedIds } = merge
  const personIds = [survivorId, ...absorbedIds]
  const identifiersOf = await takeApart(tx, merge)
  const [keeper] = await tx.run<LivingMember>(lockMembers, [[survivorId], survivorId])
  await runAll(tx, returnPersonRows, [mergeId, survivorId])
  await runAll(tx, returnTheRest, [mergeId, merge.merged_at])
  if (keeper !== undefined) await runAll(tx, returnMemberRows, [mergeId, keeper.member_id])
  for (const [absorbedId, identifiers] of identifiersOf) {
    await runAll(tx, splitPersonRows, [...columnsOf(identifiers), survivorId, absorbedId])
    await tx.run(splitMember, [...columnsOf(identifiers), survivorId, absorbedId])
    const [member] = await tx.run<LivingMember>(lockMembers, [[absorbedId], absorbedId])
    if (keeper !== undefined && member !== undefined && member.member_id !== keeper.member_id) {
      await runAll(tx, splitMemberRows, [...columnsOf(identifiers), keeper.member_id, member.member_id])
    }
  }
  const members = await tx.run<LivingMember>(lockMembers, [personIds, survivorId])
  // One member alone has lost or won nothing: its ledger did not move.
  if (members.length > 1) for (const member of members) await settleTier(tx, member, at)
  await tx.run(unlinkVisits, [personIds])
  await tx.run(forgetLinkedEntry, [personIds, merge.merged_at, mergeId])
  for (const personId of personIds) await tx.run(insertMergeEntry, [newId(), personId, at, 'identity.unmerged'])
  await tx.run(closeMerge, [mergeId, at, by, note])
  await syncTags(tx, personIds)
}
