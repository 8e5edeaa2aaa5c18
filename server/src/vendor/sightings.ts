import type { Logger } from 'pino'
import type { Statement, Tx } from '../db/pool.ts'

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
export interface Sightings {
  note(name: string): void
  /** Writes what waits; called on its own a second after the first note. */
  flush(): Promise<void>
}

export function createSightings({ db, now, log }: { readonly db: Tx; readonly now: () => Date; readonly log: Logger }): Sightings {
  let waiting = new Map<string, { count: number; lastAt: Date }>()
  let timer: NodeJS.Timeout | null = null

  async function flush(): Promise<void> {
    if (timer !== null) clearTimeout(timer)
    timer = null
    const noted = [...waiting.entries()]
    waiting = new Map()
    if (noted.length === 0) return
    try {
      await db.run(addSightings, [noted.map(([name]) => name), noted.map(([, { count }]) => count), noted.map(([, { lastAt }]) => lastAt)])
    } catch (error) {
      // A hint is not worth a failed request, and the database that is away has its own alarm.
      log.warn({ err: error, count: noted.length }, 'sightings could not be kept')
    }
  }

  return {
    note(name) {
      waiting.set(name, { count: (waiting.get(name)?.count ?? 0) + 1, lastAt: now() })
      timer ??= setTimeout(() => void flush(), flushAfterMs).unref()
    },
    flush,
  }
}
