import { externalUserIdSchema } from '@qihui/shared/ids'
import * as v from 'valibot'
import { defineJob } from '../../jobs/defineJob.ts'

/** Greets a new contact. Never repeated: the code serves once and dies 20 s after the event (platform 4.5). */
export const sendWelcome = defineJob({
  name: 'sendWelcome',
  payload: v.object({
    /** Hash of the event, hex: one welcome per event, however often the job runs. */
    eventDigest: v.string(),
    externalUserId: externalUserIdSchema,
    staffUserId: v.string(),
    welcomeCode: v.string(),
    /** When the code began to live, by our clock: the event's arrival less its age then. Milliseconds since the epoch. */
    receivedAtMs: v.number(),
    /** What the contact way carried. */
    state: v.optional(v.string()),
  }),
  keyOf: ({ eventDigest }) => eventDigest,
  retryLimit: 0,
  deadlineSeconds: 20,
  concurrency: 10,
})
