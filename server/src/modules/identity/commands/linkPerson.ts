import { decideLink, identifierKey, type Identifier } from '@qihui/shared/identity'
import type { Tx } from '../../../db/pool.ts'
import type { Services } from '../../../services.ts'
import { decidedByRule, mergePersons } from '../mergeSteps.ts'
import { suggestToWaiting, waitForContact } from '../pendingSteps.ts'
import { columnsOf, followUp, loadComponent, openReview, partOf, reviewSharedPhone, storeEvidence, type Component } from '../steps.ts'
import { insertIdentifiers, selectSurvivor, updateEdgeStates } from '../tables.ts'

type Settled = ReturnType<typeof partOf>

/** Records which evidence is believed and which is set aside, and asks about the latter. */
async function storeStates(tx: Tx, { quarantined, believed, homes }: Settled, at: Date): Promise<void> {
  await tx.run(updateEdgeStates, [quarantined.map(({ edge }) => edge.edgeId), believed.map(({ edgeId }) => edgeId)])
  for (const { edge, reason } of quarantined) {
    const personIds = [...new Set([edge.a, edge.b].flatMap((end) => homes.get(identifierKey(end)) ?? []))]
    if (personIds.length > 0) await openReview(tx, reason, personIds, [edge.edgeId], at)
  }
}

/** Gives identifiers nobody holds to the person the evidence leads to. */
async function storeIdentifiers(tx: Tx, { part, homes }: Settled, component: Component, at: Date): Promise<void> {
  const known = new Set(component.members.flatMap((member) => (member.personId === null ? [] : [identifierKey(member.identifier)])))
  const added = part.filter((identifier) => !known.has(identifierKey(identifier)) && homes.has(identifierKey(identifier)))
  if (added.length > 0) await tx.run(insertIdentifiers, [...columnsOf(added), added.map((identifier) => homes.get(identifierKey(identifier))), at])
}

/**
 * The junction: stores what was shown together, looks at all evidence of one human, lets the rules decide, and carries it out in one
 * transaction. `seenTogether` are identifiers one answer showed to be one human, beyond what is stored. Running it again, or for the other
 * half first, ends in the same state (R34, R39). A merge keeps what it takes to undo it; whatever cannot be decided is asked.
 */
export async function linkPerson({ db, now, env }: Pick<Services, 'db' | 'now' | 'env'>, personId: string, seenTogether: readonly Identifier[] = []): Promise<void> {
  const at = now()
  await db.transaction(async (tx) => {
    const [living] = await tx.run<{ person_id: string }>(selectSurvivor, [personId])
    if (living === undefined) return
    const livingId = living.person_id
    await storeEvidence(tx, env, livingId, seenTogether, at)
    const component = await loadComponent(tx, livingId, seenTogether)
    // Absorbed by another junction since it was looked up: the queue runs this again.
    if (!component.owners.some((owner) => owner.personId === livingId)) throw new Error('the person was joined with another meanwhile')
    const settled = partOf(component, livingId)
    await storeStates(tx, settled, at)
    await storeIdentifiers(tx, settled, component, at)
    const inPart = new Set(settled.part.map(identifierKey))
    const owners = component.owners.filter((owner) => owner.personId === livingId || owner.identifiers.some((identifier) => inPart.has(identifierKey(identifier))))
    const decision = decideLink(settled.part, owners)
    const edgeIds = settled.crossing.map(({ edgeId }) => edgeId)
    if (decision.kind === 'review') await openReview(tx, decision.reason, decision.personIds, edgeIds, at)
    if (decision.kind === 'merge') {
      await mergePersons(tx, { survivorId: decision.survivorId, absorbedIds: decision.absorbedIds, decidedBy: decidedByRule, reviewId: null, edgeIds }, at)
    }
    const linkedId = decision.kind === 'merge' ? decision.survivorId : livingId
    await followUp(tx, linkedId, at)
    await reviewSharedPhone(tx, linkedId, at)
    await waitForContact(tx, env, linkedId, at)
    await suggestToWaiting(tx, env, linkedId, at)
  })
}
