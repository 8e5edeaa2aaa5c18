import type { getHealth } from '@qihui/shared/health'
import type { ResponseOf } from '@qihui/shared/http'
import type { Database } from '../../db/pool.ts'
import type { Queue, Vitals } from './queries.ts'

/** Jobs that apply what a callback told. */
const callbackJobs: ReadonlySet<string> = new Set(['sendWelcome', 'mirrorContact', 'endFollow', 'syncCorpTags', 'syncStaff'])

const isoOf = (at: Date | null): string | null => at?.toISOString() ?? null
const positive = (seconds: number | null): number => Math.max(0, seconds ?? 0)

/** Age of the oldest callback that waits to be applied, seconds; 0 when none waits. */
export function callbackLagOf({ queues, row }: { readonly queues: readonly Queue[]; readonly row: Pick<Vitals['row'], 'outbox_oldest_seconds'> }): number {
  const waits = queues.filter(({ job }) => callbackJobs.has(job)).map(({ oldestSeconds }) => positive(oldestSeconds))
  return Math.max(0, positive(row.outbox_oldest_seconds), ...waits)
}

export function presentHealth(vitals: Vitals, pool: Database['pool']): ResponseOf<typeof getHealth> {
  const { at, queues, row, credentials, refused, welcomes, calls, accepted, lastReconcileAt } = vitals
  return {
    at: at.toISOString(),
    queues: queues.map((queue) => ({ ...queue, oldestSeconds: queue.oldestSeconds === null ? null : positive(queue.oldestSeconds) })),
    outbox: { waiting: row.outbox_waiting, oldestSeconds: row.outbox_oldest_seconds === null ? null : positive(row.outbox_oldest_seconds) },
    callbacks: {
      lastAt: isoOf(accepted?.lastAt ?? null),
      stored: accepted?.count ?? 0,
      lagSeconds: callbackLagOf(vitals),
      refused: refused.map(({ reason, count, lastAt }) => ({ reason, count, lastAt: lastAt.toISOString() })),
    },
    welcomes: { sent: welcomes.get('sent') ?? 0, lostRace: welcomes.get('lostRace') ?? 0, missed: welcomes.get('missed') ?? 0, failed: welcomes.get('failed') ?? 0 },
    credentials: credentials.map(({ vendor, app, kind, obtained_at, expires_at, blocked_until }) => ({
      vendor,
      app,
      kind,
      obtainedAt: isoOf(obtained_at),
      expiresAt: isoOf(expires_at),
      blockedUntil: blocked_until !== null && blocked_until > at ? blocked_until.toISOString() : null,
    })),
    quotas: [...calls],
    lastReconcileAt: isoOf(lastReconcileAt),
    lastTierDay: row.last_tier_day,
    lastArchiveDay: row.last_archive_day,
    erasures: { open: row.erasures_open, overdue: row.erasures_overdue },
    audit: { sealLagSeconds: positive(row.seal_lag_seconds), verifiedAt: isoOf(row.verified_at), isBroken: row.is_broken },
    database: { bytes: row.database_bytes, connectionsInUse: pool.totalCount - pool.idleCount, connectionsMax: pool.options.max ?? 0, callersWaiting: pool.waitingCount },
  }
}
