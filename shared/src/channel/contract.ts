import * as v from 'valibot'
import { defineContract } from '../http/contract.ts'
import { channelTokenSchema, externalUserIdSchema, idSchema } from '../ids/schemas.ts'

const utmValue = v.optional(v.pipe(v.string(), v.trim(), v.toLowerCase(), v.maxLength(64, '每个 UTM 值最多 64 个字')))

/** Source tracking of R13: it stays on our side, only the token travels. */
export const utmSchema = v.strictObject({ source: utmValue, medium: utmValue, campaign: utmValue, term: utmValue, content: utmValue })

export const channelSchema = v.object({
  channelId: idSchema,
  token: channelTokenSchema,
  name: v.string(),
  storeName: v.nullable(v.string()),
  staffUserId: v.nullable(v.string()),
  utm: utmSchema,
  /** `preparing` until WeCom and WeChat have made both codes. */
  state: v.picklist(['preparing', 'ready', 'failed']),
  registrations: v.number(),
})
export type Channel = v.InferOutput<typeof channelSchema>

/** A scan channel: a mini-program code and, when a rep is named, a contact-way QR, both carrying one token (R6, R7, R13). */
export const createChannel = defineContract({
  method: 'POST',
  path: '/api/channels',
  audience: 'staff',
  summary: '新建扫码渠道',
  isIdempotent: true,
  body: v.strictObject({
    name: v.pipe(v.string(), v.trim(), v.minLength(1, '请填写渠道名称'), v.maxLength(30, '渠道名称最多 30 个字')),
    storeName: v.optional(v.pipe(v.string(), v.trim(), v.maxLength(30, '门店名称最多 30 个字'))),
    staffUserId: v.optional(v.pipe(v.string(), v.maxLength(64))),
    utm: v.optional(utmSchema, {}),
  }),
  response: channelSchema,
  status: 201,
})

export const listChannels = defineContract({
  method: 'GET',
  path: '/api/channels',
  audience: 'staff',
  summary: '扫码渠道列表',
  response: v.object({ channels: v.array(channelSchema) }),
})

/** Prepares an invitation of this rep for this contact: a mini-program card, with a link and a text to fall back on. */
export const createInvitation = defineContract({
  method: 'POST',
  path: '/api/sidebar/contacts/:externalUserId/invitations',
  audience: 'staff',
  summary: '为客户生成入会邀请',
  isIdempotent: true,
  params: v.object({ externalUserId: externalUserIdSchema }),
  body: v.strictObject({}),
  response: v.object({
    token: channelTokenSchema,
    title: v.string(),
    description: v.string(),
    imageUrl: v.string(),
    miniProgram: v.object({ appId: v.string(), page: v.string() }),
    /** A WeChat URL link, valid for 30 days; null while the vendor could not make one. */
    linkUrl: v.nullable(v.string()),
    text: v.string(),
  }),
  status: 201,
  errors: ['contact.notFollowing'],
})

/** Told by the sidebar after the JSSDK said the message was sent; writes the timeline entry. */
export const recordInvitationSent = defineContract({
  method: 'POST',
  path: '/api/sidebar/contacts/:externalUserId/invitations/:token/sent',
  audience: 'staff',
  summary: '记录邀请已发送',
  isIdempotent: true,
  params: v.object({ externalUserId: externalUserIdSchema, token: channelTokenSchema }),
  body: v.strictObject({ form: v.picklist(['miniProgram', 'link', 'text']) }),
  response: v.object({ isRecorded: v.boolean() }),
  errors: ['contact.notFollowing', 'channel.notFound'],
})
