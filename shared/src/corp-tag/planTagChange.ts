/** What one `mark_tag` call has to carry. Both lists empty means there is nothing to do. */
export interface TagChange {
  readonly add: readonly string[]
  readonly remove: readonly string[]
}

/**
 * The change that leaves exactly one tag of the managed set on a (staff, customer) pair, and all others untouched (R43).
 * @param current every tag on the pair now; @param managed all tier tags; @param wanted the one to keep, or null for none.
 */
export function planTagChange(current: readonly string[], managed: readonly string[], wanted: string | null): TagChange {
  return {
    add: wanted !== null && !current.includes(wanted) ? [wanted] : [],
    remove: current.filter((tagId) => managed.includes(tagId) && tagId !== wanted),
  }
}
