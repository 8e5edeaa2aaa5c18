import { AppError } from '@qihui/shared/errors'
import { PgBoss, type JobInsert, type JobResult, type JobWithMetadata } from 'pg-boss'
import type { Logger } from 'pino'
import * as v from 'valibot'
import { greetingOf, type Database } from '../db/pool.ts'
import type { Env } from '../env.ts'
import type { Metrics } from '../metrics/createMetrics.ts'
import { letterQueueOf, unhandledQueue } from './deadLetterQueues.ts'
import { describeFailure } from './describeFailure.ts'
import { enqueue } from './enqueue.ts'
import type { JobHandler } from './handle.ts'
import { relayOutbox } from './relayOutbox.ts'

/** A worker of this process. */
export interface JobRunner {
  /** Waits until nothing is queued, retrying or running; for tests and orderly shutdown. */
  stop(): Promise<void>
}

/** Told of every run. */
type JobMeter = Pick<Metrics, 'jobRan'>

/** How long the relay rests when the outbox is empty, milliseconds. A welcome code lives 20 s; this is the first link of its chain. */
const relayPauseMs = 100
/** Jobs of this process wake their handler at once; this finds what other processes queued, and retries. Seconds. */
const pollingSeconds = 2
/** A full batch is followed by the next without a pause, so even work done one at a time is fetched in pairs. */
const smallestBatch = 2
/** A job that failed for good waits this long for somebody to look. */
const deadRetentionSeconds = 90 * 24 * 3600
const stopTimeoutMs = 8000
/**
 * A process that was killed no longer says that it works: after so long without a word its jobs are given to others, instead of after their
 * deadline, which is half an hour for the long ones. A word every five seconds, so that a busy process is not taken for dead.
 */
const heartbeatSeconds = 20
const heartbeatRefreshSeconds = 5
/** How often dead jobs are looked for. */
const superviseSeconds = 10
/** A query of the queue without an answer for so long went into a dead line. */
const queueQueryTimeoutMs = 20_000
/** Jobs that come back at one instant are spread over this long. */
const comeBackSpreadMs = 3000
const batchLimit = 500

function startRelay(database: Database, boss: PgBoss, workers: ReadonlyMap<string, string>, log: Logger): () => Promise<void> {
  let isStopping = false
  let wake = () => {}
  const rest = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, relayPauseMs)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  const loop = async () => {
    while (!isStopping) {
      try {
        const woken = new Set<string>()
        const moved = await relayOutbox(database, batchLimit, async (rows, db) => {
          for (const name of new Set(rows.map((row) => row.job))) {
            const group = rows.filter((row) => row.job === name)
            const worker = workers.get(name)
            if (worker === undefined) {
              log.error({ job: name, count: group.length }, 'no handler for this job; it rests in the queue of unhandled ones')
              await boss.insert(unhandledQueue, group.map((row) => ({ data: { job: name, payload: row.payload }, singletonKey: row.job_key })), { db })
              continue
            }
            const jobs: JobInsert[] = group.map((row) => ({ data: row.payload, singletonKey: row.job_key, ...(row.start_after ? { startAfter: row.start_after } : {}) }))
            await boss.insert(name, jobs, { db })
            woken.add(worker)
          }
        })
        for (const worker of woken) boss.notifyWorker(worker)
        if (moved < batchLimit && !isStopping) await rest()
      } catch (error) {
        log.error({ err: error }, 'relay of the outbox failed')
        if (!isStopping) await rest()
      }
    }
  }
  const running = loop()
  return async () => {
    isStopping = true
    wake()
    await running
  }
}

/** What runs jobs, for each of them. */
interface RunContext {
  readonly database: Database
  readonly log: Logger
  readonly metrics: JobMeter | undefined
}

/**
 * A job whose cause of failure is known to pass comes back then, as if it had not run: a window of an hour would use up its retries (45009).
 * Not one that is never retried. @returns whether it comes back
 */
