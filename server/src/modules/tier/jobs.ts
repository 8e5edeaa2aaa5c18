import * as v from 'valibot'
import { defineJob } from '../../jobs/defineJob.ts'

/** Decides what the midnights since the last run have made due: reviews, ends of grace, growth that has left the window. */
export const advanceTiers = defineJob({ name: 'advanceTiers', payload: v.object({}), keyOf: () => 'all', concurrency: 1, deadlineSeconds: 3600, retryLimit: 5 })
