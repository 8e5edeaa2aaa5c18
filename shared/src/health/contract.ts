import * as v from 'valibot'
import { defineContract } from '../http/contract.ts'
import { instantSchema } from '../ids/schemas.ts'

const seconds = v.pipe(v.number(), v.minValue(0))
const count = v.pipe(v.number(), v.integer(), v.minValue(0))

export const queueHealthSchema = v.object({
  /** Name of the job; `unhandled` are those of another version of the server. */
  job: v.string(),
  /** Due now, retries included. */
  waiting: count,
  /** Due later. */
  deferred: count,
  /** Age of the oldest that is due, seconds; null: none waits. */
  oldestSeconds: v.nullable(seconds),
  /** Failed for good: somebody has to look. */
  dead: count,
})

export const credentialHealthSchema = v.object({
  vendor: v.picklist(['wecom', 'wechat']),
  app: v.string(),
  kind: v.string(),
  obtainedAt: v.nullable(instantSchema),
  expiresAt: v.nullable(instantSchema),
  /** Set while the vendor refuses our secret: no further try before. */
  blockedUntil: v.nullable(instantSchema),
})

export const callQuotaHealthSchema = v.object({ path: v.string(), minute: count, hour: count })

/** How the running product is: what waits, what failed, how old what it knows is. From the database and this process; no vendor is asked. */
export const getHealth = defineContract({
  method: 'GET',
  path: '/api/console/health',
  audience: 'operator',
  permission: { action: 'read', subject: 'Health' },
  summary: '运行状态：任务队列、回调、平台凭证、调用额度、最近对账与数据库',
  response: v.object({
    at: instantSchema,
    queues: v.array(queueHealthSchema),
    /** Work written and not yet handed to the queue; the oldest's age in seconds. */
    outbox: v.object({ waiting: count, oldestSeconds: v.nullable(seconds) }),
    /** `lagSeconds`: age of the oldest event that waits to be applied; 0 when none does. */
    callbacks: v.object({ lastAt: v.nullable(instantSchema), stored: count, lagSeconds: seconds, refused: v.array(v.object({ reason: v.string(), count, lastAt: instantSchema })) }),
    /** Welcomes of the last 24 hours. `lostRace`: another app greeted first, or the two were talking already (41051); `missed`: later than the 20 s the code lives. */
    welcomes: v.object({ sent: count, lostRace: count, missed: count, failed: count }),
    credentials: v.array(credentialHealthSchema),
    /** Calls of WeCom's APIs in the minute and hour that run, the busiest first. */
    quotas: v.array(callQuotaHealthSchema),
    lastReconcileAt: v.nullable(instantSchema),
    lastTierDay: v.nullable(v.string()),
    lastArchiveDay: v.nullable(v.string()),
    erasures: v.object({ open: count, overdue: count }),
    /** `sealLagSeconds`: age of the oldest audit line no link of the chain binds yet; `isBroken`: what the last verification found. */
    audit: v.object({ sealLagSeconds: seconds, verifiedAt: v.nullable(instantSchema), isBroken: v.boolean() }),
    database: v.object({ bytes: count, connectionsInUse: count, connectionsMax: count, callersWaiting: count }),
  }),
})
