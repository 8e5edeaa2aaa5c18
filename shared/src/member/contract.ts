import * as v from 'valibot'
import { defineContract } from '../http/contract.ts'
import { channelTokenSchema, externalUserIdSchema, idSchema, instantSchema } from '../ids/schemas.ts'
import { rawAnswersSchema } from '../form/contract.ts'
import { tierProgressSchema } from '../tier/contract.ts'

/** What members see of themselves. */
export const memberSelfSchema = v.object({
  memberId: idSchema,
  memberNo: v.string(),
  tier: tierProgressSchema,
  /** Null until a phone is known: who joins on the invite page gives none. */
  phoneMasked: v.nullable(v.string()),
  /** True while the registration is looked at (at most 24 h): the account exists, growth and benefits wait (R95). */
  isHeld: v.boolean(),
  /** False for members somebody else entered, until they confirm by their own link: they may not be contacted. */
  isConfirmed: v.boolean(),
  registeredAt: instantSchema,
  adviser: v.nullable(v.object({ name: v.string() })),
})
export type MemberSelf = v.InferOutput<typeof memberSelfSchema>

/** Silent login: continuity only, nothing is created that would count as a member (PIPL 13, 14). */
export const openMemberSession = defineContract({
  method: 'POST',
  path: '/api/members/session',
  audience: 'public',
  summary: '小程序静默登录：以 wx.login 的 code 换取会话',
  body: v.strictObject({
    code: v.pipe(v.string(), v.minLength(1, '缺少登录凭证'), v.maxLength(512, '登录凭证过长')),
  }),
  response: v.object({
    sessionToken: v.string(),
    expiresAt: instantSchema,
    /** True when this person is already known, from whichever channel. */
    isRecognised: v.boolean(),
    member: v.nullable(memberSelfSchema),
  }),
  errors: ['login.codeInvalid', 'login.blocked', 'vendor.unavailable'],
})

/** The member centre. */
export const getMemberSelf = defineContract({
  method: 'GET',
  path: '/api/members/me',
  audience: 'member',
  summary: '会员本人的资料、等级与权益',
  response: memberSelfSchema,
  errors: ['member.notFound'],
})

/** A member code that changes every minute, so that a screenshot does not serve for long. */
export const getMemberCode = defineContract({
  method: 'GET',
  path: '/api/members/me/code',
  audience: 'member',
  summary: '动态会员码',
  response: v.object({ code: v.string(), imageDataUrl: v.string(), expiresAt: instantSchema }),
  errors: ['member.notFound'],
})

/** What a till or another system asks after scanning a member code. */
export const readMemberCode = defineContract({
  method: 'POST',
  path: '/api/integration/member-codes/read',
  audience: 'integration',
  summary: '核验动态会员码',
  body: v.strictObject({ code: v.pipe(v.string(), v.maxLength(64)) }),
  response: v.object({ memberNo: v.string() }),
  errors: ['member.notFound'],
})

/**
 * Registration: consent and the phone in, a member out (R7, R65). Twice with the same key is once.
 * On the invite page there is no phone; in the mini-program there is one, from `phoneCode` or already waiting in the draft.
 */
export const registerMember = defineContract({
  method: 'POST',
  path: '/api/members/registrations',
  audience: 'member',
  summary: '注册会员',
  isIdempotent: true,
  body: v.strictObject({
    phoneCode: v.optional(v.pipe(v.string(), v.minLength(1, '缺少手机号授权凭证'), v.maxLength(512, '手机号授权凭证过长'))),
    consentIds: v.pipe(v.array(idSchema), v.minLength(1, '请先阅读并同意隐私政策'), v.maxLength(10, '同意记录过多')),
    policyVersion: v.pipe(v.string(), v.maxLength(32)),
    formVersion: v.pipe(v.string(), v.maxLength(64)),
    channelToken: v.optional(channelTokenSchema),
    answers: v.optional(rawAnswersSchema, {}),
    /** The echo of `saveDraft` as the person confirmed it, by field key (R14). */
    confirmed: v.optional(v.record(v.pipe(v.string(), v.maxLength(32)), v.pipe(v.string(), v.maxLength(500))), {}),
    /** Six digits sent by SMS after `risk.challenge`. */
    challengeCode: v.optional(v.pipe(v.string(), v.regex(/^\d{6}$/, '验证码为 6 位数字'))),
    /** The visit this registration ends, from `recordVisit`. */
    visitId: v.optional(idSchema),
  }),
  response: v.object({ outcome: v.picklist(['registered', 'recovered']), member: memberSelfSchema }),
  status: 201,
  errors: [
    'consent.required', 'consent.policyOutdated', 'form.outdated', 'form.unconfirmed', 'phone.required', 'phone.codeInvalid', 'phone.quotaExhausted', 'phone.invalid',
    'risk.challenge', 'risk.denied', 'challenge.codeInvalid', 'invite.closed', 'idempotency.keyReused', 'idempotency.inProgress', 'vendor.unavailable',
  ],
})

