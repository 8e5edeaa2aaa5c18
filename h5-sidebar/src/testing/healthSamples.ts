import type { RunningState } from '../api/healthApi.ts'

/** A product that runs, with one job that failed for good. */
export const runningState: RunningState = {
  at: '2026-11-20T02:00:00.000Z',
  queues: [
    { job: 'mirrorContact', waiting: 3, deferred: 0, oldestSeconds: 4, dead: 0 },
    { job: 'sendDelivery', waiting: 0, deferred: 0, oldestSeconds: null, dead: 1 },
    { job: 'advanceTiers', waiting: 0, deferred: 0, oldestSeconds: null, dead: 0 },
  ],
  outbox: { waiting: 0, oldestSeconds: null },
  callbacks: { lastAt: '2026-11-20T01:58:00.000Z', stored: 1204, lagSeconds: 4, refused: [{ reason: 'signature', count: 2, lastAt: '2026-11-19T02:00:00.000Z' }] },
  welcomes: { sent: 31, lostRace: 2, missed: 1, failed: 0 },
  credentials: [
    { vendor: 'wecom', app: 'ww5a1d0c3f7e9b2468/1000002', kind: 'accessToken', obtainedAt: '2026-11-20T01:30:00.000Z', expiresAt: '2026-11-20T03:30:00.000Z', blockedUntil: null },
    { vendor: 'wechat', app: 'wx5a1d0c3f7e9b2468', kind: 'accessToken', obtainedAt: null, expiresAt: null, blockedUntil: '2026-11-20T02:40:00.000Z' },
  ],
  quotas: [{ path: '/cgi-bin/externalcontact/get', minute: 9000, hour: 21_000 }],
  lastReconcileAt: '2026-11-20T01:17:00.000Z',
  lastTierDay: '2026-11-20',
  lastArchiveDay: '2026-11-20',
  erasures: { open: 1, overdue: 0 },
  audit: { sealLagSeconds: 2, verifiedAt: '2026-11-19T20:35:00.000Z', isBroken: false },
  database: { bytes: 52_428_800, connectionsInUse: 1, connectionsMax: 8, callersWaiting: 0 },
}
