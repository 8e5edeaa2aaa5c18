import * as v from 'valibot'
import { defineContract } from '../http/contract.ts'
import { channelTokenSchema, corpTagIdSchema, externalUserIdSchema, idSchema, instantSchema } from '../ids/schemas.ts'
import { formFieldSchema } from '../form/contract.ts'

const utmValue = v.optional(v.pipe(v.string(), v.trim(), v.toLowerCase(), v.maxLength(64, '每个 UTM 值最多 64 个字')))

/** Source tracking of R13: it stays on our side, only the token travels. */
export const utmSchema = v.strictObject({ source: utmValue, medium: utmValue, campaign: utmValue, term: utmValue, content: utmValue })

/** How accounts of this channel are bound (R38-R40). */
export const bindingModeSchema = v.picklist(['forced', 'progressive', 'independent'])

/** Whether a token still brings members; `used` is over quota with a quota of one. */
export const channelOpennessSchema = v.picklist(['open', 'used', 'expired', 'revoked', 'overQuota'])
export type ChannelOpenness = v.InferOutput<typeof channelOpennessSchema>

export const channelSchema = v.object({
  channelId: idSchema,
  token: channelTokenSchema,
  /** `scan`: codes for a shop. `inviteLink`: an address to send. */
  kind: v.picklist(['scan', 'inviteLink']),
  name: v.string(),
  storeName: v.nullable(v.string()),
  staffUserId: v.nullable(v.string()),
  utm: utmSchema,
  formKey: v.string(),
  bindingMode: bindingModeSchema,
  corpTagIds: v.array(v.string()),
  /** What the welcome says to somebody who came by this channel and is no member yet; null for the usual sentence. */
  welcomeText: v.nullable(v.string()),
  /** `preparing` until WeCom and WeChat have made both codes. */
  state: v.picklist(['preparing', 'ready', 'failed']),
  openness: channelOpennessSchema,
  expiresAt: v.nullable(instantSchema),
  maxRegistrations: v.nullable(v.number()),
  registrations: v.number(),
  /** The invite page of this token. */
  inviteUrl: v.string(),
  createdBy: v.nullable(v.string()),
  createdAt: instantSchema,
})
export type Channel = v.InferOutput<typeof channelSchema>

/**
 * A scan channel: a mini-program code and, when a rep is named, a contact-way QR, both carrying one token (R6, R7, R13).
 * An invite link is the same without a contact way, for SMS and e-mail (R9). A rep makes channels for themselves, an operator for anybody.
 */
export const createChannel = defineContract({
  method: 'POST',
  path: '/api/channels',
  audience: 'staff',
  permission: { action: 'create', subject: 'Channel' },
  summary: '新建扫码渠道或邀请链接',
  isIdempotent: true,
  body: v.strictObject({
    kind: v.optional(v.picklist(['scan', 'inviteLink']), 'scan'),
    name: v.pipe(v.string(), v.trim(), v.minLength(1, '请填写渠道名称'), v.maxLength(30, '渠道名称最多 30 个字')),
    storeName: v.optional(v.pipe(v.string(), v.trim(), v.maxLength(30, '门店名称最多 30 个字'))),
    staffUserId: v.optional(v.pipe(v.string(), v.maxLength(64))),
    utm: v.optional(utmSchema, {}),
    formKey: v.optional(v.pipe(v.string(), v.regex(/^[a-z][0-9a-z-]{0,31}$/))),
    bindingMode: v.optional(bindingModeSchema, 'progressive'),
    corpTagIds: v.optional(v.pipe(v.array(corpTagIdSchema), v.maxLength(10, '最多选择 10 个标签')), []),
    welcomeText: v.optional(v.pipe(v.string(), v.trim(), v.maxLength(200, '欢迎语最多 200 个字'))),
    expiresAt: v.optional(instantSchema),
    maxRegistrations: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1, '名额至少为 1'), v.maxValue(1_000_000))),
  }),
  response: channelSchema,
  status: 201,
  errors: ['staff.notOperator', 'request.invalid', 'corpTag.managed'],
})

