import { compareText, edgeKey } from './edges.ts'
import type { Edge } from './types.ts'

/**
 * Adds one piece of evidence to what is known. Seen again it changes nothing but an earlier date, and a rejection stays:
 * the same observations in any order, once or many times, give the same set (domain rules a 6, 8).
 */
export function observe(known: ReadonlyMap<string, Edge>, seen: Edge): Map<string, Edge> {
  const key = edgeKey(seen)
  const before = known.get(key)
  const edge: Edge = before === undefined
    ? seen
    : {
        ...before,
        state: before.state === 'rejected' || seen.state === 'rejected' ? 'rejected' : before.state,
        observedAt: compareText(seen.observedAt, before.observedAt) < 0 ? seen.observedAt : before.observedAt,
      }
  return new Map(known).set(key, edge)
}
