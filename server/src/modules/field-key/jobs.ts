import * as v from 'valibot'
import { defineJob } from '../../jobs/defineJob.ts'

/** Re-wraps what older versions of the field key sealed; goes on where it was cut off. */
export const rotateKeys = defineJob({ name: 'rotateKeys', payload: v.object({}), keyOf: () => 'all', concurrency: 1, deadlineSeconds: 3600, retryLimit: 8 })
