import pg from 'pg'

/** A query without a byte of answer for so long is asked after. */
const patienceMs = 5_000
const lookEveryMs = 1_000
/** Connecting and asking, each. */
const askTimeoutMs = 5_000

/** What the driver knows of its connection and does not describe. */
interface DriverClient {
  /** False while an answer is awaited. */
  readonly readyForQuery: boolean
  readonly processID: number | null
  readonly connection: { readonly stream: { readonly bytesRead: number; destroy(error: Error): unknown } }
}

interface Watched {
  readonly client: DriverClient
  isTaken: boolean
  bytesRead: number
  /** Since when nothing came, milliseconds. */
  silentSince: number
}

/** Of these backends, those still at work on what they were asked; null when PostgreSQL itself is out of reach. */
async function backendsAtWork(url: string, pids: readonly number[]): Promise<ReadonlySet<number> | null> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: askTimeoutMs, query_timeout: askTimeoutMs })
  client.on('error', () => undefined)
  try {
    await client.connect()
    const text = `select pid from pg_stat_activity where pid = any($1::int[]) and state = 'active' and wait_event is distinct from 'ClientWrite'`
    return new Set((await client.query<{ pid: number }>(text, [pids])).rows.map(({ pid }) => pid))
  } catch (error) {
    // It answers, if only to say that it takes no more connections: whoever waits may go on waiting.
    return error instanceof pg.DatabaseError ? new Set(pids) : null
  } finally {
    client.end().catch(() => undefined)
  }
}

/** Ends transactions the dead lines left open: their locks go, and they can never commit after what replaced them. */
async function endBackends(url: string, pids: readonly number[]): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: askTimeoutMs, query_timeout: askTimeoutMs })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('select pg_terminate_backend(pid) from unnest($1::int[]) as pid', [pids])
  } catch {
    // Out of reach, they end with their keep-alive.
  } finally {
    client.end().catch(() => undefined)
  }
}

/**
 * Finds connections whose line is dead although nobody said so (a firewall that forgot them, a host that vanished): a query waits, and
 * PostgreSQL is not at work on it. They are destroyed, so that the query fails and is asked again elsewhere, within half of 30 s
 * (trust test 13). A long query is left alone: PostgreSQL says that it works.
 * @param onDead told how many were given up
 * @returns ends the watch
 */
export function watchConnections(pool: pg.Pool, url: string, onDead: (count: number) => void): () => void {
  const watched = new Map<object, Watched>()
  let isLooking = false
  pool.on('connect', (client) => {
    const driver = client as unknown as DriverClient
    watched.set(client, { client: driver, isTaken: true, bytesRead: driver.connection.stream.bytesRead, silentSince: Date.now() })
  })
  const taken = (client: object, isTaken: boolean): void => {
    const entry = watched.get(client)
    if (entry !== undefined) entry.isTaken = isTaken
  }
  pool.on('acquire', (client) => taken(client, true))
  pool.on('release', (_error, client) => taken(client, false))
  pool.on('remove', (client) => void watched.delete(client))

  /** Waits for an answer, and nothing came for a while. */
  const isSilent = (entry: Watched): boolean => {
    const { bytesRead } = entry.client.connection.stream
    if (bytesRead !== entry.bytesRead || entry.client.readyForQuery) {
      entry.bytesRead = bytesRead
      entry.silentSince = Date.now()
    }
    return Date.now() - entry.silentSince >= patienceMs
  }

  async function look(): Promise<void> {
    const silent = [...watched.values()].filter(isSilent)
    if (silent.length === 0) return
    const pidOf = (entry: Watched): number => entry.client.processID ?? 0
    const atWork = await backendsAtWork(url, silent.map(pidOf))
    for (const entry of silent) if (atWork?.has(pidOf(entry)) === true) entry.silentSince = Date.now()
    // Asked again: an answer may have come while we asked.
    const dead = silent.filter(isSilent)
    if (dead.length === 0) return
    await endBackends(url, dead.map(pidOf))
    // Those that rest went over the same line; a healthy one is replaced in a moment.
    const given = [...dead, ...[...watched.values()].filter(({ isTaken }) => !isTaken)]
    for (const { client } of given) client.connection.stream.destroy(new Error('the line to the database is dead'))
    onDead(given.length)
  }

  const timer = setInterval(() => {
    if (isLooking) return
    isLooking = true
    look().catch(() => undefined).finally(() => {
      isLooking = false
    })
  }, lookEveryMs)
  timer.unref()
  return () => clearInterval(timer)
}
