import { conflictIn } from './partition.ts'
import { bySeniority } from './survivorOf.ts'
import type { EdgeStrength, Identifier, IdentifierOwner, LinkDecision } from './types.ts'

/** A profile somebody imported, which no vendor has shown yet: no identifier but its key in the system it came from. */
function isImportedProfile({ isMember, identifiers }: IdentifierOwner): boolean {
  return !isMember && identifiers.every(({ namespace }) => namespace.startsWith('import@'))
}

/** A verified phone joins one imported profile and nothing else: numbers are recycled and shared (domain rules a 2, 4). */
function decideByPhone(persons: readonly IdentifierOwner[], personIds: readonly string[]): LinkDecision {
  const [senior, ...others] = persons
  const imported = persons.filter(isImportedProfile)
  if (senior !== undefined && persons.length === 2 && imported.length === 1) {
    return { kind: 'merge', survivorId: senior.personId, absorbedIds: others.map(({ personId }) => personId) }
  }
  return { kind: 'review', reason: 'sharedPhone', personIds }
}

/**
 * The one junction of identity (R34, R39, R40): given identifiers that evidence showed to be one human, and the persons that already
 * hold some of them, says what to do. Order-free and total. One human has one unionid per platform and one openid per app, two registered
 * members are never joined without a look, and who registered through an independent channel is linked by hand only.
 * @param strength how far the evidence carries: medium is a verified phone, weak only suggests
 */
export function decideLink(observed: readonly Identifier[], owners: readonly IdentifierOwner[], strength: EdgeStrength = 'strong'): LinkDecision {
  const persons = [...new Map(owners.map((owner) => [owner.personId, owner])).values()].sort(bySeniority)
  const [survivor, ...others] = persons
  if (survivor === undefined) return { kind: 'create' }
  const personIds = persons.map((person) => person.personId)
  const conflict = conflictIn([...observed, ...persons.flatMap((person) => person.identifiers)])
  // Two owners of one phone are expected to have different accounts: that is no news about their identifiers.
  if (conflict !== null && strength === 'strong') return { kind: 'review', reason: conflict, personIds }
  if (others.length === 0) return { kind: 'attach', personId: survivor.personId }
  if (strength === 'medium') return conflict === null ? decideByPhone(persons, personIds) : { kind: 'review', reason: 'sharedPhone', personIds }
  if (strength === 'weak') return { kind: 'review', reason: 'weakEvidence', personIds }
  if (persons.filter((person) => person.isMember).length > 1) return { kind: 'review', reason: 'severalMembers', personIds }
  if (persons.some((person) => person.bindingMode === 'independent')) return { kind: 'review', reason: 'independent', personIds }
  return { kind: 'merge', survivorId: survivor.personId, absorbedIds: others.map((person) => person.personId) }
}
