import type { runDoctor } from '@qihui/shared/doctor'
import type { getHealth } from '@qihui/shared/health'
import type { ResponseOf } from '@qihui/shared/http'
import type { Http } from './http.ts'

export type Diagnosis = ResponseOf<typeof runDoctor>
export type RunningState = ResponseOf<typeof getHealth>

/** What the console asks about the product itself. */
export interface HealthApi {
  /** Asks every vendor anew; takes some seconds. */
  diagnose(): Promise<Diagnosis>
  /** What waits, failed or is old; asks no vendor. */
  getRunningState(): Promise<RunningState>
}

export function healthCalls(http: Http): HealthApi {
  return {
    diagnose: () => http<typeof runDoctor>({ method: 'POST', path: '/api/console/doctor/runs' }),
    getRunningState: () => http<typeof getHealth>({ method: 'GET', path: '/api/console/health' }),
  }
}
