import * as v from 'valibot'
import { defineJob } from '../../jobs/defineJob.ts'

/** Unlocks what the days since the last run have made due (R52). */
export const advanceBenefits = defineJob({ name: 'advanceBenefits', payload: v.object({}), keyOf: () => 'all', concurrency: 1, deadlineSeconds: 3600, retryLimit: 5 })

/** Makes the codes of coupons that were given. */
export const issueCoupons = defineJob({ name: 'issueCoupons', payload: v.object({}), keyOf: () => 'all', concurrency: 1, deadlineSeconds: 3600, retryLimit: 8 })

/** Finds an adviser for everybody who should have one and has none, or whose adviser left (R49, R53). */
export const renewAdvisers = defineJob({ name: 'renewAdvisers', payload: v.object({}), keyOf: () => 'all', concurrency: 1, deadlineSeconds: 3600, retryLimit: 5 })

/** Has WeCom make the QR that adds an adviser. */
export const prepareAdviserWay = defineJob({
  name: 'prepareAdviserWay',
  payload: v.object({ staffUserId: v.string() }),
  keyOf: ({ staffUserId }) => staffUserId,
  retryLimit: 8,
})
