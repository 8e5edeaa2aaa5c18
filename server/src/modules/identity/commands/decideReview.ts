import { AppError } from '@qihui/shared/errors'
import type { Identifier, IdentifierOwner } from '@qihui/shared/identity'
import { survivorOf } from '@qihui/shared/identity'
import type { Tx } from '../../../db/pool.ts'
import type { StaffActor } from '../../../http/actor.ts'
import type { Services } from '../../../services.ts'
import { mergePersons } from '../mergeSteps.ts'
import { obstacleTo } from '../obstacleTo.ts'
import { closeReview, lockReview, selectHeldMembers, selectLiving } from '../reviewTables.ts'
import { auditDone, followUp, loadPersons, storeOperatorEdge } from '../steps.ts'
import { lockOwners, rejectEdges } from '../tables.ts'

export interface ReviewDecision {
  readonly reviewId: string
  readonly decision: 'merge' | 'keepApart'
  readonly note: string | null
  readonly requestId: string
}

interface ReviewRow {
  readonly state: 'open' | 'merged' | 'keptApart'
  readonly person_ids: readonly string[]
  readonly edge_ids: readonly string[]
}

/** The identifier that names a person best: what WeChat calls the human, then the contact, then anything. */
function mainIdentifier({ identifiers }: IdentifierOwner): Identifier | undefined {
  return ['unionid@', 'external-userid@', ''].map((prefix) => identifiers.find(({ namespace }) => namespace.startsWith(prefix))).find((found) => found !== undefined)
}

/** Ties the survivor to each of the others by the operator's word, so that the junction goes on seeing one person. */
async function tie(tx: Tx, survivor: IdentifierOwner, others: readonly IdentifierOwner[], at: Date): Promise<string[]> {
  const edgeIds: string[] = []
  for (const other of others) {
    const [one, two] = [mainIdentifier(survivor), mainIdentifier(other)]
    if (one !== undefined && two !== undefined) edgeIds.push(await storeOperatorEdge(tx, one, two, at))
  }
  return edgeIds
}

async function merge(tx: Tx, review: ReviewRow, order: ReviewDecision, by: string, at: Date): Promise<string | null> {
  const living = await tx.run<{ person_id: string }>(selectLiving, [review.person_ids])
  const owners = await loadPersons(tx, living.map((row) => row.person_id), lockOwners)
  const survivor = survivorOf(owners)
  if (survivor === undefined || owners.length < 2) return null
  const [held] = await tx.run<{ has_held: boolean }>(selectHeldMembers, [owners.map((owner) => owner.personId)])
  const obstacle = obstacleTo(owners, held?.has_held ?? false)
  if (obstacle !== null) throw new AppError('request.invalid', obstacle)
  const others = owners.filter((owner) => owner !== survivor)
  const edgeIds = [...review.edge_ids, ...(await tie(tx, survivor, others, at))]
  const mergeId = await mergePersons(tx, { survivorId: survivor.personId, absorbedIds: others.map((owner) => owner.personId), decidedBy: by, reviewId: order.reviewId, edgeIds }, at)
  await followUp(tx, survivor.personId, at)
  return mergeId
}

/**
 * An operator's decision on a review (R36, R40). `merge` joins the persons at once and can be undone; `keepApart` rejects the evidence, so
 * that it is not asked again. @returns the merge, or null when nothing had to be joined any more
 * @throws AppError `request.notFound`, `review.alreadyDecided`, `request.invalid` when a hard rule forbids the merge
 */
export async function decideReview({ db, now }: Pick<Services, 'db' | 'now'>, actor: StaffActor, order: ReviewDecision): Promise<string | null> {
  const at = now()
  return db.transaction(async (tx) => {
    const [review] = await tx.run<ReviewRow>(lockReview, [order.reviewId])
    if (review === undefined) throw new AppError('request.notFound')
    if (review.state !== 'open') throw new AppError('review.alreadyDecided')
    const mergeId = order.decision === 'merge' ? await merge(tx, review, order, actor.staffUserId, at) : null
    if (order.decision === 'keepApart') await tx.run(rejectEdges, [review.edge_ids])
    await tx.run(closeReview, [order.reviewId, order.decision === 'merge' ? 'merged' : 'keptApart', actor.staffUserId, at, order.note])
    await auditDone(tx, actor, `identityReview.${order.decision}`, order.reviewId, review.person_ids, order.requestId, at)
    return mergeId
  })
}
