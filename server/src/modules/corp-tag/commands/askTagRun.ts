import type { StaffActor } from '../../../http/actor.ts'
import { enqueue } from '../../../jobs/enqueue.ts'
import type { Services } from '../../../services.ts'
import { auditActorOf, recordAudit } from '../../audit/steps.ts'
import { reconcileTierTags, syncCorpTags } from '../jobs.ts'

const runs = {
  libraryRefresh: { job: syncCorpTags, subject: 'corpTagLibrary:all' },
  tierReview: { job: reconcileTierTags, subject: 'tierTags:all' },
} as const

/** Asks for a copy of WeCom's library, or for a look at the tier tags of all pairs, ahead of its time. */
export async function askTagRun({ db, now }: Pick<Services, 'db' | 'now'>, actor: StaffActor, run: keyof typeof runs): Promise<{ requestedAt: string }> {
  const at = now()
  const { job, subject } = runs[run]
  await db.transaction(async (tx) => {
    await recordAudit(tx, { at, actor: auditActorOf(actor), action: `corpTag.${run}`, subject })
    await enqueue(tx, job, {})
  })
  return { requestedAt: at.toISOString() }
}
