import type { Tx } from '../../db/pool.ts'
import { cancelMarketingDeliveries } from './tables.ts'

/** What stops a message; the words are shown in the console. */
const withdrawnReason = '顾客已撤回营销同意'

/**
 * Cancels every marketing message still waiting for these persons, in the transaction of their withdrawal (trust test 59). What is
 * being sent at this very moment asks for the consent once more itself.
 */
export async function cancelMarketing(tx: Tx, personIds: readonly string[], at: Date): Promise<void> {
  if (personIds.length > 0) await tx.run(cancelMarketingDeliveries, [personIds, at, withdrawnReason])
}