/** Where an agreement that nobody ticked comes from; kept as evidence (R11). */
export const consentBasisSchema = v.strictObject({
  kind: v.picklist(['verbal', 'written', 'phoneCall', 'existingContract']),
  /** When the person agreed, not later than now. */
  at: instantSchema,
  note: v.pipe(v.string(), v.trim(), v.minLength(4, '请写明客户同意的经过，至少 4 个字'), v.maxLength(200, '说明最多 200 个字')),
})

/**
 * Manual add by a rep, for few customers of high value (R11). The member may not be contacted until the person confirms by the link
 * that comes back; growth and benefits wait as well.
 */
export const addMemberByStaff = defineContract({
  method: 'POST',
  path: '/api/sidebar/contacts/:externalUserId/member',
  audience: 'staff',
  permission: { action: 'create', subject: 'Member' },
  summary: '员工代客户建档',
  isIdempotent: true,
  params: v.object({ externalUserId: externalUserIdSchema }),
  body: v.strictObject({
    /** Any spelling; kept as E.164. */
    phone: v.pipe(v.string(), v.trim(), v.minLength(1, '请填写手机号'), v.maxLength(40)),
    answers: v.optional(rawAnswersSchema, {}),
    basis: consentBasisSchema,
  }),
  response: v.object({
    memberId: idSchema,
    memberNo: v.string(),
    outcome: v.picklist(['registered', 'recovered']),
    /** The link by which the person confirms; null when they already are a member of their own accord. */
    confirmation: v.nullable(v.object({ token: channelTokenSchema, url: v.string(), text: v.string() })),
  }),
  status: 201,
  errors: ['contact.notFollowing', 'phone.invalid'],
})

/** Single add by a connected system (R18, R25). Needs a key with scope `members:write`. */
export const addMemberByIntegration = defineContract({
  method: 'POST',
  path: '/api/integration/members',
  audience: 'integration',
  summary: '单条写入会员：同一外部编号只建一次',
  isIdempotent: true,
  body: v.strictObject({
    /** The person's id in the calling system. */
    externalKey: v.pipe(v.string(), v.regex(/^[0-9A-Za-z_.:-]{1,64}$/, '外部编号为 1-64 位字母、数字或 _ . : -')),
    phone: v.optional(v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(40))),
    unionId: v.optional(v.pipe(v.string(), v.regex(/^[0-9A-Za-z_-]{1,64}$/, '不是有效的 unionid'))),
    channelToken: v.optional(channelTokenSchema),
    answers: v.optional(rawAnswersSchema, {}),
    /** Without it the member is kept but may not be contacted. */
    basis: v.optional(consentBasisSchema),
  }),
  response: v.object({ memberId: idSchema, memberNo: v.string(), outcome: v.picklist(['registered', 'recovered']), isContactable: v.boolean() }),
  status: 201,
  errors: ['apiKey.scopeMissing', 'phone.invalid', 'request.rateLimited'],
})

/** What a key of a connected system may do. */
export const apiKeyScopeSchema = v.picklist(['members:write', 'orders:write', 'memberCodes:read', 'keyActs:write', 'coupons:redeem', 'interactions:write'])
export type ApiKeyScope = v.InferOutput<typeof apiKeyScopeSchema>

const apiKeySchema = v.object({ keyId: idSchema, name: v.string(), scopes: v.array(apiKeyScopeSchema), createdAt: instantSchema, createdBy: v.string(), lastUsedAt: v.nullable(instantSchema), revokedAt: v.nullable(instantSchema) })

export const listApiKeys = defineContract({ method: 'GET', path: '/api/console/api-keys', audience: 'operator', permission: { action: 'read', subject: 'ApiKey' }, summary: '接口密钥列表', response: v.object({ keys: v.array(apiKeySchema) }) })

/** The key itself is answered once and kept as a hash. */
export const createApiKey = defineContract({
  method: 'POST',
  path: '/api/console/api-keys',
  audience: 'operator',
  permission: { action: 'create', subject: 'ApiKey' },
  summary: '新建接口密钥；密钥只显示这一次',
  body: v.strictObject({ name: v.pipe(v.string(), v.trim(), v.minLength(1, '请填写名称'), v.maxLength(30)), scopes: v.pipe(v.array(apiKeyScopeSchema), v.minLength(1, '至少选择一项权限')) }),
  response: v.object({ ...apiKeySchema.entries, key: v.string() }),
  status: 201,
})

export const revokeApiKey = defineContract({ method: 'POST', path: '/api/console/api-keys/:keyId/revocation', audience: 'operator', permission: { action: 'delete', subject: 'ApiKey' }, summary: '停用接口密钥', params: v.object({ keyId: idSchema }), response: apiKeySchema, errors: ['request.notFound'] })