export const listChannels = defineContract({
  method: 'GET',
  path: '/api/channels',
  audience: 'staff',
  permission: { action: 'read', subject: 'Channel' },
  summary: '渠道列表：运营管理员看到全部，员工看到自己的',
  response: v.object({ channels: v.array(channelSchema) }),
})

/** Prepares an invitation of this rep for this contact: a mini-program card, with a link and a text to fall back on. */
export const createInvitation = defineContract({
  method: 'POST',
  path: '/api/sidebar/contacts/:externalUserId/invitations',
  audience: 'staff',
  permission: { action: 'create', subject: 'Invitation' },
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
  permission: { action: 'create', subject: 'Invitation' },
  summary: '记录邀请已发送',
  isIdempotent: true,
  params: v.object({ externalUserId: externalUserIdSchema, token: channelTokenSchema }),
  body: v.strictObject({ form: v.picklist(['miniProgram', 'link', 'text']) }),
  response: v.object({ isRecorded: v.boolean() }),
  errors: ['contact.notFollowing', 'channel.notFound'],
})

/** Ends a channel: its page says so from now on, and registrations no longer count for it. */
export const revokeChannel = defineContract({
  method: 'POST',
  path: '/api/channels/:channelId/revocation',
  audience: 'staff',
  permission: { action: 'update', subject: 'Channel' },
  summary: '停用渠道',
  params: v.object({ channelId: idSchema }),
  response: channelSchema,
  errors: ['channel.notFound'],
})

const funnelStep = v.object({ step: v.picklist(['opened', 'consented', 'phone', 'member', 'linked']), visits: v.number(), /** Seconds from the opening, median; null without visits. */ medianSeconds: v.nullable(v.number()) })

/** What became of the visits of a channel, from the first day it existed (R9, R102). */
export const getChannelFunnel = defineContract({
  method: 'GET',
  path: '/api/channels/:channelId/funnel',
  audience: 'staff',
  permission: { action: 'read', subject: 'Channel' },
  summary: '渠道转化漏斗',
  params: v.object({ channelId: idSchema }),
  response: v.object({ channelId: idSchema, steps: v.array(funnelStep), /** Opened less than an hour ago and not yet a member. */ inFlight: v.number() }),
  errors: ['channel.notFound'],
})

/** Where the invite page is open; the server looks at the client's name, not at the person. */
export const invitePlaceSchema = v.picklist(['wechat', 'wecom', 'phoneBrowser', 'desktop'])
export type InvitePlace = v.InferOutput<typeof invitePlaceSchema>

/** Everything the invite page shows before anybody is asked for anything. Public: it names no customer. */
export const getInvite = defineContract({
  method: 'GET',
  path: '/api/invites/:token',
  audience: 'public',
  summary: '邀请页',
  params: v.object({ token: channelTokenSchema }),
  response: v.object({
    brandName: v.string(),
    place: invitePlaceSchema,
    openness: channelOpennessSchema,
    kind: v.picklist(['scan', 'invitation', 'inviteLink', 'confirmation']),
    name: v.string(),
    storeName: v.nullable(v.string()),
    staffName: v.nullable(v.string()),
    expiresAt: v.nullable(instantSchema),
    tiers: v.array(v.object({ code: v.picklist(['normal', 'silver', 'gold']), name: v.string(), minGrowth: v.number(), benefits: v.array(v.string()) })),
    registrationGrowth: v.number(),
    policy: v.object({ version: v.string(), title: v.string(), summary: v.array(v.string()) }),
    form: v.object({ version: v.string(), fields: v.array(formFieldSchema) }),
    /** For `wx-open-launch-weapp`; `originalId` is the mini-program's `gh_…`, null when it is not set up. */
    miniProgram: v.object({ appId: v.string(), originalId: v.nullable(v.string()), path: v.string() }),
    /** Picture of the QR that leads here (PNG), always there. */
    codeUrl: v.string(),
    /** Picture of the mini-program code of this token, null where none is made (invitations to one person). */
    miniProgramCodeUrl: v.nullable(v.string()),
    canLogInHere: v.boolean(),
  }),
  errors: ['channel.notFound'],
})
export type Invite = v.InferOutput<typeof getInvite.response>

