import type { Logger } from 'pino'
import type { Statement, Tx } from '../db/pool.ts'
import { gatherCounts, type CountGatherer } from './gatherCounts.ts'

/** A quota is spent in tens of thousands: to be five seconds behind hides nothing. */
const flushAfterMs = 5_000

/**
 * Counts of the minute and hour that run, shared by all processes: a row per path and window among the sightings, begun anew with its window.
 * $1 paths, $2 counts, $3 now.
 */
const addCalls: Statement = {
  name: 'call_windows_add',
  text: `insert into sighting (name, count, last_at)
    select 'calls.' || w.span || ' ' || c.path, c.count, $3 from unnest($1::text[], $2::bigint[]) as c(path, count), unnest(array['minute', 'hour']) as w(span)
    on conflict (name) do update set last_at = excluded.last_at, count = excluded.count + case
      when date_trunc(split_part(split_part(sighting.name, ' ', 1), '.', 2), sighting.last_at) = date_trunc(split_part(split_part(sighting.name, ' ', 1), '.', 2), excluded.last_at)
      then sighting.count else 0 end`,
}

/** What all processes together have called of late: the quota belongs to the company, not to a process. Notes are paths of a vendor. */
export function createCallWindows({ db, now, log }: { readonly db: Tx; readonly now: () => Date; readonly log: Logger }): CountGatherer {
  return gatherCounts({ now, log, what: 'vendor calls', flushAfterMs, write: (noted) => db.run(addCalls, [noted.map(({ name }) => name), noted.map(({ count }) => count), now()]) })
}
