import { AppError } from '@qihui/shared/errors'
import { noticeDays, quietBefore, type DeidentifiedExport, type ErasureStatus, type LegalHold, type Lifecycle } from '@qihui/shared/lifecycle'
import type { Services } from '../../services.ts'
import { selectErasure, selectErasures } from './erasureTables.ts'
import { selectExports } from './exportTables.ts'
import { selectHolds } from './holdTables.ts'
import { presentErasure, presentExport, presentHold, type ErasureRow, type ExportRow, type HoldRow } from './present.ts'
import { selectArchiveRuns, selectLifecycleCounts } from './tables.ts'

/** How far an erasure is, for whoever has its number. @throws AppError `request.notFound` */
export async function getErasure({ db }: Pick<Services, 'db'>, erasureId: string): Promise<ErasureStatus> {
  const [row] = await db.run<ErasureRow>(selectErasure, [erasureId])
  if (row === undefined) throw new AppError('request.notFound')
  return presentErasure(row)
}

/** Counts, the last thirty daily runs and the newest erasures. */
export async function getLifecycle({ db, now }: Pick<Services, 'db' | 'now'>): Promise<Lifecycle> {
  const at = now().toISOString()
  const [counts] = await db.run<Lifecycle['counts']>(selectLifecycleCounts, [quietBefore(at, noticeDays[0]), quietBefore(at, noticeDays[1])])
  const runs = await db.run<{ day: string; archived: number; warned: number; finished_at: Date }>(selectArchiveRuns, [])
  const erasures = await db.run<ErasureRow & { readonly reason: Lifecycle['erasures'][number]['reason'] }>(selectErasures, [])
  return {
    counts: counts ?? { active: 0, quiet150: 0, quiet173: 0, archived: 0, restricted: 0, erased: 0 },
    runs: runs.map(({ day, archived, warned, finished_at: finishedAt }) => ({ day, archived, warned, finishedAt: finishedAt.toISOString() })),
    erasures: erasures.map((row) => ({ ...presentErasure(row), reason: row.reason })),
  }
}

/** Legal holds, those that hold first. */
export async function listHolds({ db, now }: Pick<Services, 'db' | 'now'>): Promise<LegalHold[]> {
  const at = now()
  return (await db.run<HoldRow>(selectHolds, [at])).map((row) => presentHold(row, at))
}

/** The newest exports, without their keys. */
export async function listExports({ db, now }: Pick<Services, 'db' | 'now'>): Promise<DeidentifiedExport[]> {
  const at = now()
  return (await db.run<ExportRow>(selectExports, [])).map((row) => presentExport(row, at))
}
