import * as v from 'valibot'

/** Whole numbers only: the ledger knows no fractions. */
const whole = (min: number, max: number, message: string) => v.pipe(v.number(message), v.integer(message), v.minValue(min, message), v.maxValue(max, message))

const orderRuleSchema = v.pipe(
  v.strictObject({
    points: whole(1, 10_000, '每档成长值须为 1-10000 的整数'),
    /** What is paid for so many points, fen. A rest that does not fill it earns nothing. */
    perFen: whole(1, 1_000_000, '每档金额须在 0.01 元至 10000 元之间'),
  }),
  // One growth a fen at most: the largest order must fit the ledger's integers.
  v.forward(
    v.check(({ points, perFen }) => points <= perFen, '成长值给得过多：每 1 分钱最多 1 点'),
    ['points'],
  ),
)

const formGroupSchema = v.strictObject({
  key: v.pipe(v.string(), v.regex(/^[a-z][0-9A-Za-z]{0,31}$/, '标识须以小写字母开头，由 1-32 位字母或数字组成')),
  name: v.pipe(v.string(), v.trim(), v.minLength(1, '请填写名称'), v.maxLength(20, '名称最多 20 个字')),
  /** All of them must be answered. */
  fieldKeys: v.pipe(
    v.array(v.pipe(v.string(), v.regex(/^[a-z][0-9A-Za-z]{0,31}$/, '字段名须以小写字母开头，由 1-32 位字母或数字组成'))),
    v.minLength(1, '至少选择一个字段'),
    v.maxLength(20, '一组最多 20 个字段'),
    v.check((keys) => new Set(keys).size === keys.length, '同一个字段只能选一次'),
  ),
  growth: whole(1, 10_000, '奖励须为 1-10000 的整数'),
})

/** What earns growth, as one version of the rules says it (R45-R47). 0 switches a source off. */
export const growthRulesDefinitionSchema = v.strictObject({
  /** Once, for becoming a member. */
  registration: whole(0, 10_000, '注册成长值须为 0-10000 的整数'),
  order: orderRuleSchema,
  /** Once per member and group, when every field of the group is answered (R45). */
  formGroups: v.pipe(
    v.array(formGroupSchema),
    v.maxLength(10, '最多 10 个资料组'),
    v.check((groups) => new Set(groups.map(({ key }) => key)).size === groups.length, '资料组的标识不能重复'),
  ),
  interactions: v.strictObject({
    /** A local day on which the customer wrote (R46). */
    chatDay: v.strictObject({ growth: whole(0, 1000, '成长值须为 0-1000 的整数'), maxPerMonth: whole(1, 31, '每月上限须为 1-31 天') }),
    /** A document of ours the member opened; the same one counts once a day (R46). */
    documentView: v.pipe(
      v.strictObject({
        growth: whole(0, 1000, '成长值须为 0-1000 的整数'),
        maxPerDay: whole(1, 50, '每日上限须为 1-50 次'),
        maxPerMonth: whole(1, 500, '每月上限须为 1-500 次'),
      }),
      v.forward(
        v.check(({ maxPerDay, maxPerMonth }) => maxPerDay <= maxPerMonth, '每月上限不能小于每日上限'),
        ['maxPerMonth'],
      ),
    ),
  }),
})
export type GrowthRulesDefinition = v.InferOutput<typeof growthRulesDefinitionSchema>

/** One version of the earning rules. A version is never changed; a change is a new one (R97). */
export interface GrowthRules extends GrowthRulesDefinition {
  readonly version: string
  /** The first business instant these rules decide about, ISO 8601. What happened before keeps its growth. */
  readonly effectiveFrom: string
}

/** What a new installation starts with: 100 for joining, one for each whole yuan. */
export const firstGrowthRules: GrowthRules = {
  version: 'growth.1',
  effectiveFrom: '2020-01-01T00:00:00.000Z',
  registration: 100,
  order: { points: 1, perFen: 100 },
  formGroups: [],
  interactions: { chatDay: { growth: 0, maxPerMonth: 10 }, documentView: { growth: 0, maxPerDay: 3, maxPerMonth: 30 } },
}

/** The rules that decide about what happened at an instant, whenever it is posted: the newest in effect; before the first, the first. */
export function growthRulesAt(versions: readonly [GrowthRules, ...GrowthRules[]], at: string): GrowthRules {
  return versions.reduce((held, rules) => (rules.effectiveFrom <= at && rules.effectiveFrom >= held.effectiveFrom ? rules : held))
}
