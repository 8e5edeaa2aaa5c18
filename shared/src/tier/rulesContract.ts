import * as v from 'valibot'
import { defineContract } from '../http/contract.ts'
import { instantSchema } from '../ids/schemas.ts'

const whole = (min: number, max: number, message: string) => v.pipe(v.number(message), v.integer(message), v.minValue(min, message), v.maxValue(max, message))
const threshold = whole(1, 100_000_000, '门槛须为 1-100000000 的整数')
const reviewMonths = whole(1, 60, '评定周期须为 1-60 个月')

/** What an operator decides about tiers: everything of a version but its name and its day (R48-R51, R97). */
export const tierRulesDraftSchema = v.pipe(
  v.strictObject({
    silver: v.strictObject({ minGrowth: threshold, reviewMonths }),
    gold: v.strictObject({ minGrowth: threshold, reviewMonths }),
    qualifyingMonths: whole(1, 60, '累计窗口须为 1-60 个月'),
    graceDays: whole(1, 365, '保级期须为 1-365 天'),
    /** Null: down to what the value supports. */
    maxStepsDown: v.nullable(whole(1, 2, '最多下调级数须为 1 或 2')),
  }),
  v.forward(
    v.check(({ silver, gold }) => gold.minGrowth > silver.minGrowth, '金卡门槛须高于银卡门槛'),
    ['gold', 'minGrowth'],
  ),
)
export type TierRulesDraft = v.InferOutput<typeof tierRulesDraftSchema>

const publishedTierRulesSchema = v.object({
  version: v.string(),
  effectiveFrom: instantSchema,
  publishedAt: instantSchema,
  publishedBy: v.nullable(v.string()),
  definition: tierRulesDraftSchema,
})
export type PublishedTierRules = v.InferOutput<typeof publishedTierRulesSchema>

const count = v.pipe(v.number(), v.integer(), v.minValue(0))

export const listTierRules = defineContract({
  method: 'GET',
  path: '/api/console/tier-rules',
  audience: 'operator',
  permission: { action: 'read', subject: 'TierRules' },
  summary: '等级规则的全部版本，最新的在前',
  response: v.object({ versions: v.array(publishedTierRulesSchema), inForce: v.string() }),
})

/** Where members would stand under a draft; nothing is written. */
export const previewTierRules = defineContract({
  method: 'POST',
  path: '/api/console/tier-rules/preview',
  audience: 'operator',
  permission: { action: 'read', subject: 'TierRules' },
  summary: '按现有成长值试算一份等级规则草稿，不写入任何数据',
  body: v.strictObject({ definition: tierRulesDraftSchema }),
  response: v.object({
    members: count,
    /** By the tier they hold today, and by the tier their growth would support. */
    tiers: v.array(v.object({ code: v.picklist(['normal', 'silver', 'gold']), name: v.string(), before: count, after: count })),
    /** Whose growth supports more than they hold: they move up with their next posting. */
    tierUp: count,
    /** Whose growth supports less: they keep what they hold until a review and its grace. */
    tierDown: count,
  }),
  errors: ['request.invalid'],
})

export const publishTierRules = defineContract({
  method: 'POST',
  path: '/api/console/tier-rules',
  audience: 'operator',
  permission: { action: 'create', subject: 'TierRules' },
  summary: '发布新版等级规则，最早自次日零点生效；之前的评定不会重做',
  body: v.strictObject({
    replaces: v.string(),
    definition: tierRulesDraftSchema,
    effectiveOn: v.pipe(v.string('请选择生效日期'), v.isoDate('请选择生效日期')),
  }),
  response: publishedTierRulesSchema,
  status: 201,
  isIdempotent: true,
  errors: ['rules.versionTaken', 'request.invalid'],
})
