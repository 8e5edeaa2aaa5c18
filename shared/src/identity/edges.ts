import type { Edge, EdgeSource, EdgeStrength, Identifier } from './types.ts'

/** Sources by how far they carry, and within that by how much they are worth when two contradict each other at the same instant (domain rules a 1). */
const strengths: Readonly<Record<EdgeSource, EdgeStrength>> = {
  code2Session: 'strong',
  contactDetail: 'strong',
  idConvert: 'strong',
  oauth: 'strong',
  bindLink: 'strong',
  integration: 'strong',
  operator: 'strong',
  verifiedPhone: 'medium',
  channelState: 'weak',
  staffEntry: 'weak',
}
const ranks = new Map((Object.keys(strengths) as EdgeSource[]).map((source, index) => [source, index]))

/** How far evidence of this source carries. */
export function strengthOf(source: EdgeSource): EdgeStrength {
  return strengths[source]
}

/** One text per identifier; a namespace never holds a line break. */
export function identifierKey({ namespace, value }: Identifier): string {
  return `${namespace}\n${value}`
}

export function compareText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

export function compareIdentifiers(a: Identifier, b: Identifier): number {
  return compareText(a.namespace, b.namespace) || compareText(a.value, b.value)
}

/** Evidence has no direction: the smaller identifier is always `a`, so that one fact is one row, whoever saw it. */
export function edgeOf(one: Identifier, other: Identifier, source: EdgeSource, observedAt: string): Edge {
  const [a, b] = compareIdentifiers(one, other) <= 0 ? [one, other] : [other, one]
  return { a, b, source, strength: strengths[source], state: 'active', observedAt }
}

/** What makes two pieces of evidence the same one: seen again, it is not a second one. */
export function edgeKey({ a, b, source }: Edge): string {
  return `${identifierKey(a)}\n${identifierKey(b)}\n${source}`
}

/**
 * The total order in which evidence is believed: what was seen first, then the better source, then the text of the identifiers.
 * No two pieces of evidence are equal in it, so a conflict ends the same in whatever order they arrive (domain rules a 3).
 */
export function compareEdges(one: Edge, other: Edge): number {
  return (
    compareText(one.observedAt, other.observedAt) ||
    (ranks.get(one.source) ?? 0) - (ranks.get(other.source) ?? 0) ||
    compareIdentifiers(one.a, other.a) ||
    compareIdentifiers(one.b, other.b)
  )
}

/** Which vendor answer shows two such namespaces together; null when none does, and they must not be joined directly. */
export function sourceFor(one: Identifier, other: Identifier): EdgeSource | null {
  const kinds = [one.namespace, other.namespace].map((namespace) => namespace.slice(0, namespace.indexOf('@'))).sort()
  switch (kinds.join('+')) {
    case 'mp-openid+unionid':
      return 'code2Session'
    case 'external-userid+unionid':
      return 'contactDetail'
    case 'corp-openid+external-userid':
    case 'oa-openid+unionid':
      return 'oauth'
    case 'external-userid+pending-id':
    case 'pending-id+unionid':
      return 'idConvert'
    case 'import+unionid':
      return 'integration'
    default:
      return null
  }
}

/** The evidence in identifiers that one answer showed together, e.g. openid and unionid of one login. */
export function evidenceIn(seenTogether: readonly Identifier[], observedAt: string): Edge[] {
  return seenTogether.flatMap((one, index) =>
    seenTogether.slice(index + 1).flatMap((other) => {
      const source = sourceFor(one, other)
      return source === null ? [] : [edgeOf(one, other, source, observedAt)]
    }),
  )
}
