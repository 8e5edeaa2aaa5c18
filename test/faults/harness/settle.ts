import { vi } from 'vitest'
import type { Fleet } from './fleet.ts'

/** What a dead worker held is found after its heartbeat is overdue; then it is tried again. Several rounds of that, on a busy machine. */
const settleMs = 240_000

/** Work that is still to come; jobs of the clock and what rests for good are none. */
const openWork = `select
    (select count(*)::int from outbox) as unsent,
    (select count(*)::int from queue.job where state in ('created', 'retry', 'active') and name not like '%-dead' and name not like '\\_\\_%' and start_after < now() + interval '1 hour') as queued`

/** Until outbox and queue are empty: everything that was asked for is done, or rests as failed. */
export async function settle({ ask }: Pick<Fleet, 'ask'>): Promise<void> {
  const isSettled = async (): Promise<void> => {
    const [open] = await ask<{ unsent: number; queued: number }>(openWork)
    if (open === undefined || open.unsent + open.queued > 0) throw new Error(`still to do: ${JSON.stringify(open)}`)
  }
  await vi.waitFor(isSettled, { timeout: settleMs, interval: 250 })
}
