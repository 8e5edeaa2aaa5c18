import { archiveAfterDays, noticeDays, quietBefore } from '@qihui/shared/lifecycle'
import { localDateOf } from '@qihui/shared/tier'
import type { Services } from '../../../services.ts'
import { archiveBatch, insertArchiveRun } from '../archiveTables.ts'

/** Members looked at in one transaction: a login waits for a fraction of a second at most. */
const batchSize = 5_000
const beforeTheFirst = '00000000-0000-0000-0000-000000000000'

/** What a daily run did. */
export interface ArchiveRun {
  readonly archived: number
  readonly warned: number
}

/**
 * Archives who has done nothing for 180 days and asks for the notices of 150 and 173 days (R67, domain rules h 2). Each batch commits by
 * itself; a run that is cut short begins again and finds what it did already done. @param signal stops between two batches
 */
export async function archiveQuiet({ db, now }: Pick<Services, 'db' | 'now'>, signal?: AbortSignal, batch = batchSize): Promise<ArchiveRun> {
  const at = now().toISOString()
  const cutoffs = [quietBefore(at, archiveAfterDays), quietBefore(at, noticeDays[1]), quietBefore(at, noticeDays[0])]
  let after = beforeTheFirst
  let run: ArchiveRun = { archived: 0, warned: 0 }
  for (;;) {
    signal?.throwIfAborted()
    const [row] = await db.run<{ last_id: string | null; archived: number; warned: number }>(archiveBatch, [after, at, ...cutoffs, batch])
    if (row === undefined || row.last_id === null) break
    after = row.last_id
    run = { archived: run.archived + row.archived, warned: run.warned + row.warned }
  }
  await db.run(insertArchiveRun, [localDateOf(at), run.archived, run.warned, at])
  return run
}
