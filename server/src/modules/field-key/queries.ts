import type { Services } from '../../services.ts'
import { placeName, sealedColumns } from './sealedColumns.ts'
import { countVersions, selectProgress } from './tables.ts'

interface ProgressRow {
  readonly place: string
  readonly rewrapped: number
  readonly unreadable: number
  readonly finished_at: Date | null
}

/** How many values of one column name which key version, and how far its re-wrapping has come. */
export interface FieldKeyStatus {
  readonly place: string
  readonly counts: readonly { readonly version: number; readonly count: number }[]
  readonly rewrapped: number
  readonly unreadable: number
  readonly isFinished: boolean
}

/** The key versions in use, column by column; reads every row, so it is for a command and a report, not for a screen. */
export async function getFieldKeyStatus({ db, cipher }: Pick<Services, 'db' | 'cipher'>): Promise<FieldKeyStatus[]> {
  const progress = new Map((await db.run<ProgressRow>(selectProgress, [cipher.currentVersion])).map((row) => [row.place, row]))
  const status: FieldKeyStatus[] = []
  for (const sealed of sealedColumns) {
    const place = placeName(sealed)
    const counts = await db.run<{ version: number; count: number }>(countVersions(sealed), [])
    const row = progress.get(place)
    status.push({ place, counts, rewrapped: row?.rewrapped ?? 0, unreadable: row?.unreadable ?? 0, isFinished: row?.finished_at != null })
  }
  return status
}
