import * as v from 'valibot'
import { defineContract } from '../http/contract.ts'
import { idSchema, instantSchema } from '../ids/schemas.ts'

export const riskOutcomeSchema = v.picklist(['allow', 'challenge', 'hold', 'deny'])
export type RiskOutcome = v.InferOutput<typeof riskOutcomeSchema>

const decisionSchema = v.object({
  decisionId: idSchema,
  at: instantSchema,
  outcome: riskOutcomeSchema,
  /** Every reason in words, e.g. `同一网络 10 分钟内注册 31 次`. No address, phone or id in clear. */
  reasons: v.array(v.string()),
  memberNo: v.nullable(v.string()),
  phoneMasked: v.nullable(v.string()),
  channelName: v.nullable(v.string()),
  /** Null while nobody has looked. `released` counts growth from the registration on; `confirmed` keeps the hold for good. */
  verdict: v.nullable(v.picklist(['released', 'confirmed'])),
  reviewedBy: v.nullable(v.string()),
  reviewedAt: v.nullable(instantSchema),
})
export type RiskDecision = v.InferOutput<typeof decisionSchema>

/** Everything that was not simply allowed, the unreviewed first. */
export const listRiskDecisions = defineContract({
  method: 'GET',
  path: '/api/console/risk-decisions',
  audience: 'operator',
  permission: { action: 'read', subject: 'Risk' },
  summary: '注册风险：待复核与已复核',
  query: v.object({ open: v.optional(v.picklist(['true', 'false'])) }),
  response: v.object({ decisions: v.array(decisionSchema), /** Raised when a threshold was crossed in the last 24 h. */ alarms: v.array(v.object({ at: instantSchema, message: v.string() })) }),
})

/** A person's look at a held or denied registration (PIPL 24). Undo: decide the other way. */
export const reviewRiskDecision = defineContract({
  method: 'POST',
  path: '/api/console/risk-decisions/:decisionId/review',
  audience: 'operator',
  permission: { action: 'update', subject: 'Risk' },
  summary: '复核注册风险',
  isIdempotent: true,
  params: v.object({ decisionId: idSchema }),
  body: v.strictObject({ verdict: v.picklist(['released', 'confirmed']), note: v.optional(v.pipe(v.string(), v.trim(), v.maxLength(200))) }),
  response: decisionSchema,
  errors: ['request.notFound'],
})

/** A registered limit for an event with booked stores or booths; it ends by itself (domain rules g 4). */
const allowanceSchema = v.object({ allowanceId: idSchema, name: v.string(), channelId: idSchema, maxPerTenMinutes: v.number(), from: instantSchema, until: instantSchema, createdBy: v.string() })

export const listRiskAllowances = defineContract({ method: 'GET', path: '/api/console/risk-allowances', audience: 'operator', permission: { action: 'read', subject: 'Risk' }, summary: '活动期间的注册限额', response: v.object({ allowances: v.array(allowanceSchema) }) })

export const createRiskAllowance = defineContract({
  method: 'POST',
  path: '/api/console/risk-allowances',
  audience: 'operator',
  permission: { action: 'create', subject: 'Risk' },
  summary: '为活动登记更高的注册限额',
  isIdempotent: true,
  body: v.strictObject({
    name: v.pipe(v.string(), v.trim(), v.minLength(1, '请填写活动名称'), v.maxLength(30)),
    channelId: idSchema,
    maxPerTenMinutes: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100_000)),
    from: instantSchema,
    until: instantSchema,
  }),
  response: allowanceSchema,
  status: 201,
  errors: ['channel.notFound', 'request.invalid'],
})
