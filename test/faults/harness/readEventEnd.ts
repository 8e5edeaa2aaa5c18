import type { EventEndState, WorldPair } from './checkEvents.ts'
import type { Fleet } from './fleet.ts'

/** Where the platform counts greetings. */
const welcomePath = '/cgi-bin/externalcontact/send_welcome_msg'

/** The pairs as the platform has them now, of the employees our app may see. */
export function worldPairs({ sandbox: { world } }: Pick<Fleet, 'sandbox'>): WorldPair[] {
  const visible = new Set(world.staff.filter(({ isVisible }) => isVisible).map(({ userId }) => userId))
  return world.relations().filter(({ staffUserId }) => visible.has(staffUserId)).map(({ personId, staffUserId, tagIds, isDeletedByCustomer }) => ({
    externalUserId: world.person(personId).externalUserId, staffUserId, tagIds, isDeletedByCustomer,
  }))
}

/** What the product holds in the end. */
export async function readEventEnd({ ask, sandbox }: Pick<Fleet, 'ask' | 'sandbox'>): Promise<EventEndState> {
  const stored = await ask<{ kind: string; count: number }>(`select event || ' ' || change_type as kind, count(*)::int as count from callback_event group by 1`)
  const follows = await ask<EventEndState['follows'][number]>('select external_user_id, staff_user_id, tag_ids, ended_by from follow_user')
  const lines = await ask<{ line: string }>(`select regexp_replace(entry_key, ':[0-9]+$', '') as line from timeline_entry where kind in ('contact.added', 'contact.lost')`)
  // A welcome whose process died before it wrote anything rests where somebody sees it: it is too late to greet, and never too late to know.
  const [welcomes] = await ask<{ count: number }>(`select count(*)::int as count from
    (select event_digest from welcome_attempt union select data->>'eventDigest' from queue.job where name = 'sendWelcome-dead') as tried`)
  return {
    storedByKind: new Map(stored.map(({ kind, count }) => [kind, count])),
    follows,
    timeline: lines.map(({ line }) => line),
    welcomeAttempts: welcomes?.count ?? 0,
    greetings: sandbox.effects.of(welcomePath),
  }
}
