import { enqueue } from '../../../jobs/enqueue.ts'
import type { Services } from '../../../services.ts'
import { linkIdentity } from '../jobs.ts'
import { nextTryAt, suggestByToken } from '../pendingSteps.ts'
import { expireLink, lockDueLinks, postponeLink } from '../pendingTables.ts'

interface DueLink {
  readonly pending_link_id: string
  readonly person_id: string
  readonly kind: string
  readonly tries: number
  readonly created_at: Date
  readonly expires_at: Date
}

/** Links looked at in one transaction. */
export const pendingBatchSize = 200

/**
 * Looks again at waiting links whose time has come: strong evidence may have appeared, and a contact may have arrived (domain rules a 7).
 * After 90 days a link expires with a line in the log. @returns how many were looked at; a full batch means there may be more
 */
export async function retryDueLinks({ db, now, env, log }: Pick<Services, 'db' | 'now' | 'env' | 'log'>): Promise<number> {
  const at = now()
  return db.transaction(async (tx) => {
    const due = await tx.run<DueLink>(lockDueLinks, [at, pendingBatchSize])
    for (const link of due) {
      if (link.expires_at <= at) {
        await tx.run(expireLink, [link.pending_link_id])
        log.warn({ pendingLinkId: link.pending_link_id, kind: link.kind, tries: link.tries, waitingSince: link.created_at }, 'a member and a contact never met: the link expired')
        continue
      }
      await suggestByToken(tx, env, link.person_id, at)
      await enqueue(tx, linkIdentity, { personId: link.person_id })
      await tx.run(postponeLink, [link.pending_link_id, nextTryAt(link.tries, at)])
    }
    return due.length
  })
}
