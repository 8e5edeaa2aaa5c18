import { idSchema } from '@qihui/shared/ids'
import * as v from 'valibot'
import { defineJob } from '../../jobs/defineJob.ts'

/** Removes what nobody can use any more: ended sessions, drafts of yesterday, old idempotency keys, old risk counters, old callback digests. */
export const purgeExpired = defineJob({ name: 'purgeExpired', payload: v.object({}), keyOf: () => 'all', concurrency: 1, deadlineSeconds: 600 })

/** Archives who has been quiet for 180 days, and asks for the notices before. */
export const archiveQuietMembers = defineJob({ name: 'archiveQuietMembers', payload: v.object({}), keyOf: () => 'all', concurrency: 1, deadlineSeconds: 3600 })

/** Tells one member that the membership will rest. */
export const sendQuietNoticeJob = defineJob({
  name: 'sendQuietNotice',
  payload: v.object({ memberId: idSchema, days: v.picklist([150, 173]) }),
  keyOf: ({ memberId, days }) => `${memberId}|${days}`,
})

/** Erases one restricted person, as soon as nothing holds them. */
export const erasePerson = defineJob({ name: 'erasePerson', payload: v.object({ erasureId: idSchema }), keyOf: ({ erasureId }) => erasureId, retryLimit: 8, concurrency: 2, deadlineSeconds: 300 })

/** Looks daily for erasures that wait and for archived members whose time is over. */
export const reviewErasures = defineJob({ name: 'reviewErasures', payload: v.object({}), keyOf: () => 'all', concurrency: 1, deadlineSeconds: 600 })
