import * as v from 'valibot'
import { defineJob } from '../../jobs/defineJob.ts'

/**
 * Brings together what is known of one human, and lets tags follow. Asked for by registration and by the contact mirror alike:
 * they come in either order and meet here (R34, R39).
 */
export const linkIdentity = defineJob({
  name: 'linkIdentity',
  payload: v.object({
    personId: v.pipe(v.string(), v.uuid()),
    /** Identifiers one vendor answer showed together, whoever holds them so far. */
    seenTogether: v.optional(v.array(v.object({ namespace: v.string(), value: v.string() }))),
  }),
  // Another answer is another observation: it must not be dropped while one without it waits.
  keyOf: ({ personId, seenTogether }) => [personId, ...(seenTogether ?? []).map(({ value }) => value)].join('|'),
  retryLimit: 8,
})

/** Looks again at members whose contact has not been found yet (R36). */
export const retryPendingLinks = defineJob({ name: 'retryPendingLinks', payload: v.object({}), keyOf: () => 'due', retryLimit: 0, concurrency: 1 })
