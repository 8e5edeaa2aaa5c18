import { compareEdges, identifierKey } from './edges.ts'
import type { Edge } from './types.ts'

/**
 * Which of several persons each identifier belongs to by evidence: those a person holds stay, the others go to whom the first believed
 * evidence leads, step by step outwards. Needed where persons are connected and must not be joined, or are taken apart again.
 * @param held person id by `identifierKey`
 * @returns person id by `identifierKey`, of all that can be reached
 */
export function homesOf(edges: Iterable<Edge>, held: ReadonlyMap<string, string>): Map<string, string> {
  const homes = new Map(held)
  const believed = [...edges].filter((edge) => edge.strength === 'strong' && edge.state === 'active').sort(compareEdges)
  for (let known = -1; known !== homes.size; ) {
    known = homes.size
    for (const { a, b } of believed) {
      const [one, other] = [identifierKey(a), identifierKey(b)]
      const home = homes.get(one) ?? homes.get(other)
      if (home === undefined) continue
      if (!homes.has(one)) homes.set(one, home)
      if (!homes.has(other)) homes.set(other, home)
    }
  }
  return homes
}
