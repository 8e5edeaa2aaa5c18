import { idSchema } from '@qihui/shared/ids'
import * as v from 'valibot'
import { defineJob } from '../../jobs/defineJob.ts'

/** Sends one message of the table `delivery`; the payload names it and nobody else (R9). */
export const sendDelivery = defineJob({
  name: 'sendDelivery',
  payload: v.object({ deliveryId: idSchema }),
  keyOf: ({ deliveryId }) => deliveryId,
  retryLimit: 8,
})
