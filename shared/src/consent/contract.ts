import * as v from 'valibot'
import { defineContract } from '../http/contract.ts'
import { channelTokenSchema, idSchema, instantSchema } from '../ids/schemas.ts'

/**
 * What a person can agree to. `membership` is needed to register, the others are asked apart and never needed;
 * `sensitive:<field>` is the separate consent for one class S field (PIPL 29).
 */
export const consentPurposeSchema = v.union([v.picklist(['membership', 'marketing', 'personalisation']), v.pipe(v.custom<`sensitive:${string}`>((value) => typeof value === 'string' && /^sensitive:[a-z][0-9A-Za-z]{0,31}$/.test(value), '用途不正确'))])
export type ConsentPurpose = v.InferOutput<typeof consentPurposeSchema>

const policyVersion = v.pipe(v.string(), v.minLength(1, '缺少政策版本'), v.maxLength(32))
const purposes = v.pipe(v.array(consentPurposeSchema), v.minLength(1, '至少选择一项用途'), v.maxLength(10))

/** Records the tick, before registration and independent of it (R63, R65). */
export const grantConsent = defineContract({
  method: 'POST',
  path: '/api/consents',
  audience: 'member',
  summary: '记录对某一版本隐私政策的同意',
  body: v.strictObject({
    policyVersion,
    purposes,
    channelToken: v.optional(channelTokenSchema),
  }),
  response: v.object({ consentIds: v.array(idSchema), policyVersion: v.string() }),
  status: 201,
  errors: ['consent.policyOutdated'],
})

/** Remembers a no, so that nobody is asked again for 30 days (App method III.4). `membership` cannot be refused: one simply does not register. */
export const refuseConsent = defineContract({
  method: 'POST',
  path: '/api/consents/refusals',
  audience: 'member',
  summary: '记录对可选用途的拒绝，30 天内不再询问',
  body: v.strictObject({ policyVersion, purposes }),
  response: v.object({ isRecorded: v.boolean() }),
  status: 201,
})

/** Withdraws as easily as it was given: one call, at once. Withdrawing `membership` ends use of the data, not the record of it. */
export const withdrawConsent = defineContract({
  method: 'POST',
  path: '/api/consents/withdrawals',
  audience: 'member',
  summary: '撤回同意',
  body: v.strictObject({ purposes }),
  response: v.object({ withdrawn: v.array(v.string()) }),
  status: 201,
})

/** Where one purpose stands for the person asking. */
export const consentStandingSchema = v.object({
  purpose: v.string(),
  label: v.string(),
  explanation: v.string(),
  state: v.picklist(['none', 'granted', 'refused', 'withdrawn']),
  policyVersion: v.nullable(v.string()),
  at: v.nullable(instantSchema),
  /** True when a client may ask now: never given, or given for a materially different policy, and not refused in the last 30 days. */
  mayAsk: v.boolean(),
  /** True when it was given, and a material change since then has to be agreed to before it counts again. */
  isStale: v.boolean(),
})

export const getConsentStandings = defineContract({
  method: 'GET',
  path: '/api/consents/me',
  audience: 'member',
  summary: '本人各项同意的现状',
  response: v.object({ policy: v.object({ version: v.string(), title: v.string(), summary: v.array(v.string()) }), purposes: v.array(consentStandingSchema) }),
})
export type ConsentStandings = v.InferOutput<typeof getConsentStandings.response>

/** Every yes, no and withdrawal of this person, with what proves it: version, text hash, time, channel. */
export const getConsentHistory = defineContract({
  method: 'GET',
  path: '/api/consents/me/history',
  audience: 'member',
  summary: '导出本人的同意记录',
  response: v.object({
    records: v.array(
      v.object({
        consentId: idSchema,
        purpose: v.string(),
        decision: v.picklist(['granted', 'refused']),
        policyVersion: v.string(),
        textHash: v.string(),
        at: instantSchema,
        withdrawnAt: v.nullable(instantSchema),
        channelName: v.nullable(v.string()),
        /** `miniProgram`, `invitePage`, `staff` (recorded by an employee) or `integration`. */
        evidence: v.string(),
      }),
    ),
  }),
})

const policyText = v.object({ version: v.string(), title: v.string(), publishedAt: v.string(), textHash: v.string(), diffClass: v.picklist(['minor', 'material']), sections: v.array(v.object({ heading: v.string(), paragraphs: v.array(v.string()) })) })

/** The full text of one policy version; old versions stay readable for ever. */
export const getPolicy = defineContract({
  method: 'GET',
  path: '/api/policies/:version',
  audience: 'public',
  summary: '隐私政策全文',
  params: v.object({ version: v.pipe(v.string(), v.maxLength(32)) }),
  response: policyText,
  errors: ['request.notFound'],
})

export const listPolicies = defineContract({
  method: 'GET',
  path: '/api/console/policies',
  audience: 'operator',
  permission: { action: 'read', subject: 'Policy' },
  summary: '隐私政策的全部版本，最新的在前',
  response: v.object({ policies: v.array(v.object({ ...policyText.entries, summary: v.array(v.string()), publishedBy: v.nullable(v.string()), consents: v.number() })) }),
})

const line = (max: number, message: string) => v.pipe(v.string(), v.trim(), v.minLength(1, '不能为空'), v.maxLength(max, message))

/** Publishes a policy version; its text is never edited afterwards. Only a material change asks people again (PIPL 14). */
export const publishPolicy = defineContract({
  method: 'POST',
  path: '/api/console/policies',
  audience: 'operator',
  permission: { action: 'create', subject: 'Policy' },
  summary: '发布隐私政策的新版本',
  isIdempotent: true,
  body: v.strictObject({
    version: v.pipe(v.string(), v.regex(/^[0-9A-Za-z][0-9A-Za-z.-]{0,31}$/, '版本号由 1-32 位字母、数字、点或 - 组成')),
    /** The version in force that was looked at while writing this one. */
    replaces: v.string(),
    title: line(30, '标题最多 30 个字'),
    diffClass: v.picklist(['minor', 'material']),
    summary: v.pipe(v.array(line(120, '每条要点最多 120 个字')), v.minLength(1, '至少写一条要点'), v.maxLength(5, '要点最多 5 条')),
    sections: v.pipe(v.array(v.strictObject({ heading: line(60, '标题最多 60 个字'), paragraphs: v.pipe(v.array(line(2000, '每段最多 2000 个字')), v.minLength(1), v.maxLength(50)) })), v.minLength(1, '至少写一节'), v.maxLength(30)),
  }),
  response: policyText,
  status: 201,
  errors: ['policy.unpublishable'],
})
