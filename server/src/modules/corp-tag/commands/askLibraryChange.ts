import { refusalOfLibraryChange, type AskedTagChange, type CorpTagChange } from '@qihui/shared/corp-tag'
import { AppError } from '@qihui/shared/errors'
import type { StaffActor } from '../../../http/actor.ts'
import { enqueue } from '../../../jobs/enqueue.ts'
import { newId } from '../../../security/newId.ts'
import type { Services } from '../../../services.ts'
import { auditActorOf, recordAudit } from '../../audit/steps.ts'
import { writeTagLibrary } from '../jobs.ts'
import { presentGroups, summaryOf, type LibraryGroupRow } from '../present.ts'
import { insertLibraryChange, lockLibrary, selectLibraryView } from '../tables.ts'

function targetOf(change: CorpTagChange): string | null {
  if (change.kind === 'createGroup') return null
  return change.kind === 'rename' || change.kind === 'delete' ? change.id : change.groupId
}

/**
 * Keeps a change of the library and the job that writes it, in one transaction (P5). The mirror stays as WeCom has it until it is written.
 * @throws AppError `corpTag.unknown`, `corpTag.managed`, `corpTag.notOurs`, `corpTag.nameTaken`, `corpTag.capReached`
 */
export async function askLibraryChange({ db, now }: Pick<Services, 'db' | 'now'>, actor: StaffActor, change: CorpTagChange): Promise<AskedTagChange> {
  const at = now()
  const changeId = newId()
  return db.transaction(async (tx) => {
    await tx.run(lockLibrary, [])
    const library = presentGroups(await tx.run<LibraryGroupRow>(selectLibraryView, []))
    const refusal = refusalOfLibraryChange(library, change)
    if (refusal) throw new AppError(refusal.code, refusal.detail)
    const summary = summaryOf(library, change)
    await tx.run(insertLibraryChange, [changeId, JSON.stringify(change), targetOf(change), summary, actor.staffUserId, at])
    await recordAudit(tx, { at, actor: auditActorOf(actor), action: 'corpTag.libraryChange', subject: `corpTagChange:${changeId}`, fields: [change.kind] })
    await enqueue(tx, writeTagLibrary, { changeId })
    return { changeId, summary, state: 'waiting', failure: null, createdBy: actor.name, createdAt: at.toISOString() }
  })
}
