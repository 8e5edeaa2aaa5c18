import { wecomCallQuota, type QuotaWindow } from '@qihui/shared/health'
import type { Database } from '../../db/pool.ts'
import type { Gauges } from '../../metrics/createMetrics.ts'
import { callbackLagOf } from './present.ts'
import type { Vitals } from './queries.ts'

const windows: readonly QuotaWindow[] = ['minute', 'hour']
const secondsFrom = (earlier: Date, later: Date): number => (later.getTime() - earlier.getTime()) / 1000

function setCredentials(gauges: Gauges, { at, credentials }: Vitals): void {
  for (const gauge of [gauges.tokenAge, gauges.tokenLeft, gauges.secretBlocked]) gauge.reset()
  for (const { vendor, app, kind, obtained_at, expires_at, blocked_until } of credentials) {
    const labels = { vendor, app, kind }
    if (obtained_at !== null) gauges.tokenAge.set(labels, secondsFrom(obtained_at, at))
    if (expires_at !== null) gauges.tokenLeft.set(labels, secondsFrom(at, expires_at))
    gauges.secretBlocked.set(labels, blocked_until !== null && blocked_until > at ? 1 : 0)
  }
}

function setQueues(gauges: Gauges, { queues }: Vitals): void {
  for (const gauge of [gauges.queueWaiting, gauges.queueOldest, gauges.queueDead]) gauge.reset()
  for (const { job, waiting, oldestSeconds, dead } of queues) {
    gauges.queueWaiting.set({ job }, waiting)
    gauges.queueOldest.set({ job }, Math.max(0, oldestSeconds ?? 0))
    gauges.queueDead.set({ job }, dead)
  }
}

function setQuotas(gauges: Gauges, { calls }: Vitals): void {
  for (const gauge of [gauges.quotaUsed, gauges.quotaLeft]) gauge.reset()
  for (const call of calls) {
    for (const window of windows) {
      gauges.quotaUsed.set({ path: call.path, window }, call[window])
      gauges.quotaLeft.set({ path: call.path, window }, Math.max(0, 1 - call[window] / wecomCallQuota[window]))
    }
  }
}

function setOrRemove(gauge: Gauges['reconcileAge'], value: number | null): void {
  if (value === null) gauge.remove()
  else gauge.set(value)
}

/** Puts what was found into the figures; what is not known yet is left out, so that no alarm takes it for a zero. */
export function setGauges(gauges: Gauges, vitals: Vitals): void {
  const { at, row, accepted, lastReconcileAt } = vitals
  setQueues(gauges, vitals)
  setCredentials(gauges, vitals)
  setQuotas(gauges, vitals)
  gauges.outboxWaiting.set(row.outbox_waiting)
  gauges.outboxOldest.set(Math.max(0, row.outbox_oldest_seconds ?? 0))
  gauges.callbackLag.set(callbackLagOf(vitals))
  setOrRemove(gauges.callbackSilence, accepted && secondsFrom(accepted.lastAt, at))
  // The queue tells it in the time of the world, not of a trial.
  setOrRemove(gauges.reconcileAge, lastReconcileAt && secondsFrom(lastReconcileAt, new Date()))
  setOrRemove(gauges.tierDayAge, row.tier_day_age)
  setOrRemove(gauges.archiveDayAge, row.archive_day_age)
  gauges.erasuresOpen.set(row.erasures_open)
  gauges.erasuresOverdue.set(row.erasures_overdue)
  gauges.auditSealLag.set(Math.max(0, row.seal_lag_seconds ?? 0))
  gauges.auditBroken.set(row.is_broken ? 1 : 0)
  gauges.databaseBytes.set(row.database_bytes)
}

/** What this process itself knows: its pool, and whether the database answered. */
export function setOwnGauges(gauges: Gauges, pool: Database['pool'], isDatabaseUp: boolean, diskFreeRatio: number | null): void {
  gauges.poolInUse.set(pool.totalCount - pool.idleCount)
  gauges.poolMax.set(pool.options.max ?? 0)
  gauges.poolWaiting.set(pool.waitingCount)
  gauges.databaseUp.set(isDatabaseUp ? 1 : 0)
  if (diskFreeRatio !== null) gauges.diskFree.set(diskFreeRatio)
}
