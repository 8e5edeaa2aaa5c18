import * as v from 'valibot'
import { formFieldSchema } from '../form/contract.ts'
import { defineContract } from '../http/contract.ts'
import { channelTokenSchema, idSchema } from '../ids/schemas.ts'

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
    channel: v.nullable(
      v.object({
        token: v.string(),
        name: v.string(),
        storeName: v.nullable(v.string()),
        staffName: v.nullable(v.string()),
        /** `confirmation`: somebody entered this person already, and the link confirms it. */
        kind: v.picklist(['scan', 'invitation', 'inviteLink', 'confirmation']),
        state: v.picklist(['open', 'used', 'expired', 'revoked', 'overQuota']),
        /** `forced`: no service before registration is complete (R38). `independent`: accounts stay apart, people link them (R40). */
        bindingMode: v.picklist(['forced', 'progressive', 'independent']),
      }),
    ),
    tiers: v.array(v.object({ code: v.picklist(['normal', 'silver', 'gold']), name: v.string(), minGrowth: v.number(), benefits: v.array(v.string()) })),
    registrationGrowth: v.number(),
    policy: v.object({ version: v.string(), title: v.string(), summary: v.array(v.string()) }),
    form: v.object({ version: v.string(), fields: v.array(formFieldSchema) }),
  }),
})
export type RegistrationEntry = v.InferOutput<typeof getRegistrationEntry.response>

/**
 * Somebody opened a channel and did something there; link previews and bots never get this far. One row of the funnel starts here (R102).
 * In the mini-program the visit belongs to the session; the invite page calls `recordInviteVisit` instead.
 */
export const recordVisit = defineContract({
  method: 'POST',
  path: '/api/registrations/visits',
  audience: 'member',
  summary: '记录一次渠道访问',
  body: v.strictObject({ channelToken: channelTokenSchema, visitId: idSchema }),
  response: v.object({ isRecorded: v.boolean() }),
  status: 201,
})
