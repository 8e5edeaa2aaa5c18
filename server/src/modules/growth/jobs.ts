import * as v from 'valibot'
import { defineJob } from '../../jobs/defineJob.ts'

/** Posts the growth for groups of fields that are completely answered (R45); every night for everybody, with answers for their member. */
export const awardFormGrowth = defineJob({
  name: 'awardFormGrowth',
  payload: v.object({ memberId: v.nullable(v.string()) }),
  keyOf: ({ memberId }) => memberId ?? 'all',
  concurrency: 1,
  deadlineSeconds: 600,
  retryLimit: 5,
})
