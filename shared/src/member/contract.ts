import * as v from 'valibot'
import { defineContract } from '../http/contract.ts'
import { channelTokenSchema, idSchema, instantSchema } from '../ids/schemas.ts'
import { tierProgressSchema } from '../tier/contract.ts'

/** What members see of themselves. */
export const memberSelfSchema = v.object({
  memberId: idSchema,
  memberNo: v.string(),
  tier: tierProgressSchema,
  phoneMasked: v.string(),
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

/** Registration: consent and the phone code in, a member out (R7, R65). Twice with the same key is once. */
export const registerMember = defineContract({
  method: 'POST',
  path: '/api/members/registrations',
  audience: 'member',
  summary: '注册会员',
  isIdempotent: true,
  body: v.strictObject({
    phoneCode: v.pipe(v.string(), v.minLength(1, '缺少手机号授权凭证'), v.maxLength(512, '手机号授权凭证过长')),
    consentIds: v.pipe(v.array(idSchema), v.minLength(1, '请先阅读并同意隐私政策'), v.maxLength(10, '同意记录过多')),
    policyVersion: v.pipe(v.string(), v.maxLength(32)),
    formVersion: v.pipe(v.string(), v.maxLength(32)),
    channelToken: v.optional(channelTokenSchema),
  }),
  response: v.object({ outcome: v.picklist(['registered', 'recovered']), member: memberSelfSchema }),
  status: 201,
  errors: ['consent.required', 'consent.policyOutdated', 'form.outdated', 'phone.codeInvalid', 'phone.quotaExhausted', 'phone.invalid', 'idempotency.keyReused', 'idempotency.inProgress', 'vendor.unavailable'],
})
