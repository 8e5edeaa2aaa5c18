import type { MemberSelf } from '@qihui/shared/member'
import type { Tx } from '../../db/pool.ts'
import { storedAnswer, type IdempotentCall } from '../../http/idempotency.ts'
import type { FieldCipher } from '../../security/fieldCipher.ts'
import { getMemberById } from '../member/queries.ts'

/** What is kept as the answer to a registration; the member is read again, so that a repeat tells the present. */
export interface StoredOutcome {
  readonly outcome: 'registered' | 'recovered'
  readonly memberId: string
}

/** The answer of an earlier call with this key, as the member is now; null when there was none. @throws AppError `idempotency.keyReused` */
export async function replayRegistration(services: { readonly db: Tx; readonly cipher: FieldCipher }, call: IdempotentCall): Promise<{ outcome: 'registered' | 'recovered'; member: MemberSelf } | null> {
  const stored = await storedAnswer(services.db, call)
  if (stored === null) return null
  const { outcome, memberId } = stored.response as StoredOutcome
  return { outcome, member: await getMemberById(services, memberId) }
}
