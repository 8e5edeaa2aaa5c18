import * as v from 'valibot'
import { defineJob } from '../../jobs/defineJob.ts'

/** Removes what nobody can use any more: ended sessions, drafts of yesterday, old idempotency keys, old risk counters, old callback digests. */
export const purgeExpired = defineJob({ name: 'purgeExpired', payload: v.object({}), keyOf: () => 'all', concurrency: 1, deadlineSeconds: 600 })
