import type { MemberSelf } from '@qihui/shared/member'
import type { Tx } from '../../db/pool.ts'
import { storedAnswer, type IdempotentCall } from '../../http/idempotency.ts'
import type { Services } from '../../services.ts'
import { getMemberById } from '../member/queries.ts'

/** What is kept as the answer to a registration; the member is read again, so that a repeat tells the present. */
export interface StoredOutcome {
  readonly outcome: 'registered' | 'recovered'
  readonly memberId: string
}

/** What an earlier call with this key came to; null when there was none. May be asked inside a transaction. @throws AppError `idempotency.keyReused` */
export async function storedRegistration(tx: Tx, call: IdempotentCall): Promise<StoredOutcome | null> {
  const stored = await storedAnswer(tx, call)
  return stored === null ? null : (stored.response as StoredOutcome)
}

/** The same with the member as they are now. @throws AppError `idempotency.keyReused` */
export async function replayRegistration(
  services: Pick<Services, 'db' | 'now' | 'cipher' | 'tierRules'>,
  call: IdempotentCall,
): Promise<{ outcome: StoredOutcome['outcome']; member: MemberSelf } | null> {
  const stored = await storedRegistration(services.db, call)
  return stored === null ? null : { outcome: stored.outcome, member: await getMemberById(services, stored.memberId) }
}
