import { idSchema } from '@qihui/shared/ids'
import * as v from 'valibot'
import { defineJob } from '../../jobs/defineJob.ts'

/** Has WeChat make the code image and, when a rep is named, WeCom the contact way; both carry the channel's token. */
export const prepareChannel = defineJob({
  name: 'prepareChannel',
  payload: v.object({ channelId: idSchema }),
  keyOf: ({ channelId }) => channelId,
  retryLimit: 8,
})
