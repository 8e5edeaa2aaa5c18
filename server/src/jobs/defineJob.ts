import type { GenericSchema, InferOutput } from 'valibot'

/** A piece of work that happens after the transaction that asked for it (P5). Lives in `jobs.ts` of a module. */
export interface Job<Payload extends object> {
  readonly name: string
  readonly payload: GenericSchema<unknown, Payload>
  /** Deterministic: while a job of the same key waits, another is not queued. */
  readonly keyOf: (payload: Payload) => string
  /** Runs after the first failure, with exponential back-off. */
  readonly retryLimit: number
  /** Seconds one run may take before it counts as dead. */
  readonly deadlineSeconds: number
  /** How many run at once in one process; at least two. */
  readonly concurrency: number
}

/**
 * Retries that outlast half an hour of a vendor's silence (trust test 8): the pause doubles from a second on, the last retry comes
 * 34 minutes after the first run at the earliest.
 */
export const outageRetries = 11

/** Defines a job; five retries, a minute a run and four at once unless said otherwise. */
export function defineJob<const S extends GenericSchema<unknown, object>>(definition: {
  readonly name: string
  readonly payload: S
  readonly keyOf: (payload: InferOutput<S>) => string
  readonly retryLimit?: number
  readonly deadlineSeconds?: number
  readonly concurrency?: number
}): Job<InferOutput<S>> {
  return {
    retryLimit: 5,
    deadlineSeconds: 60,
    concurrency: 4,
    ...definition,
    payload: definition.payload as unknown as GenericSchema<unknown, InferOutput<S>>,
  }
}
