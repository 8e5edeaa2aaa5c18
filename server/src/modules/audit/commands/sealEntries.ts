import { canonicalRecord } from '@qihui/shared/audit'
import { chainStart, type AuditChain } from '../../../security/auditChain.ts'
import type { Services } from '../../../services.ts'
import { boundRecord, type BoundRow } from '../boundRecord.ts'
import { insertSeals, sealerLock, selectHeads, selectUnsealed, trySealerLock } from '../tables.ts'

const defaultBatchSize = 5000

interface UnsealedRow extends BoundRow {
  readonly at: Date
  readonly day: string
}

/** What one pass did. `lastAt`: how far it came when there is more. */
export interface SealPass {
  readonly isMine: boolean
  readonly sealed: number
  readonly lastAt: Date | null
}

/** Chains rows onto the heads of their days, in the order given. */
function chained(chain: AuditChain, rows: readonly UnsealedRow[], heads: ReadonlyMap<string, { readonly seq: number; readonly hash: Buffer }>) {
  const links = new Map(heads)
  return rows.map((row) => {
    const previous = links.get(row.day) ?? { seq: 0, hash: chainStart }
    const seq = previous.seq + 1
    const hash = chain.link(previous.hash, canonicalRecord(row.day, seq, boundRecord(row)))
    links.set(row.day, { seq, hash })
    return { day: row.day, seq, id: row.audit_entry_id, hash }
  })
}

/**
 * Gives the rows that no seal names yet their place in the chain of their local day (R61). One writer at a time: a process that does not
 * get the lock does nothing. Rows that were committed late, out of their order, come after the ones sealed before them.
 * @param from looks at rows of this moment and later
 */
export function sealEntries({ db }: Pick<Services, 'db'>, chain: AuditChain, from: Date, batchSize = defaultBatchSize): Promise<SealPass> {
  return db.transaction(async (tx) => {
    const [lock] = await tx.run<{ is_mine: boolean }>(trySealerLock, [sealerLock])
    if (lock?.is_mine !== true) return { isMine: false, sealed: 0, lastAt: null }
    const rows = await tx.run<UnsealedRow>(selectUnsealed, [from.toISOString(), batchSize])
    if (rows.length === 0) return { isMine: true, sealed: 0, lastAt: null }
    const heads = await tx.run<{ day: string; seq: number; hash: Buffer }>(selectHeads, [[...new Set(rows.map(({ day }) => day))]])
    const seals = chained(chain, rows, new Map(heads.map((head) => [head.day, head])))
    await tx.run(insertSeals, [seals.map(({ day }) => day), seals.map(({ seq }) => seq), seals.map(({ id }) => id), seals.map(({ hash }) => hash)])
    return { isMine: true, sealed: rows.length, lastAt: rows.length === batchSize ? (rows.at(-1)?.at ?? null) : null }
  })
}

/** Seals until nothing is left from that moment on. @returns how many, or null when another process is at it */
export async function sealAll(services: Pick<Services, 'db'>, chain: AuditChain, from: Date): Promise<number | null> {
  let [sealed, next] = [0, from]
  for (;;) {
    const pass = await sealEntries(services, chain, next)
    if (!pass.isMine) return null
    sealed += pass.sealed
    if (pass.lastAt === null) return sealed
    next = pass.lastAt
  }
}
