import { canonicalRecord } from '@qihui/shared/audit'
import { chainStart, type AuditChain } from '../../../security/auditChain.ts'
import type { Services } from '../../../services.ts'
import { boundRecord, type BoundRow } from '../boundRecord.ts'
import { insertSeals, sealerLock, selectHeads, selectUnsealed, trySealerLock } from '../tables.ts'

const defaultBatchSize = 5000
/** Sorts before every id. */
const firstId = '00000000-0000-0000-0000-000000000000'

interface UnsealedRow extends BoundRow {
  readonly day: string
  readonly at_text: string
  readonly is_sealed: boolean
}

/** A place among the rows, by time and id. */
interface Place {
  readonly at: string
  readonly id: string
}

/** What one pass did. `next`: where to go on when there is more. */
export interface SealPass {
  readonly isMine: boolean
  readonly sealed: number
  readonly next: Place | null
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
 * @param from looks at rows after this place
 */
export function sealEntries({ db }: Pick<Services, 'db'>, chain: AuditChain, from: Place, batchSize = defaultBatchSize): Promise<SealPass> {
  return db.transaction(async (tx) => {
    const [lock] = await tx.run<{ is_mine: boolean }>(trySealerLock, [sealerLock])
    if (lock?.is_mine !== true) return { isMine: false, sealed: 0, next: null }
    const looked = await tx.run<UnsealedRow>(selectUnsealed, [from.at, from.id, batchSize])
    const last = looked.length === batchSize ? looked.at(-1) : undefined
    const next = last ? { at: last.at_text, id: last.audit_entry_id } : null
    const rows = looked.filter((row) => !row.is_sealed)
    if (rows.length === 0) return { isMine: true, sealed: 0, next }
    const heads = await tx.run<{ day: string; seq: number; hash: Buffer }>(selectHeads, [[...new Set(rows.map(({ day }) => day))]])
    const seals = chained(chain, rows, new Map(heads.map((head) => [head.day, head])))
    await tx.run(insertSeals, [seals.map(({ day }) => day), seals.map(({ seq }) => seq), seals.map(({ id }) => id), seals.map(({ hash }) => hash)])
    return { isMine: true, sealed: rows.length, next }
  })
}

/** Seals until nothing is left from that moment on. @returns how many, or null when another process is at it */
export async function sealAll(services: Pick<Services, 'db'>, chain: AuditChain, from: Date): Promise<number | null> {
  let sealed = 0
  let next: Place = { at: from.toISOString(), id: firstId }
  for (;;) {
    const pass = await sealEntries(services, chain, next)
    if (!pass.isMine) return null
    sealed += pass.sealed
    if (pass.next === null) return sealed
    next = pass.next
  }
}
