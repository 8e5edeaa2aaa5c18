import { startServer, type RunningServer } from '../factories/startServer.ts'
import { createManualClock } from '../sandbox/clock.ts'

/** A whole second, so that the vendor's whole seconds and ours agree. */
const startMs = Date.parse('2026-11-20T02:00:00.000Z')

/** The product before a vendor that is really there, on a clock that stands still until a test moves it. */
export interface Product extends RunningServer {
  /** Rows of a query, for looking at what was stored. */
  rows<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>
}

/** @param options `settings`: environment of the server that differs, e.g. a wrong secret; without a worker, jobs stay in the outbox */
export async function startProduct(options: { readonly settings?: Readonly<Record<string, string>>; readonly withWorker?: boolean; readonly peopleCount?: number } = {}): Promise<Product> {
  const running = await startServer({ withWorker: false, ...options, clock: createManualClock(startMs) })
  return {
    ...running,
    async rows<Row>(text: string, values: readonly unknown[] = []) {
      return (await running.services.db.pool.query(text, [...values])).rows as Row[]
    },
  }
}

/** How often the server asked a vendor path, as the wire shows it. */
export function callsOf({ sandbox }: Product, path: string): number {
  return sandbox.wire.entries().filter((entry) => entry.what.endsWith(path)).length
}
