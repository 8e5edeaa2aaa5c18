import * as v from 'valibot'
import { defineContract } from '../http/contract.ts'
import { idSchema, instantSchema } from '../ids/schemas.ts'

/** One message on its way out of the company, to one person. */
export const deliverySchema = v.object({
  deliveryId: idSchema,
  medium: v.picklist(['sms', 'email']),
  /** `service` follows from the membership; `marketing` needs consent and stops with its withdrawal. */
  purpose: v.picklist(['service', 'marketing']),
  recipientMasked: v.string(),
  state: v.picklist(['queued', 'sent', 'failed', 'cancelled']),
  /** Why it was not sent, in words; null otherwise. */
  reason: v.nullable(v.string()),
  channelName: v.nullable(v.string()),
  createdAt: instantSchema,
  finishedAt: v.nullable(instantSchema),
})
export type Delivery = v.InferOutput<typeof deliverySchema>

export const listDeliveries = defineContract({
  method: 'GET',
  path: '/api/console/deliveries',
  audience: 'operator',
  permission: { action: 'read', subject: 'Delivery' },
  summary: '最近发出的短信与邮件（500 条）',
  response: v.object({ deliveries: v.array(deliverySchema) }),
})
