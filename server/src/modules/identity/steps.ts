import { decideLink, edgeOf, evidenceIn, homesOf, identifierKey, partition, strengthOf, type BindingMode, type Edge, type EdgeSource, type EdgeState, type EdgeStrength, type Identifier, type IdentifierNamespace, type IdentifierOwner, type ReviewReason } from '@qihui/shared/identity'
import type { Tx } from '../../db/pool.ts'
import type { Env } from '../../env.ts'
import type { StaffActor } from '../../http/actor.ts'
import { enqueue } from '../../jobs/enqueue.ts'
import { newId } from '../../security/newId.ts'
import { syncTierTag } from '../corp-tag/jobs.ts'
import { externalUserNamespace, unionIdNamespace } from './namespaces.ts'
import { insertAudit } from './reviewTables.ts'
import { decideEdge, insertEdges, insertLinkedEntry, insertReview, lockOwners, noteContacts, noteLinked, selectComponent, selectEdges, selectOwners, selectPairs, selectSamePhone } from './tables.ts'

/** Evidence with the id it is stored under. */
type StoredEdge = Edge & { readonly edgeId: string }

interface EdgeRow {
  readonly edge_id: string
  readonly a_namespace: IdentifierNamespace
  readonly a_value: string
  readonly b_namespace: IdentifierNamespace
  readonly b_value: string
  readonly source: EdgeSource
  readonly strength: EdgeStrength
  readonly state: EdgeState
  readonly observed_at: Date
}

interface OwnerRow {
  readonly person_id: string
  readonly created_at: Date
  readonly is_member: boolean
  readonly binding_mode: BindingMode | null
  readonly identifiers: readonly Identifier[]
}

/** Two arrays for `unnest`. */
export function columnsOf(identifiers: readonly Identifier[]): [string[], string[]] {
  return [identifiers.map(({ namespace }) => namespace), identifiers.map(({ value }) => value)]
}

/** Stored evidence that begins at one of these identifiers and was not rejected. */
export async function loadEdges(tx: Tx, identifiers: readonly Identifier[]): Promise<StoredEdge[]> {
  const rows = await tx.run<EdgeRow>(selectEdges, columnsOf(identifiers))
  return rows.map((row) => ({
    edgeId: row.edge_id,
    a: { namespace: row.a_namespace, value: row.a_value },
    b: { namespace: row.b_namespace, value: row.b_value },
    source: row.source,
    strength: row.strength,
    state: row.state,
    observedAt: row.observed_at.toISOString(),
  }))
}

/**
 * Stores what was shown together: by the answer the caller brings, and by the contacts the mirror knows of this person (R34).
 * A contact is a contact of whoever carries its unionid.
 */
export async function storeEvidence(tx: Tx, env: Env, personId: string, seenTogether: readonly Identifier[], at: Date): Promise<void> {
  const [external, union] = [externalUserNamespace(env), unionIdNamespace(env)]
  const valuesOf = (namespace: string) => seenTogether.filter((identifier) => identifier.namespace === namespace).map(({ value }) => value)
  const contacts = await tx.run<{ external_user_id: string; union_id: string | null }>(noteContacts, [personId, external, union, valuesOf(union), valuesOf(external), at])
  const instant = at.toISOString()
  const edges = [
    ...evidenceIn(seenTogether, instant),
    ...contacts.flatMap((contact) => (contact.union_id === null ? [] : [edgeOf({ namespace: external, value: contact.external_user_id }, { namespace: union, value: contact.union_id }, 'contactDetail', instant)])),
  ]
  if (edges.length === 0) return
  const [aNamespaces, aValues] = columnsOf(edges.map(({ a }) => a))
  const [bNamespaces, bValues] = columnsOf(edges.map(({ b }) => b))
  await tx.run(insertEdges, [edges.map(() => newId()), aNamespaces, aValues, bNamespaces, bValues, edges.map(({ source }) => source), edges.map(({ strength }) => strength), at])
}

/** Stores that somebody found two identifiers to be one human, against whatever was decided before. @returns the edge's id */
export async function storeOperatorEdge(tx: Tx, one: Identifier, other: Identifier, at: Date): Promise<string> {
  const { a, b } = edgeOf(one, other, 'operator', at.toISOString())
  const [row] = await tx.run<{ edge_id: string }>(decideEdge, [newId(), a.namespace, a.value, b.namespace, b.value, 'operator', strengthOf('operator'), at])
  return row?.edge_id ?? ''
}

/** Everything connected with one person, with the persons locked. */
export interface Component {
  readonly members: readonly { readonly identifier: Identifier; readonly personId: string | null }[]
  readonly owners: readonly IdentifierOwner[]
  readonly edges: readonly StoredEdge[]
}

