import type { Logger } from 'pino'
import type { Statement, Tx } from '../db/pool.ts'
import { gatherCounts, type CountGatherer, type NotedCount } from './gatherCounts.ts'

/** Refusals come in bursts; one write a second is enough to be told of them. Milliseconds. */
const flushAfterMs = 1_000

/** That a callback was stored: tells when the last one came without a look at all of them. */
export const acceptedCallback = 'accepted.callback'

/** $1 names, $2 counts, $3 last instants. */
const addSightings: Statement = {
  name: 'sightings_add',
  text: `insert into sighting (name, count, last_at) select * from unnest($1::text[], $2::bigint[], $3::timestamptz[])
    on conflict (name) do update set count = sighting.count + excluded.count, last_at = greatest(sighting.last_at, excluded.last_at)`,
}

/**
 * What was refused, and that callbacks come, how often and when last, kept for the doctor and the health page of whatever process asks later.
 * Only names the code knows are noted: nothing a sender chose, no token, no phone.
 */
export type Sightings = CountGatherer

export function createSightings({ db, now, log }: { readonly db: Tx; readonly now: () => Date; readonly log: Logger }): Sightings {
  const write = (noted: readonly NotedCount[]) => db.run(addSightings, [noted.map(({ name }) => name), noted.map(({ count }) => count), noted.map(({ lastAt }) => lastAt)])
  return gatherCounts({ now, log, what: 'sightings', flushAfterMs, write })
}
