// eslint-disable-next-line @typescript-eslint/triple-slash-reference -- the declaration of a foreign module cannot be imported, and other packages compile this file too
/// <reference path="./pgUtils.d.ts" />
import pg, { type Connection, type DatabaseError, type Submittable } from 'pg'
import pgUtils from 'pg/lib/utils.js'

/** Named SQL: prepared once per connection under its name. Lives in `tables.ts` of a module. */
export interface Statement {
  readonly name: string
  readonly text: string
}

/**
 * Named SQL that does the runs of many at once: it takes them as one JSON array ($1), each a record of values, and says in the column `run`
 * whose a row is, counted from 1. PostgreSQL sets the statement up once instead of once per run (ADR 0023).
 */
export interface SetStatement {
  readonly name: string
  readonly setText: string
  /** Sets of it that are under way at a time. One when left out. */
  readonly lanes?: number
  /** Runs of a set, at most: few where each holds rows that others wait for. 64 when left out. */
  readonly runsPerSet?: number
  /** The next set is sent before the answers of the last are handed out: where an answer is much work, the database works meanwhile. */
  readonly isPipelined?: boolean
}

/** Bytes as a value of a `SetStatement`, in a column of type `bytea`. */
export const bytesInSet = (bytes: Buffer): string => `\\x${bytes.toString('hex')}`

interface Column {
  readonly name: string
  readonly parse: (text: string) => unknown
}

/** What the driver remembers of a connection and does not describe: the texts that were prepared, by name. */
interface PreparedTexts {
  readonly parsedStatements: Readonly<Record<string, string | undefined>>
}

/** Columns of the statements of a connection, by name. They stay: a prepared statement whose columns change is refused by PostgreSQL. */
const columnsOf = new WeakMap<Connection, Map<string, readonly Column[]>>()

function knownColumns(connection: Connection): Map<string, readonly Column[]> {
  const known = columnsOf.get(connection) ?? new Map<string, readonly Column[]>()
  columnsOf.set(connection, known)
  return known
}

function parameterOf(value: unknown): string | Buffer | null {
  return typeof value === 'string' ? value : pgUtils.prepareValue(value)
}

/**
 * One run of a named statement. The driver's own query asks for the description of the columns with every run and builds its result
 * from it; the columns of a named statement are asked for once, when it is prepared, and a run is bind, execute and sync.
 */
export class NamedQuery<Row> implements Submittable {
  readonly name: string
  readonly text: string
  readonly #values: readonly unknown[]
  readonly #done: (error: Error | null, rows: Row[]) => void
  readonly #rows: Row[] = []
  #columns: readonly Column[] | undefined
  #known: Map<string, readonly Column[]> | undefined
  #failure: Error | null = null

  /**
   * @param done called once, after the commit unless a transaction is open; an error leaves the connection usable when it is a
   * `DatabaseError` of severity ERROR
   */
  constructor(statement: Statement, values: readonly unknown[], done: (error: Error | null, rows: Row[]) => void) {
    this.name = statement.name
    this.text = statement.text
    this.#values = values
    this.#done = done
  }

  /** Called by the client when it is this query's turn. @returns why it cannot be sent, which the client hands to `handleError` */
  submit(connection: Connection): Error | null {
    const prepared = (connection as Connection & PreparedTexts).parsedStatements[this.name]
    if (prepared !== undefined && prepared !== this.text) return new Error(`Two statements are called ${this.name}`)
    let values: (string | Buffer | null)[]
    try {
      values = this.#values.map(parameterOf)
    } catch (error) {
      return error instanceof Error ? error : new Error('a parameter cannot be sent')
    }
    this.#known = knownColumns(connection)
    this.#columns = this.#known.get(this.name)
    connection.stream.cork()
    if (prepared === undefined) connection.parse({ name: this.name, text: this.text, types: [] }, true)
    if (this.#columns === undefined) connection.describe({ type: 'S', name: this.name }, true)
    connection.bind({ statement: this.name, values }, true)
    connection.execute(null, true)
    connection.sync()
    connection.stream.uncork()
    return null
  }

  handleRowDescription({ fields }: { readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[] }): void {
    this.#columns = fields.map(({ name, dataTypeID }) => ({ name, parse: pg.types.getTypeParser(dataTypeID, 'text') as Column['parse'] }))
    this.#known?.set(this.name, this.#columns)
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    try {
      const row: Record<string, unknown> = {}
      fields.forEach((text, index) => {
        const column = this.#columns?.[index]
        if (column !== undefined) row[column.name] = text === null ? null : column.parse(text)
      })
      this.#rows.push(row as Row)
    } catch (error) {
      this.#failure ??= error instanceof Error ? error : new Error('a row cannot be read')
    }
  }

  handleCommandComplete(): void {
    // Without a description there were none.
    if (this.#columns === undefined) this.#known?.set(this.name, [])
  }

  handleEmptyQuery(): void {}

  handlePortalSuspended(): void {}

  handleCopyInResponse(): void {}

  handleCopyData(): void {}

  handleError(error: Error | DatabaseError): void {
    this.#done(error, [])
  }

  handleReadyForQuery(): void {
    this.#done(this.#failure, this.#rows)
  }
}
