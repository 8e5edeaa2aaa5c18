import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

/** Answers of the server, seconds: the promises are at 300 ms (callbacks) and 1 s. */
const requestBuckets = [0.005, 0.02, 0.05, 0.1, 0.3, 1, 3, 10]
/** Vendor calls are cut after 5 s. */
const vendorBuckets = [0.05, 0.1, 0.3, 1, 2, 5]
/** From asked to done, seconds: a welcome code lives 20 s, a sweep takes minutes. */
const lagBuckets = [0.3, 1, 3, 10, 20, 60, 300, 1800]

const knownMethods: ReadonlySet<string> = new Set(['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS'])

/** How a vendor call ended: an answer, a refusal with an errcode, no answer, or held back by us. */
export type VendorOutcome = 'ok' | 'refused' | 'unavailable' | 'heldBack'

/**
 * What this process counts. Every label is a name the code knows: a route's template, a job, a vendor's path, an errcode;
 * never a member, an employee, a phone, a token or anything else a sender chose.
 */
export interface Metrics {
  /** Read by the door `/metrics`. */
  readonly registry: Registry
  readonly gauges: Gauges
  requestDone(method: string, route: string, status: number, seconds: number): void
  callbackStored(kind: string, isNew: boolean): void
  callbackRefused(reason: string): void
  vendorCalled(vendor: string, path: string, outcome: VendorOutcome, seconds: number): void
  vendorRefused(vendor: string, path: string, errcode: number): void
  /** @param lagSeconds from the moment it was due. */
  jobRan(job: string, outcome: 'completed' | 'failed', seconds: number, lagSeconds: number): void
}

function createGauges(registry: Registry) {
  const gauge = <const L extends string = never>(name: string, help: string, labelNames: readonly L[] = []) => {
    const made = new Gauge<L>({ name: `qihui_${name}`, help, labelNames: [...labelNames], registers: [registry] })
    // Without labels it would begin as a zero, which an alarm takes for a figure.
    if (labelNames.length === 0) made.remove()
    return made
  }
  return {
    queueWaiting: gauge('queue_waiting_jobs', 'Jobs that are due and wait', ['job']),
    queueOldest: gauge('queue_oldest_seconds', 'Age of the oldest job that is due', ['job']),
    queueDead: gauge('queue_dead_jobs', 'Jobs that failed for good', ['job']),
    outboxWaiting: gauge('outbox_waiting', 'Lines of the outbox not yet handed to the queue'),
    outboxOldest: gauge('outbox_oldest_seconds', 'Age of the oldest line of the outbox'),
    callbackLag: gauge('callback_lag_seconds', 'Age of the oldest callback that waits to be applied'),
    callbackSilence: gauge('callback_silence_seconds', 'Since the last callback was stored'),
    tokenAge: gauge('vendor_token_age_seconds', 'Since a credential of a vendor was obtained', ['vendor', 'app', 'kind']),
    tokenLeft: gauge('vendor_token_expires_in_seconds', 'Until a credential of a vendor ends; negative: it has', ['vendor', 'app', 'kind']),
    secretBlocked: gauge('vendor_secret_blocked', '1 while a vendor refuses our secret', ['vendor', 'app', 'kind']),
    quotaUsed: gauge('vendor_quota_used', 'Calls of an API in the window that runs, all processes together', ['path', 'window']),
    quotaLeft: gauge('vendor_quota_left_ratio', 'Share of the documented quota of an API that is left', ['path', 'window']),
    reconcileAge: gauge('last_reconcile_age_seconds', 'Since contacts were last compared with WeCom'),
    tierDayAge: gauge('last_tier_day_age_days', 'Days since the last night of tiers; 0: today is done'),
    archiveDayAge: gauge('last_archive_day_age_days', 'Days since the last archiving of quiet members'),
    erasuresOpen: gauge('erasures_open', 'Erasures asked for and not done'),
    erasuresOverdue: gauge('erasures_overdue', 'Erasures whose promised day has passed'),
    auditSealLag: gauge('audit_seal_lag_seconds', 'Age of the oldest audit line that no link binds'),
    auditBroken: gauge('audit_chain_broken', '1 when the last verification found the audit chain broken'),
    databaseBytes: gauge('database_bytes', 'Size of the database'),
    poolInUse: gauge('database_pool_in_use', 'Connections of this process in use'),
    poolMax: gauge('database_pool_max', 'Connections this process may open'),
    poolWaiting: gauge('database_pool_waiting', 'Callers that wait for a connection'),
    diskFree: gauge('disk_free_ratio', 'Free share of the disk the process runs on'),
    databaseUp: gauge('database_up', '1 when the database answered the last question for these figures'),
  }
}

/** Figures that are looked up when somebody asks. */
export type Gauges = ReturnType<typeof createGauges>

/** One registry per process, with Node's own figures. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const requests = new Histogram({ name: 'qihui_http_request_seconds', help: 'Answers of the server', labelNames: ['method', 'route', 'status'], buckets: requestBuckets, registers })
  const stored = new Counter({ name: 'qihui_callbacks_total', help: 'Callbacks stored, by kind; known ones came before', labelNames: ['kind', 'known'], registers })
  const refused = new Counter({ name: 'qihui_callbacks_refused_total', help: 'Callbacks refused, by reason', labelNames: ['reason'], registers })
  const calls = new Histogram({ name: 'qihui_vendor_call_seconds', help: 'Calls of vendors', labelNames: ['vendor', 'path', 'outcome'], buckets: vendorBuckets, registers })
  const refusals = new Counter({ name: 'qihui_vendor_refusals_total', help: 'Refusals of vendors, by errcode', labelNames: ['vendor', 'path', 'errcode'], registers })
  const jobs = new Histogram({ name: 'qihui_job_run_seconds', help: 'Runs of jobs', labelNames: ['job', 'outcome'], buckets: lagBuckets, registers })
  const lags = new Histogram({ name: 'qihui_job_lag_seconds', help: 'From due to done', labelNames: ['job'], buckets: lagBuckets, registers })
  return {
    registry,
    gauges: createGauges(registry),
    requestDone: (method, route, status, seconds) => requests.observe({ method: knownMethods.has(method) ? method : 'other', route, status: `${Math.floor(status / 100)}xx` }, seconds),
    callbackStored: (kind, isNew) => stored.inc({ kind, known: isNew ? 'no' : 'yes' }),
    callbackRefused: (reason) => refused.inc({ reason }),
    vendorCalled: (vendor, path, outcome, seconds) => calls.observe({ vendor, path, outcome }, seconds),
    vendorRefused: (vendor, path, errcode) => refusals.inc({ vendor, path, errcode: String(errcode) }),
    jobRan(job, outcome, seconds, lagSeconds) {
      jobs.observe({ job, outcome }, seconds)
      if (outcome === 'completed') lags.observe({ job }, Math.max(0, lagSeconds))
    },
  }
}
