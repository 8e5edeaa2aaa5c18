import type { Identifier } from '@qihui/shared/identity'
import { enqueue } from '../../../jobs/enqueue.ts'
import type { Services } from '../../../services.ts'
import { linkIdentity } from '../jobs.ts'
import { externalUserNamespace, unionIdNamespace } from '../namespaces.ts'
import { selectHolder } from '../tables.ts'

/** What the session or the connected system shows of the one who acted. */
export interface ActingIdentity {
  readonly openId: Identifier | null
  readonly unionId: string | null
  readonly externalUserId: string | null
}

/**
 * A payment or a service enquiry: the junction looks again with what is shown now (R41). One look-up and one row; acts that come while a
 * look is waiting share it. @returns false for somebody we know nothing of, who needs no linking
 */
export async function noteKeyAct({ db, env }: Pick<Services, 'db' | 'env'>, { openId, unionId, externalUserId }: ActingIdentity): Promise<boolean> {
  const [union, external] = [unionIdNamespace(env), externalUserNamespace(env)]
  const [holder] = await db.run<{ person_id: string }>(selectHolder, [openId?.namespace ?? '', openId?.value ?? null, union, unionId, external, externalUserId])
  if (holder === undefined) return false
  const shown: Identifier[] = [
    ...(openId === null ? [] : [openId]),
    ...(unionId === null ? [] : [{ namespace: union, value: unionId }]),
    ...(externalUserId === null ? [] : [{ namespace: external, value: externalUserId }]),
  ]
  await enqueue(db, linkIdentity, { personId: holder.person_id, seenTogether: shown })
  return true
}
