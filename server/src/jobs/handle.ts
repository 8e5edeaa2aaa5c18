import type { Job } from './defineJob.ts'

/** One run of a job. `attempt` counts from 0; the signal fires at the deadline and at shutdown. */
export interface JobRun {
  readonly attempt: number
  readonly signal: AbortSignal
}

/** A first run begins within so long after it was asked for, unless the queue is behind; then one look too many is made. */
const firstRunWithinMs = 15_000

/**
 * Whether an earlier run may have done the deed and died before it wrote so: a later attempt, or a job that came back as a new one. Effects
 * that would show twice look before they are done again (trust test 11).
 */
export function mayHaveRun({ attempt }: Pick<JobRun, 'attempt'>, askedAt: Date, at: Date): boolean {
  return attempt > 0 || at.getTime() - askedAt.getTime() > firstRunWithinMs
}

/** A job with the code that does it. */
export interface JobHandler {
  readonly job: Job<object>
  readonly run: (payload: object, run: JobRun) => Promise<void>
  /** Cron expression in Asia/Shanghai when the job also runs by the clock, with its payload. */
  readonly schedule: { readonly cron: string; readonly payload: object } | null
}

/** Binds a job to its code. At least once: the code must land its effect only once (P5). */
export function handle<Payload extends object>(
  job: Job<Payload>,
  run: (payload: Payload, run: JobRun) => Promise<void>,
  schedule: { readonly cron: string; readonly payload: Payload } | null = null,
): JobHandler {
  // The runner hands a handler only payloads its own schema has parsed.
  return { job: job as unknown as Job<object>, run: run as JobHandler['run'], schedule }
}
