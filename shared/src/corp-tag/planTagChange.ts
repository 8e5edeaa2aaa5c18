/** What one `mark_tag` call has to carry. Both lists empty means there is nothing to do. */
export interface TagChange {
  readonly add: readonly string[]
  readonly remove: readonly string[]
}

/**
 * The change that leaves exactly the wanted ones of the managed tags on a (staff, customer) pair, and all others untouched (R43, R55).
 * @param current every tag on the pair now; @param managed all tags the system owns; @param wanted those of them the pair should carry.
 */
export function planTagChange(current: readonly string[], managed: readonly string[], wanted: readonly string[]): TagChange {
  return {
    add: wanted.filter((tagId) => !current.includes(tagId)),
    remove: current.filter((tagId) => managed.includes(tagId) && !wanted.includes(tagId)),
  }
}
