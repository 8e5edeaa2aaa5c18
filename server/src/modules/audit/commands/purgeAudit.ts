import { isPurgeable } from '@qihui/shared/audit'
import { localDateOf } from '@qihui/shared/tier'
import type { Database } from '../../../db/pool.ts'
import type { Services } from '../../../services.ts'
import { recordAudit } from '../steps.ts'
import { allowPurge, deleteDayEntries, deleteDaySeals, sealerLock, selectHeads, selectHold, selectOldDays, trySealerLock } from '../tables.ts'

/** What one run did with the days whose time is over. */
export interface PurgeOutcome {
  readonly purged: readonly string[]
  /** Kept by a legal hold. */
  readonly held: readonly string[]
}

async function purgeDay(owner: Database, day: string, at: Date): Promise<'purged' | 'held' | 'later'> {
  return owner.transaction(async (tx) => {
    const [lock] = await tx.run<{ is_mine: boolean }>(trySealerLock, [sealerLock])
    if (lock?.is_mine !== true) return 'later'
    const [hold] = await tx.run<{ is_held: boolean }>(selectHold, [day, at])
    if (hold?.is_held !== false) return 'held'
    const [head] = await tx.run<{ seq: number; hash: Buffer }>(selectHeads, [[day]])
    await tx.run(allowPurge, [])
    await tx.run(deleteDayEntries, [day])
    await tx.run(deleteDaySeals, [day])
    const fields = [`entries:${head?.seq ?? 0}`, `hash:${head?.hash.toString('hex') ?? ''}`]
    await recordAudit(tx, { at, actor: { kind: 'system', id: 'purge' }, action: 'audit.purge', subject: `day:${day}`, fields })
    return 'purged'
  })
}

/**
 * Removes whole days of audit whose time is over (R61): never before six months, never under a legal hold, and the purge is itself an entry
 * with the number of rows and the last link. Needs a connection of the tables' owner: daily work may not delete.
 */
export async function purgeAudit(services: Pick<Services, 'now' | 'env'>, owner: Database): Promise<PurgeOutcome> {
  const at = services.now()
  const today = localDateOf(at.toISOString())
  const days = await owner.run<{ day: string }>(selectOldDays, [today])
  const [purged, held]: [string[], string[]] = [[], []]
  for (const { day } of days) {
    if (!isPurgeable(day, today, services.env.auditRetentionMonths)) break
    const outcome = await purgeDay(owner, day, at)
    if (outcome === 'purged') purged.push(day)
    if (outcome === 'held') held.push(day)
  }
  return { purged, held }
}
