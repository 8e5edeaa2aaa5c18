import type { Logger } from 'pino'
import type { Statement, Tx } from '../db/pool.ts'

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

/** What all processes together have called of late: the quota belongs to the company, not to a process. */
export interface CallWindows {
  note(path: string): void
  /** Writes what waits; called on its own a few seconds after the first call. */
  flush(): Promise<void>
}

export function createCallWindows({ db, now, log }: { readonly db: Tx; readonly now: () => Date; readonly log: Logger }): CallWindows {
  let waiting = new Map<string, number>()
  let timer: NodeJS.Timeout | null = null

  async function flush(): Promise<void> {
    if (timer !== null) clearTimeout(timer)
    timer = null
    const noted = [...waiting.entries()].sort(([a], [b]) => (a < b ? -1 : 1))
    waiting = new Map()
    if (noted.length === 0) return
    try {
      await db.run(addCalls, [noted.map(([path]) => path), noted.map(([, count]) => count), now()])
    } catch (error) {
      // A count is not worth a failed call, and the database that is away has its own alarm.
      log.warn({ err: error, count: noted.length }, 'counts of vendor calls could not be kept')
    }
  }

  return {
    note(path) {
      waiting.set(path, (waiting.get(path) ?? 0) + 1)
      timer ??= setTimeout(() => void flush(), flushAfterMs).unref()
    },
    flush,
  }
}
