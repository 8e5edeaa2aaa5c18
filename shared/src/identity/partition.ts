import { compareEdges, compareIdentifiers, identifierKey } from './edges.ts'
import type { ConflictReason, Edge, Identifier } from './types.ts'

/** What is known besides the evidence. */
export interface PartitionFacts {
  /** Identifiers that are one person already, by an earlier decision; believed before any evidence. An identifier alone is a group of one. */
  readonly held?: readonly (readonly Identifier[])[]
}

export interface Partition {
  /** Persons: each a sorted list of identifiers, in the order of their first one. */
  readonly persons: readonly (readonly Identifier[])[]
  /** Evidence that would break a hard constraint and that nothing bears out, in the order it was looked at. */
  readonly quarantined: readonly { readonly edge: Edge; readonly reason: ConflictReason }[]
}

/** At most one value of these per person: WeChat gives one human's account one openid per app and one unionid per platform. */
const singular: readonly (readonly [prefix: string, reason: ConflictReason])[] = [
  ['unionid@', 'secondUnionId'],
  ['mp-openid@', 'secondOpenId'],
  ['oa-openid@', 'secondOpenId'],
  ['corp-openid@', 'secondOpenId'],
]
const isIn = ({ namespace }: Identifier, prefix: string): boolean => namespace.startsWith(prefix)

/** Whether the identifiers of one person contradict each other: a second unionid of a platform, a second openid of an app. */
export function conflictIn(identifiers: readonly Identifier[]): ConflictReason | null {
  const values = new Map<string, string>()
  for (const [prefix, reason] of singular) {
    for (const { namespace, value } of identifiers.filter((identifier) => isIn(identifier, prefix))) {
      if ((values.get(namespace) ?? value) !== value) return reason
      values.set(namespace, value)
    }
  }
  return null
}

/** A second external_userid of a corp is one human only when WeCom itself shows it with the unionid. */
function hasSecondExternalUser(edge: Edge, one: readonly Identifier[], other: readonly Identifier[]): boolean {
  if (edge.source === 'contactDetail' || edge.source === 'idConvert') return false
  const known = new Set(one.filter((identifier) => isIn(identifier, 'external-userid@')).map(({ namespace }) => namespace))
  return other.some((identifier) => isIn(identifier, 'external-userid@') && known.has(identifier.namespace))
}

function conflictOf(edge: Edge, one: readonly Identifier[], other: readonly Identifier[]): ConflictReason | null {
  if (isIn(edge.a, 'staff-userid@') || isIn(edge.b, 'staff-userid@')) return 'isStaff'
  return conflictIn([...one, ...other]) ?? (hasSecondExternalUser(edge, one, other) ? 'secondExternalUserId' : null)
}

/** Groups that grow together; each identifier points at the list it is in. */
class Groups {
  private readonly groupOf = new Map<string, Identifier[]>()

  of(identifier: Identifier): Identifier[] {
    const key = identifierKey(identifier)
    const group = this.groupOf.get(key) ?? [identifier]
    this.groupOf.set(key, group)
    return group
  }

  join(one: Identifier[], other: Identifier[]): void {
    if (one === other) return
    for (const identifier of other) {
      one.push(identifier)
      this.groupOf.set(identifierKey(identifier), one)
    }
  }

  all(): Identifier[][] {
    return [...new Set(this.groupOf.values())]
  }
}

/**
 * Persons as the connected parts of strong evidence (domain rules a 1-3). Evidence is believed in its total order; a piece that would
 * break a hard constraint is set aside, the rest of its person is not touched. A function of the set alone: order and repetition of
 * arrival change nothing. Medium and weak evidence joins nobody here, and rejected evidence counts no more.
 */
export function partition(edges: Iterable<Edge>, facts: PartitionFacts = {}): Partition {
  const groups = new Groups()
  for (const [first, ...others] of facts.held ?? []) {
    if (first === undefined) continue
    groups.of(first)
    for (const other of others) groups.join(groups.of(first), groups.of(other))
  }
  const quarantined: { edge: Edge; reason: ConflictReason }[] = []
  const believed = [...edges].filter((edge) => edge.strength === 'strong' && edge.state !== 'rejected').sort(compareEdges)
  for (const edge of believed) {
    const [one, other] = [groups.of(edge.a), groups.of(edge.b)]
    if (one === other) continue
    const reason = conflictOf(edge, one, other)
    if (reason === null) groups.join(one, other)
    else quarantined.push({ edge, reason })
  }
  const persons = groups.all().map((group) => [...group].sort(compareIdentifiers))
  // Evidence that later evidence bears out, by joining its two ends, contradicts nothing any more.
  const contradicting = quarantined.filter(({ edge }) => groups.of(edge.a) !== groups.of(edge.b))
  return { persons: persons.sort((one, other) => compareIdentifiers(one[0] as Identifier, other[0] as Identifier)), quarantined: contradicting }
}
