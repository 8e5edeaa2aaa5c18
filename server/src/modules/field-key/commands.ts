import type { FieldCipher } from '../../security/fieldCipher.ts'
import { SealBrokenError } from '../../security/fieldCipher.ts'
import type { Services } from '../../services.ts'
import { placeName, sealedColumns, type SealedColumn } from './sealedColumns.ts'
import { lockProgress, restartProgress, saveProgress, selectBatch, updateBatch } from './tables.ts'

/** Rows of one transaction: short enough that a registration waits for none of them noticeably. */
const defaultBatchSize = 500

type RotationServices = Pick<Services, 'db' | 'now' | 'cipher'>
interface BatchRow {
  readonly key: string
  readonly row_id: string
  readonly sealed: Buffer
}

/** What one run did. `unreadable` values were left as they are: they opened under no key before, either. */
export interface RotationOutcome {
  readonly rewrapped: number
  readonly unreadable: number
  readonly isFinished: boolean
}

function rewrapAll(cipher: FieldCipher, { table, column }: SealedColumn, rows: readonly BatchRow[]): { readonly keys: string[]; readonly values: Buffer[] } {
  const [keys, values]: [string[], Buffer[]] = [[], []]
  for (const { key, row_id, sealed } of rows) {
    try {
      const value = cipher.rewrap({ table, column, rowId: row_id }, sealed)
      if (value === null) continue
      keys.push(key)
      values.push(value)
    } catch (error) {
      if (!(error instanceof SealBrokenError)) throw error
    }
  }
  return { keys, values }
}

/** One batch of one column: rows and progress in one transaction, so a kill at any moment loses nothing and repeats nothing. */
function rotateBatch({ db, now, cipher }: RotationServices, sealed: SealedColumn, batchSize: number): Promise<RotationOutcome> {
  return db.transaction(async (tx) => {
    const [version, place] = [cipher.currentVersion, placeName(sealed)]
    const [progress] = await tx.run<{ cursor: string; is_finished: boolean }>(lockProgress, [version, place, sealed.firstKey, now()])
    if (progress === undefined || progress.is_finished) return { rewrapped: 0, unreadable: 0, isFinished: true }
    const rows = await tx.run<BatchRow>(selectBatch(sealed), [progress.cursor, version, batchSize])
    const { keys, values } = rewrapAll(cipher, sealed, rows)
    if (keys.length > 0) await tx.run(updateBatch(sealed), [keys, values])
    const isFinished = rows.length < batchSize
    const unreadable = rows.length - keys.length
    await tx.run(saveProgress, [version, place, rows.at(-1)?.key ?? progress.cursor, keys.length, unreadable, now(), isFinished])
    return { rewrapped: keys.length, unreadable, isFinished }
  })
}

/**
 * Seals what older versions of the field key sealed under the current one, in batches (R60). Ended by the signal it goes on where it
 * stopped the next time; several processes share the work without doing any of it twice.
 */
export async function rotateFieldKeys(services: RotationServices, signal: AbortSignal, options: { readonly batchSize?: number } = {}): Promise<RotationOutcome> {
  let [rewrapped, unreadable] = [0, 0]
  for (const sealed of sealedColumns) {
    for (let isFinished = false; !isFinished; ) {
      if (signal.aborted) return { rewrapped, unreadable, isFinished: false }
      const batch = await rotateBatch(services, sealed, options.batchSize ?? defaultBatchSize)
      rewrapped += batch.rewrapped
      unreadable += batch.unreadable
      isFinished = batch.isFinished
    }
  }
  return { rewrapped, unreadable, isFinished: true }
}

/** Looks at every row again at the next run: while versions of the product run side by side, an older one may write with the older key. */
export async function restartRotation({ db, cipher }: Pick<Services, 'db' | 'cipher'>): Promise<void> {
  for (const sealed of sealedColumns) await db.run(restartProgress, [cipher.currentVersion, placeName(sealed), sealed.firstKey])
}
