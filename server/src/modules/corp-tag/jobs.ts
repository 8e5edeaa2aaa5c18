import { externalUserIdSchema } from '@qihui/shared/ids'
import * as v from 'valibot'
import { defineJob, outageRetries } from '../../jobs/defineJob.ts'

/** Calls that change tags, at once and in one process, whatever job makes them; more of them refuse each other (trust test 15). */
export const maxTagCalls = 5
/** Hours of refused calls: a library-wide change may meet the hourly limit more than once (45009). */
const patientRetries = 16

/**
 * Leaves exactly the tags of the system on a (staff, contact) pair that it should carry: one of the member's tier, or none when the contact
 * is no member (R43), and one of each segment the member is in (R55). One job for all of them: two changes of one pair at once refuse each other (45035).
 */
export const syncTierTag = defineJob({
  name: 'syncTierTag',
  payload: v.object({ externalUserId: externalUserIdSchema, staffUserId: v.string() }),
  keyOf: ({ externalUserId, staffUserId }) => `${externalUserId}:${staffUserId}`,
  retryLimit: patientRetries,
  concurrency: maxTagCalls,
})

/** Carries one change of a rep to WeCom. Adding what is there and removing what is not are no errors, so it may run twice. */
export const markContactTags = defineJob({
  name: 'markContactTags',
  payload: v.object({
    /** Makes every change its own: two changes of one pair must both arrive. */
    changeId: v.pipe(v.string(), v.uuid()),
    externalUserId: externalUserIdSchema,
    staffUserId: v.string(),
    addTagIds: v.array(v.string()),
    removeTagIds: v.array(v.string()),
  }),
  keyOf: ({ changeId }) => changeId,
  retryLimit: outageRetries,
  concurrency: maxTagCalls,
})

/** Copies the tag library and makes sure our own tier tags exist. */
export const syncCorpTags = defineJob({
  name: 'syncCorpTags',
  payload: v.object({}),
  keyOf: () => 'all',
  retryLimit: 5,
  concurrency: 1,
})

/** Writes one change of the library that was asked for in the console. */
export const writeTagLibrary = defineJob({
  name: 'writeTagLibrary',
  payload: v.object({ changeId: v.pipe(v.string(), v.uuid()) }),
  keyOf: ({ changeId }) => changeId,
  retryLimit: 8,
  deadlineSeconds: 300,
  concurrency: 1,
})

/** Looks at every pair there is: one job per employee, spread over the night (R54). A deleted tier tag that was made again asks for it too. */
export const reconcileTierTags = defineJob({ name: 'reconcileTierTags', payload: v.object({}), keyOf: () => 'all', concurrency: 1, retryLimit: 5 })

/** Reads the pairs of one employee from WeCom and asks for a sync of each that does not carry exactly its tier tag. */
export const reviewStaffTags = defineJob({
  name: 'reviewStaffTags',
  payload: v.object({ staffUserId: v.string() }),
  keyOf: ({ staffUserId }) => staffUserId,
  retryLimit: 8,
  concurrency: 2,
  deadlineSeconds: 900,
})
