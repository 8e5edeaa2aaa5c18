import { idSchema } from '@qihui/shared/ids'
import * as v from 'valibot'
import { defineJob } from '../../jobs/defineJob.ts'

/** Tells those who may decide that a request waits, or that an emergency waits for its review (R86). Names the request and nobody. */
export const tellApprovers = defineJob({ name: 'tellApprovers', payload: v.object({ approvalId: idSchema }), keyOf: ({ approvalId }) => approvalId })
