import * as v from 'valibot'
import { defineJob } from '../../jobs/defineJob.ts'

/**
 * Brings together what is known of one human, and lets tags follow. Asked for by registration and by the contact mirror alike:
 * they come in either order and meet here (R34, R39).
 */
export const linkIdentity = defineJob({
  name: 'linkIdentity',
  payload: v.object({ personId: v.pipe(v.string(), v.uuid()) }),
  keyOf: ({ personId }) => personId,
  retryLimit: 8,
})