/** Who has logged in on the invite page, if anybody. */
export const getInviteVisitor = defineContract({
  method: 'GET',
  path: '/api/invites/:token/visitor',
  audience: 'public',
  summary: '邀请页当前访客',
  params: v.object({ token: channelTokenSchema }),
  response: v.object({
    /** `staff` sees a preview and numbers, and is never registered. `guest` may register on the page. */
    kind: v.picklist(['nobody', 'staff', 'guest']),
    staff: v.nullable(v.object({ name: v.string(), isOwner: v.boolean(), funnel: v.nullable(v.array(funnelStep)), shareText: v.string() })),
    guest: v.nullable(v.object({ memberNo: v.nullable(v.string()), adviserName: v.nullable(v.string()) })),
  }),
  errors: ['channel.notFound'],
})

/** A gesture on the invite page; previews and bots make none. UTM stays with the token. */
export const recordInviteVisit = defineContract({
  method: 'POST',
  path: '/api/invites/:token/visits',
  audience: 'public',
  summary: '记录邀请页访问（以用户手势为准）',
  params: v.object({ token: channelTokenSchema }),
  body: v.strictObject({ visitId: idSchema }),
  response: v.object({ isRecorded: v.boolean() }),
  status: 201,
})

/** A WeChat URL link for a phone browser, made when it is asked for: it counts against a daily quota and lives 30 days. */
export const createInviteUrlLink = defineContract({
  method: 'POST',
  path: '/api/invites/:token/url-links',
  audience: 'public',
  summary: '为手机浏览器生成打开小程序的链接',
  params: v.object({ token: channelTokenSchema }),
  body: v.strictObject({ visitId: v.optional(idSchema) }),
  response: v.object({ url: v.string(), expiresAt: instantSchema }),
  status: 201,
  errors: ['channel.notFound', 'invite.closed', 'vendor.unavailable', 'request.rateLimited'],
})

/** Signature for `wx.config` on the invite page inside WeChat, so that the open tag works. */
export const getInviteJssdkSignature = defineContract({
  method: 'GET',
  path: '/api/invites/:token/wechat-signature',
  audience: 'public',
  summary: '邀请页微信 JSSDK 签名',
  params: v.object({ token: channelTokenSchema }),
  query: v.object({ url: v.pipe(v.string(), v.url('必须是完整的网址'), v.maxLength(2048, '网址过长')) }),
  response: v.object({ appId: v.string(), timestamp: v.number(), nonceStr: v.string(), signature: v.string() }),
  errors: ['jssdk.hostRefused', 'vendor.unavailable', 'vendor.configuration'],
})

/** Sends an invite link to one person by SMS or e-mail (R9). The address is kept sealed and shown masked. */
export const sendInvite = defineContract({
  method: 'POST',
  path: '/api/channels/:channelId/deliveries',
  audience: 'staff',
  permission: { action: 'create', subject: 'Delivery' },
  summary: '用短信或邮件发送邀请链接',
  isIdempotent: true,
  params: v.object({ channelId: idSchema }),
  body: v.strictObject({
    recipients: v.pipe(v.array(v.pipe(v.string(), v.trim(), v.minLength(3), v.maxLength(120))), v.minLength(1, '至少填写一位收件人'), v.maxLength(200, '一次最多 200 位收件人')),
  }),
  response: v.object({ queued: v.number(), refused: v.array(v.object({ index: v.number(), recipientMasked: v.string(), reason: v.string() })) }),
  status: 202,
  errors: ['channel.notFound', 'invite.closed'],
})
