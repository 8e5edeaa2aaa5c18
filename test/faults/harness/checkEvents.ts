/** One try to deliver an event. */
export interface Push {
  readonly plaintext: string
  /** `add_external_contact`: event and change type as the platform names them. */
  readonly kind: string
  /** Null: nobody answered. */
  readonly status: number | null
  readonly ms: number
}

/** One pair of staff and customer, as the platform has it. */
export interface WorldPair {
  readonly externalUserId: string
  readonly staffUserId: string
  readonly tagIds: readonly string[]
  readonly isDeletedByCustomer: boolean
}

/** What the product has in the end. */
export interface EventEndState {
  readonly storedByKind: ReadonlyMap<string, number>
  readonly follows: readonly { readonly external_user_id: string; readonly staff_user_id: string; readonly tag_ids: readonly string[]; readonly ended_by: string | null }[]
  /** `contact.added:<customer>:<staff>` and `contact.lost:…`, one for each line of a timeline. */
  readonly timeline: readonly string[]
  readonly welcomeAttempts: number
  /** How often each welcome code greeted somebody. */
  readonly greetings: ReadonlyMap<string, number>
}

function countOf(things: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>()
  for (const thing of things) counts.set(thing, (counts.get(thing) ?? 0) + 1)
  return counts
}

function checkInbox(pushes: readonly Push[], stored: ReadonlyMap<string, number>): string[] {
  const answered = new Map(pushes.filter(({ status }) => status === 200).map((push) => [push.plaintext, push.kind]))
  const tried = new Map(pushes.map((push) => [push.plaintext, push.kind]))
  const least = countOf(answered.values())
  const most = countOf(tried.values())
  const kinds = new Set([...least.keys(), ...most.keys(), ...stored.keys()])
  return [...kinds].flatMap((kind) => {
    const count = stored.get(kind) ?? 0
    if (count < (least.get(kind) ?? 0)) return [`${(least.get(kind) ?? 0) - count} answered events of the kind ${kind} are lost`]
    return count > (most.get(kind) ?? 0) ? [`${count - (most.get(kind) ?? 0)} events of the kind ${kind} are stored more than once`] : []
  })
}

function checkPair(pair: WorldPair, follows: EventEndState['follows'], lines: ReadonlyMap<string, number>): string[] {
  const name = `${pair.externalUserId}:${pair.staffUserId}`
  const rows = follows.filter((row) => row.external_user_id === pair.externalUserId && row.staff_user_id === pair.staffUserId)
  const [row] = rows
  if (row === undefined || rows.length > 1) return [`${name} is mirrored ${rows.length} times`]
  const wanted = pair.isDeletedByCustomer ? 'customer' : null
  const added = lines.get(`contact.added:${name}`) ?? 0
  const lost = lines.get(`contact.lost:${name}`) ?? 0
  return [
    ...(row.ended_by === wanted ? [] : [`${name} was ended by ${String(row.ended_by)}, not by ${String(wanted)}`]),
    ...(pair.isDeletedByCustomer || [...row.tag_ids].sort().join() === [...pair.tagIds].sort().join() ? [] : [`${name} carries other tags than the platform has`]),
    ...(added === 1 ? [] : [`the timeline says ${added} times that ${name} began`]),
    ...(lost === (pair.isDeletedByCustomer ? 1 : 0) ? [] : [`the timeline says ${lost} times that ${name} ended`]),
  ]
}

/**
 * What the history and the end state have against each other (P1, P2): every answered event is there once, and what it told is
 * what the product holds, once. Empty: nothing.
 * @param welcomes events that carried a welcome code
 */
export function checkEvents(pushes: readonly Push[], world: readonly WorldPair[], welcomes: number, end: EventEndState): string[] {
  const lines = countOf(end.timeline)
  const repeated = [...end.greetings].filter(([, count]) => count > 1).map(([, count]) => `a customer was greeted ${count} times by one code`)
  return [
    ...checkInbox(pushes, end.storedByKind),
    ...world.flatMap((pair) => checkPair(pair, end.follows, lines)),
    ...(end.welcomeAttempts === welcomes ? [] : [`${end.welcomeAttempts} welcomes were tried for ${welcomes} events`]),
    ...repeated,
  ]
}
