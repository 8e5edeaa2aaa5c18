import type { Logger } from 'pino'

/** A name, how often it was noted, and when last. */
export interface NotedCount {
  readonly name: string
  readonly count: number
  readonly lastAt: Date
}

/** Counts names in memory and writes them together: a burst costs one statement. */
export interface CountGatherer {
  note(name: string): void
  /** Writes what waits; called on its own some time after the first note. */
  flush(): Promise<void>
}

/**
 * @param options `write` gets the names in their order, so that two processes never wait for each other's rows crosswise; `what` names
 *   the counts in the log. A count is not worth a failed request: when it cannot be written it is lost, and said so.
 */
export function gatherCounts(options: {
  readonly now: () => Date
  readonly log: Logger
  readonly what: string
  readonly flushAfterMs: number
  readonly write: (noted: readonly NotedCount[]) => Promise<unknown>
}): CountGatherer {
  const { now, log, what, flushAfterMs, write } = options
  let waiting = new Map<string, NotedCount>()
  let timer: NodeJS.Timeout | null = null

  async function flush(): Promise<void> {
    if (timer !== null) clearTimeout(timer)
    timer = null
    const noted = [...waiting.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
    waiting = new Map()
    if (noted.length === 0) return
    try {
      await write(noted)
    } catch (error) {
      log.warn({ err: error, what, count: noted.length }, 'counts could not be kept')
    }
  }

  return {
    note(name) {
      waiting.set(name, { name, count: (waiting.get(name)?.count ?? 0) + 1, lastAt: now() })
      timer ??= setTimeout(() => void flush(), flushAfterMs).unref()
    },
    flush,
  }
}
