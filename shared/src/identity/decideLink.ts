import type { Identifier, IdentifierOwner, LinkDecision } from './types.ts'

function compareText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** The same person stays, whichever side is looked at first: oldest, then smallest id. */
function bySeniority(a: IdentifierOwner, b: IdentifierOwner): number {
  return compareText(a.createdAt, b.createdAt) || compareText(a.personId, b.personId)
}

function hasTwoUnionIds(identifiers: readonly Identifier[]): boolean {
  const perPlatform = new Map<string, string>()
  return identifiers.some(({ namespace, value }) => {
    if (!namespace.startsWith('unionid@')) return false
    const known = perPlatform.get(namespace)
    perPlatform.set(namespace, value)
    return known !== undefined && known !== value
  })
}

/**
 * The one junction of identity (R34, R39): given identifiers that a vendor's answer showed to be one human,
 * and the persons that already hold some of them, says what to do. Order-free and total.
 * One human has one unionid per platform, and two registered members are never joined without a look.
 */
export function decideLink(observed: readonly Identifier[], owners: readonly IdentifierOwner[]): LinkDecision {
  const persons = [...new Map(owners.map((owner) => [owner.personId, owner])).values()].sort(bySeniority)
  const [survivor, ...others] = persons
  if (survivor === undefined) return { kind: 'create' }
  const personIds = persons.map((person) => person.personId)
  if (hasTwoUnionIds([...observed, ...persons.flatMap((person) => person.identifiers)])) {
    return { kind: 'review', reason: 'secondUnionId', personIds }
  }
  if (persons.filter((person) => person.isMember).length > 1) return { kind: 'review', reason: 'severalMembers', personIds }
  if (others.length === 0) return { kind: 'attach', personId: survivor.personId }
  return { kind: 'merge', survivorId: survivor.personId, absorbedIds: others.map((person) => person.personId) }
}
