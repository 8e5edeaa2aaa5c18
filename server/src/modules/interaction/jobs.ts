import * as v from 'valibot'
import { defineJob } from '../../jobs/defineJob.ts'

/** Fetches what WeCom counted of every employee yesterday, and of the days a fetch was missed. */
export const fetchStaffBehaviour = defineJob({ name: 'fetchStaffBehaviour', payload: v.object({}), keyOf: () => 'all', concurrency: 1, deadlineSeconds: 1800, retryLimit: 3 })
