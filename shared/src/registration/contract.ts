import * as v from 'valibot'
import { defineContract } from '../http/contract.ts'

/** What the landing and registration pages need before anybody is asked for anything. */
export const getRegistrationEntry = defineContract({
  method: 'GET',
  path: '/api/registrations/entry',
  audience: 'public',
  summary: '注册入口：渠道、等级权益、隐私政策与登记表的当前版本',
  query: v.object({ scene: v.optional(v.pipe(v.string(), v.maxLength(64))) }),
  response: v.object({
    brandName: v.string(),
    /** Null when the token is absent or unknown: registration goes on, without a channel. */
    channel: v.nullable(v.object({ token: v.string(), name: v.string(), storeName: v.nullable(v.string()), staffName: v.nullable(v.string()) })),
    tiers: v.array(v.object({ code: v.picklist(['normal', 'silver', 'gold']), name: v.string(), minGrowth: v.number(), benefits: v.array(v.string()) })),
    registrationGrowth: v.number(),
    policy: v.object({ version: v.string(), title: v.string(), summary: v.array(v.string()) }),
    form: v.object({ version: v.string(), fields: v.array(v.object({ key: v.string(), label: v.string(), purpose: v.string() })) }),
  }),
})
export type RegistrationEntry = v.InferOutput<typeof getRegistrationEntry.response>
