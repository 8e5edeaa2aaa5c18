import type { Identifier } from '@qihui/shared/identity'
import { enqueue } from '../../../jobs/enqueue.ts'
import type { Services } from '../../../services.ts'
import { touchPersons } from '../../lifecycle/steps.ts'
import { linkIdentity } from '../jobs.ts'
import { columnsOf } from '../steps.ts'
import { selectHolder } from '../tables.ts'

/**
 * A payment or a service enquiry: the junction looks again with what is shown now (R41). One look-up and one row; acts that come while a
 * look is waiting share it. @param shown what the session or the connected system vouches for, the furthest reaching first
 * @returns false for somebody we know nothing of, who needs no linking
 */
export async function noteKeyAct({ db, now }: Pick<Services, 'db' | 'now'>, shown: readonly Identifier[]): Promise<boolean> {
  const [holder] = await db.run<{ person_id: string }>(selectHolder, columnsOf(shown))
  if (holder === undefined) return false
  await db.transaction(async (tx) => {
    await touchPersons(tx, [holder.person_id], now())
    await enqueue(tx, linkIdentity, { personId: holder.person_id, seenTogether: [...shown] })
  })
  return true
}
