import type { runDoctor } from '@qihui/shared/doctor'
import type { DeadLetterChoice, discardDeadLetters, getHealth, listDeadLetterQueues, listDeadLetters, replayDeadLetters } from '@qihui/shared/health'
import type { BodyOf, ResponseOf } from '@qihui/shared/http'
import type { Http } from './http.ts'

export type Diagnosis = ResponseOf<typeof runDoctor>
export type RunningState = ResponseOf<typeof getHealth>

export type DeadLetterQueues = ResponseOf<typeof listDeadLetterQueues>
export type DeadLetterPage = ResponseOf<typeof listDeadLetters>
export type DeadLetterOutcome = ResponseOf<typeof replayDeadLetters>
export type DiscardReason = BodyOf<typeof discardDeadLetters>['reason']

/** What the console asks about the product itself. */
export interface HealthApi {
  /** Asks every vendor anew; takes some seconds. */
  diagnose(): Promise<Diagnosis>
  /** What waits, failed or is old; asks no vendor. */
  getRunningState(): Promise<RunningState>
  deadLetterQueues(): Promise<DeadLetterQueues>
  /** Newest first; `cursor` of the page before, or null. */
  deadLetters(job: string, cursor: string | null): Promise<DeadLetterPage>
  /** May be sent again: what was handled is passed over. */
  replayDeadLetters(job: string, choice: DeadLetterChoice): Promise<DeadLetterOutcome>
  discardDeadLetters(job: string, choice: DeadLetterChoice, reason: DiscardReason): Promise<DeadLetterOutcome>
}

export function healthCalls(http: Http): HealthApi {
  return {
    diagnose: () => http<typeof runDoctor>({ method: 'POST', path: '/api/console/doctor/runs' }),
    getRunningState: () => http<typeof getHealth>({ method: 'GET', path: '/api/console/health' }),
    deadLetterQueues: () => http<typeof listDeadLetterQueues>({ method: 'GET', path: '/api/console/dead-letter-queues' }),
    deadLetters: (job, cursor) => http<typeof listDeadLetters>({ method: 'GET', path: '/api/console/dead-letters', query: cursor === null ? { job } : { job, cursor } }),
    replayDeadLetters: (job, choice) => http<typeof replayDeadLetters>({ method: 'POST', path: '/api/console/dead-letter-replays', body: { job, choice } }),
    discardDeadLetters: (job, choice, reason) => http<typeof discardDeadLetters>({ method: 'POST', path: '/api/console/dead-letter-discards', body: { job, choice, reason } }),
  }
}
