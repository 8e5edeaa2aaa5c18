import { externalUserIdSchema } from '@qihui/shared/ids'
import * as v from 'valibot'
import { defineJob, outageRetries } from '../../jobs/defineJob.ts'

/** Reads one contact from WeCom and makes the mirror equal to it. Events are hints: whatever they say, this converges (P2). */
export const mirrorContact = defineJob({
  name: 'mirrorContact',
  payload: v.object({ externalUserId: externalUserIdSchema }),
  keyOf: ({ externalUserId }) => externalUserId,
  retryLimit: outageRetries,
  concurrency: 5,
})

/** Ends one relation. Only the event tells that a customer left: WeCom goes on listing the pair (platform 4.2). */
export const endFollow = defineJob({
  name: 'endFollow',
  payload: v.object({
    externalUserId: externalUserIdSchema,
    staffUserId: v.string(),
    endedBy: v.picklist(['staff', 'customer', 'transfer']),
    /** When it ended, milliseconds since the epoch. */
    endedAtMs: v.number(),
  }),
  keyOf: ({ externalUserId, staffUserId, endedAtMs }) => `${externalUserId}:${staffUserId}:${endedAtMs}`,
  retryLimit: outageRetries,
})

/** Compares who is in whose contact list, one call per employee: who came or went unnoticed is mirrored within the hour (P3). */
export const compareContactLists = defineJob({
  name: 'compareContactLists',
  payload: v.object({}),
  keyOf: () => 'all',
  retryLimit: 3,
  deadlineSeconds: 1800,
  concurrency: 1,
})

/** Compares all relations with WeCom, remarks and tags included, and repairs what lost events left behind (P3): a call for each hundred. */
export const reconcileContacts = defineJob({
  name: 'reconcileContacts',
  payload: v.object({}),
  keyOf: () => 'all',
  retryLimit: 3,
  deadlineSeconds: 14_400,
  concurrency: 1,
})

/** Brings names and visibility of the staff up to date; those who left the visible scope lose their sessions (P6). */
export const syncStaff = defineJob({
  name: 'syncStaff',
  payload: v.object({}),
  keyOf: () => 'all',
  retryLimit: 5,
  deadlineSeconds: 300,
  concurrency: 1,
})