async function comesBack({ database, log }: RunContext, { job }: JobHandler, payload: object, error: unknown): Promise<boolean> {
  if (!(error instanceof AppError) || error.retryAfterMs === undefined || job.retryLimit === 0) return false
  const startAfter = new Date(Date.now() + error.retryAfterMs + Math.random() * comeBackSpreadMs)
  await enqueue(database, job, payload, { startAfter })
  log.info({ job: job.name, code: error.code, startAfter }, 'job comes back later')
  return true
}

/** One job of a batch; its failure is its own. */
async function runOne(context: RunContext, handler: JobHandler, job: JobWithMetadata<object>): Promise<JobResult> {
  const { log, metrics } = context
  const started = performance.now()
  const ran = (outcome: 'completed' | 'failed') => metrics?.jobRan(handler.job.name, outcome, (performance.now() - started) / 1000, (Date.now() - job.startAfter.getTime()) / 1000)
  try {
    await handler.run(v.parse(handler.job.payload, job.data), { attempt: job.retryCount, signal: job.signal })
    log.info({ job: handler.job.name, jobId: job.id, attempt: job.retryCount, ms: Math.round(performance.now() - started) }, 'job done')
    ran('completed')
    return { id: job.id, status: 'completed' }
  } catch (error) {
    if (await comesBack(context, handler, job.data, error).catch(() => false)) return { id: job.id, status: 'completed' }
    log.warn({ job: handler.job.name, jobId: job.id, attempt: job.retryCount, err: error }, 'job failed')
    ran('failed')
    return { id: job.id, status: 'failed', output: describeFailure(error) }
  }
}

/** Starts queue, relay and handlers. Jobs that failed for good rest in their queue's dead letter `<name>-dead`. */
export async function runJobs(database: Database, { databaseUrl, databaseRole }: Pick<Env, 'databaseUrl' | 'databaseRole'>, handlers: readonly JobHandler[], log: Logger, metrics?: JobMeter): Promise<JobRunner> {
  const timing = { superviseIntervalSeconds: superviseSeconds, monitorIntervalSeconds: superviseSeconds }
  const line = { connectionString: databaseUrl, max: 4, keepAlive: true, query_timeout: queueQueryTimeoutMs, ...greetingOf({ isGreetingPlain: databaseRole === null }) }
  const boss = new PgBoss({ ...line, ...timing, schema: 'queue' })
  boss.on('error', (error: Error) => log.error({ err: error }, 'queue error'))
  await boss.start()
  const workers = new Map<string, string>()
  await boss.createQueue(unhandledQueue, { retentionSeconds: deadRetentionSeconds })
  for (const handler of handlers) {
    const { name, retryLimit, deadlineSeconds, concurrency } = handler.job
    const dead = letterQueueOf(name)
    await boss.createQueue(dead, { policy: 'standard', retentionSeconds: deadRetentionSeconds })
    const terms = { retryLimit, retryDelay: 1, retryBackoff: true, retryDelayMax: 3600, expireInSeconds: deadlineSeconds, heartbeatSeconds }
    await boss.createQueue(name, { ...terms, policy: 'short', deadLetter: dead })
    // A queue that is there keeps the terms it was made with.
    await boss.updateQueue(name, terms)
    if (handler.schedule) await boss.schedule(name, handler.schedule.cron, handler.schedule.payload, { tz: 'Asia/Shanghai' })
    const fetching = { pollingIntervalSeconds: pollingSeconds, batchSize: Math.max(smallestBatch, concurrency), burstWhenBatchFull: true, heartbeatRefreshSeconds } as const
    const options = { ...fetching, includeMetadata: true, perJobResults: true } as const
    workers.set(name, await boss.work(name, options, (jobs: JobWithMetadata<object>[]) => Promise.all(jobs.map((job) => runOne({ database, log, metrics }, handler, job)))))
  }
  const stopRelay = startRelay(database, boss, workers, log)
  return {
    async stop() {
      await stopRelay()
      await boss.stop({ graceful: true, timeout: stopTimeoutMs, close: true })
    },
  }
}
