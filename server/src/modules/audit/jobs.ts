import * as v from 'valibot'
import { defineJob } from '../../jobs/defineJob.ts'

/** Signs the heads of the chains and copies them out. */
export const signAuditHeads = defineJob({ name: 'signAuditHeads', payload: v.object({}), keyOf: () => 'all', concurrency: 1, deadlineSeconds: 300 })

/** Looks at the whole chain. */
export const verifyAuditChain = defineJob({
  name: 'verifyAuditChain', payload: v.object({ askedBy: v.nullable(v.string()) }), keyOf: () => 'all', concurrency: 1, deadlineSeconds: 1800, retryLimit: 2,
})

/** Removes the days whose time is over. */
export const purgeOldAudit = defineJob({ name: 'purgeOldAudit', payload: v.object({}), keyOf: () => 'all', concurrency: 1, deadlineSeconds: 3600, retryLimit: 3 })
