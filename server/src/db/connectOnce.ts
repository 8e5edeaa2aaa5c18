import pg from 'pg'

/** A database that has not answered by then is not there. */
const connectTimeoutMs = 10_000

/** Why there is no connection, for the person who set it up; the address is named without user and password. */
export class DatabaseUnreachableError extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause })
    this.name = 'DatabaseUnreachableError'
  }
}

function codeOf(error: unknown): string {
  // `localhost` is tried as IPv6 and IPv4; each try has its own reason.
  const first = error instanceof AggregateError ? (error.errors[0] as unknown) : error
  const { code } = (first ?? {}) as { code?: unknown }
  return typeof code === 'string' ? code : first instanceof Error ? first.message : 'unknown'
}

function reasonOf(url: string, error: unknown): string {
  const { host, pathname } = new URL(url)
  const database = pathname.slice(1)
  switch (codeOf(error)) {
    case '28P01':
    case '28000':
      return `The database at ${host} refuses the user or the password of DATABASE_URL.`
    case '3D000':
      return `The database at ${host} has no database called ${database}: create it, or name another one in DATABASE_URL.`
    default:
      return `The database at ${host} cannot be reached (${codeOf(error)}): check DATABASE_URL, and whether PostgreSQL is running there.`
  }
}

/** A connection of its own, outside the pool. @throws DatabaseUnreachableError with a line that says what to change */
export async function connectOnce(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectTimeoutMs })
  try {
    await client.connect()
    return client
  } catch (error) {
    await client.end().catch(() => undefined)
    throw new DatabaseUnreachableError(reasonOf(url, error), error)
  }
}
