import { AppError } from '@qihui/shared/errors'
import type { StaffActor } from '../../../http/actor.ts'
import type { Services } from '../../../services.ts'
import { undoMergeOf, type MergeRow } from '../mergeSteps.ts'
import { isCovered, lockMerge } from '../mergeTables.ts'
import { auditDone, loadPersons } from '../steps.ts'
import { lockOwners } from '../tables.ts'

/**
 * Takes a merge back and rejects its evidence (R37, domain rules a 6).
 * @throws AppError `request.notFound`; `merge.notUndoable` when it was undone before, or a later merge stands on it
 */
export async function undoMerge(
  { db, now }: Pick<Services, 'db' | 'now'>,
  actor: StaffActor,
  request: { readonly mergeId: string; readonly note: string | null; readonly requestId: string },
): Promise<void> {
  const at = now()
  await db.transaction(async (tx) => {
    const [merge] = await tx.run<MergeRow>(lockMerge, [request.mergeId])
    if (merge === undefined) throw new AppError('request.notFound')
    // Locked before looking: another merge of the survivor waits, or is seen.
    const [survivor] = await loadPersons(tx, [merge.survivor_id], lockOwners)
    const [standing] = await tx.run<{ is_covered: boolean }>(isCovered, [request.mergeId])
    if (merge.undone_at !== null || survivor === undefined || standing?.is_covered !== false) throw new AppError('merge.notUndoable')
    await undoMergeOf(tx, merge, actor.staffUserId, request.note, at)
    await auditDone(tx, actor, 'personMerge.undo', request.mergeId, [merge.survivor_id, ...merge.absorbed_ids], request.requestId, at)
  })
}
