import type { Services } from '../../../services.ts'
import { finishLibraryChange as finishStatement, updateOurTags } from '../tables.ts'

/** How a change of the library ended; `notOursId` names what turned out to belong to another app or the console. */
export interface LibraryChangeEnd {
  readonly changeId: string
  /** Null: it was written. */
  readonly failure: string | null
  readonly notOursId?: string
}

/** Remembers how a change ended. Twice gives the same. */
export async function finishLibraryChange({ db, now }: Pick<Services, 'db' | 'now'>, { changeId, failure, notOursId }: LibraryChangeEnd): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.run(finishStatement, [changeId, failure === null ? 'done' : 'failed', failure, now()])
    if (notOursId !== undefined) await tx.run(updateOurTags, [[notOursId], false])
  })
}
