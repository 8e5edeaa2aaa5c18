import * as v from 'valibot'
import { defineContract } from '../http/contract.ts'
import { instantSchema } from '../ids/schemas.ts'
import { growthRulesDefinitionSchema } from './rules.ts'

const count = v.pipe(v.number(), v.integer(), v.minValue(0))

/** One published version, as operators see it. */
export const publishedGrowthRulesSchema = v.object({
  version: v.string(),
  effectiveFrom: instantSchema,
  publishedAt: instantSchema,
  /** Null for the version of the installation. */
  publishedBy: v.nullable(v.string()),
  definition: growthRulesDefinitionSchema,
})
export type PublishedGrowthRules = v.InferOutput<typeof publishedGrowthRulesSchema>

/** Members by the tier their growth supports, and how that would differ. */
export const tierShiftSchema = v.array(v.object({ code: v.picklist(['normal', 'silver', 'gold']), name: v.string(), before: count, after: count }))

export const listGrowthRules = defineContract({
  method: 'GET',
  path: '/api/console/growth-rules',
  audience: 'operator',
  permission: { action: 'read', subject: 'GrowthRules' },
  summary: '成长规则的全部版本，最新的在前',
  response: v.object({ versions: v.array(publishedGrowthRulesSchema), inForce: v.string() }),
})

/** What a draft would have made of the last days; nothing is written. */
export const previewGrowthRules = defineContract({
  method: 'POST',
  path: '/api/console/growth-rules/preview',
  audience: 'operator',
  permission: { action: 'read', subject: 'GrowthRules' },
  summary: '用最近一段时间的记录试算一份成长规则草稿，不写入任何数据',
  body: v.strictObject({
    definition: growthRulesDefinitionSchema,
    days: v.optional(v.pipe(v.number('试算天数须为 1-365 的整数'), v.integer('试算天数须为 1-365 的整数'), v.minValue(1, '试算天数须为 1-365 的整数'), v.maxValue(365, '试算天数须为 1-365 的整数')), 90),
  }),
  response: v.object({
    days: count,
    /** Members there are. */
    members: count,
    growthUp: count,
    growthDown: count,
    tierUp: count,
    tierDown: count,
    /** Qualifying growth of all members together. */
    totalBefore: v.pipe(v.number(), v.integer()),
    totalAfter: v.pipe(v.number(), v.integer()),
    tiers: tierShiftSchema,
  }),
  errors: ['request.invalid'],
})

export const publishGrowthRules = defineContract({
  method: 'POST',
  path: '/api/console/growth-rules',
  audience: 'operator',
  permission: { action: 'create', subject: 'GrowthRules' },
  summary: '发布新版成长规则；只对生效时间之后发生的事有效',
  body: v.strictObject({
    /** The newest version that was looked at. */
    replaces: v.string(),
    definition: growthRulesDefinitionSchema,
    /** Null: as soon as every process knows it. */
    effectiveFrom: v.nullable(instantSchema),
  }),
  response: publishedGrowthRulesSchema,
  status: 201,
  isIdempotent: true,
  errors: ['rules.versionTaken', 'request.invalid'],
})