/** Another junction may join persons between reading and locking; it is rare twice in a row. */
const maxReads = 4

/** Persons by id; the absorbed are left out. */
export async function loadPersons(tx: Tx, personIds: readonly string[], statement: typeof selectOwners = selectOwners): Promise<IdentifierOwner[]> {
  const rows = await tx.run<OwnerRow>(statement, [personIds])
  return rows.map((row) => ({ personId: row.person_id, isMember: row.is_member, createdAt: row.created_at.toISOString(), identifiers: row.identifiers, ...(row.binding_mode && { bindingMode: row.binding_mode }) }))
}

/** What evidence and common persons connect with this person, as it is once the persons are locked. */
export async function loadComponent(tx: Tx, personId: string, seenTogether: readonly Identifier[]): Promise<Component> {
  for (let read = 1; ; read += 1) {
    const rows = await tx.run<Identifier & { person_id: string | null }>(selectComponent, [...columnsOf(seenTogether), personId])
    const personIds = [...new Set([personId, ...rows.flatMap((row) => row.person_id ?? [])])]
    const owners = await loadPersons(tx, personIds, lockOwners)
    if (owners.length < personIds.length && read < maxReads) continue
    const members = rows.map((row) => ({ identifier: { namespace: row.namespace, value: row.value }, personId: row.person_id }))
    return { members, owners, edges: await loadEdges(tx, members.map(({ identifier }) => identifier)) }
  }
}

/** The part of a component that is this person by evidence, and what was set aside on the way. */
export function partOf(component: Component, personId: string) {
  const heldBy = (owner: IdentifierOwner) => component.members.filter((member) => member.personId === owner.personId).map(({ identifier }) => identifier)
  const { persons, quarantined } = partition(component.edges, { held: component.owners.map(heldBy) })
  const holderOf = new Map(component.members.flatMap((member) => (member.personId === null ? [] : [[identifierKey(member.identifier), member.personId] as const])))
  const part = persons.find((person) => person.some((identifier) => holderOf.get(identifierKey(identifier)) === personId)) ?? []
  const aside = new Set(quarantined.map(({ edge }) => edge))
  const believed = component.edges.filter((edge) => !aside.has(edge)).map((edge) => ({ ...edge, state: 'active' as const }))
  const homes = homesOf(believed, holderOf)
  const crossing = believed.filter(({ a, b }) => homes.get(identifierKey(a)) !== homes.get(identifierKey(b)))
  const inPart = new Set(part.map(identifierKey))
  return { part, homes, believed, crossing: crossing.filter(({ a }) => inPart.has(identifierKey(a))), quarantined: quarantined as { edge: StoredEdge; reason: ReviewReason }[] }
}

/** Puts a question to the operators, once per reason and persons. */
export async function openReview(tx: Tx, reason: ReviewReason, personIds: readonly string[], edgeIds: readonly string[], at: Date): Promise<void> {
  await tx.run(insertReview, [newId(), reason, `${reason}:${[...personIds].sort().join(',')}`, personIds, edgeIds, at])
}

/** Two persons who verified one number are shown to an operator, and never joined by it (domain rules a 4). */
export async function reviewSharedPhone(tx: Tx, personId: string, at: Date): Promise<void> {
  const [other] = await tx.run<{ person_id: string }>(selectSamePhone, [personId])
  if (other === undefined) return
  const decision = decideLink([], await loadPersons(tx, [personId, other.person_id]), 'medium')
  if (decision.kind === 'review') await openReview(tx, decision.reason, decision.personIds, [], at)
}

/** Lets tags, timeline, funnel and waiting links follow what a person has become. */
export async function followUp(tx: Tx, personId: string, at: Date): Promise<void> {
  const pairs = await tx.run<{ external_user_id: string; staff_user_id: string; is_member: boolean }>(selectPairs, [[personId]])
  if (pairs.some((pair) => pair.is_member)) await tx.run(insertLinkedEntry, [newId(), personId, at, `identity.linked:${personId}`])
  for (const pair of pairs) if (pair.is_member) await enqueue(tx, syncTierTag, { externalUserId: pair.external_user_id, staffUserId: pair.staff_user_id })
  await tx.run(noteLinked, [personId, at])
}

/** One audit row per person, in the transaction of the act (R61). */
export async function auditDone(tx: Tx, actor: StaffActor, action: string, subject: string, personIds: readonly string[], requestId: string, at: Date): Promise<void> {
  await tx.run(insertAudit, [personIds.map(() => newId()), personIds, at, actor.staffUserId, action, subject, [], 'done', requestId])
}
