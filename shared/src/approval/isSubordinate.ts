/** Where somebody stands in the company, as far as WeCom tells it. */
export interface Position {
  readonly staffUserId: string
  readonly departmentIds: readonly number[]
  /** Those of them they lead. */
  readonly ledDepartmentIds: readonly number[]
  /** Direct leaders, their leaders, and so on. */
  readonly leaderIds: readonly string[]
}

/** The parent of each department; one that is not listed has none. */
export type DepartmentParents = ReadonlyMap<number, number>

/** The departments and all above them; a tree that bites its tail ends where it began. */
function withAbove(departmentIds: readonly number[], parents: DepartmentParents): Set<number> {
  const found = new Set<number>()
  for (const start of departmentIds) {
    for (let id: number | undefined = start; id !== undefined && !found.has(id); id = parents.get(id)) found.add(id)
  }
  return found
}

/**
 * Whether one is led by the other (domain rules i 2): by a direct leader at whatever remove, or as a member of a department the other
 * leads, or of one below it. Whoever leads a department is not led by its other leaders, nor by leaders of what lies below it.
 */
export function isSubordinate(one: Position, other: Position, parents: DepartmentParents): boolean {
  if (one.staffUserId === other.staffUserId) return false
  if (one.leaderIds.includes(other.staffUserId)) return true
  const leads = new Set(one.ledDepartmentIds)
  const isUnderOwnLead = (id: number) => [...withAbove([id], parents)].some((above) => leads.has(above))
  const above = withAbove(one.departmentIds, parents)
  return other.ledDepartmentIds.some((id) => above.has(id) && !isUnderOwnLead(id))
}
