import type { runDoctor } from '@qihui/shared/doctor'
import type { ResponseOf } from '@qihui/shared/http'
import type { Http } from './http.ts'

export type Diagnosis = ResponseOf<typeof runDoctor>

/** What the console asks about the product itself. */
export interface HealthApi {
  /** Asks every vendor anew; takes some seconds. */
  diagnose(): Promise<Diagnosis>
}

export function healthCalls(http: Http): HealthApi {
  return { diagnose: () => http<typeof runDoctor>({ method: 'POST', path: '/api/console/doctor/runs' }) }
}
