import type { Tx } from '../../db/pool.ts'
import { cancelMarketingDeliveries, deleteAnswers } from './tables.ts'

/** What stops a message; the words are shown in the console. */
const withdrawnReason = '顾客已撤回营销同意'

/**
 * Cancels every marketing message still waiting for these persons, in the transaction of their withdrawal (trust test 59). What is
 * being sent at this very moment asks for the consent once more itself.
 */
export async function cancelMarketing(tx: Tx, personIds: readonly string[], at: Date): Promise<void> {
  if (personIds.length > 0) await tx.run(cancelMarketingDeliveries, [personIds, at, withdrawnReason])
}

/** Deletes the answers that rested on a separate consent, with its withdrawal (PIPL 29, 47). @param keys fields of class S */
export async function forgetAnswers(tx: Tx, personIds: readonly string[], keys: readonly string[]): Promise<void> {
  if (personIds.length > 0 && keys.length > 0) await tx.run(deleteAnswers, [personIds, keys])
}
