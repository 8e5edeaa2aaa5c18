import { enqueue } from '../../../jobs/enqueue.ts'
import { newId } from '../../../security/newId.ts'
import type { Services } from '../../../services.ts'
import { reviewStaffTags } from '../jobs.ts'
import { insertReviewRun } from '../pairTables.ts'

/** Employees begin so far apart in a look at all pairs, milliseconds: a thousand of them take the night, not a minute of quota. */
const staffSpacingMs = 15_000

/** Begins a look at every pair there is: one job per employee, so that a killed one goes on where it was (R54). */
export async function startReviewRun({ db, now }: Pick<Services, 'db' | 'now'>, staffUserIds: readonly string[]): Promise<void> {
  const at = now()
  await db.transaction(async (tx) => {
    await tx.run(insertReviewRun, [newId(), at, staffUserIds])
    for (const [index, staffUserId] of staffUserIds.entries()) await enqueue(tx, reviewStaffTags, { staffUserId }, { startAfter: new Date(at.getTime() + index * staffSpacingMs) })
  })
}
