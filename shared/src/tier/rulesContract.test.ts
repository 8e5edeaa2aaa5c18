import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { tierRulesDraftSchema, type TierRulesDraft } from './rulesContract.ts'

const draft: TierRulesDraft = { silver: { minGrowth: 1000, reviewMonths: 12 }, gold: { minGrowth: 5000, reviewMonths: 3 }, qualifyingMonths: 12, graceDays: 30, maxStepsDown: null }
const problemsOf = (change: object) => v.safeParse(tierRulesDraftSchema, { ...draft, ...change }).issues?.map((issue) => [v.getDotPath(issue), issue.message]) ?? []

describe('a draft of the tier rules', () => {
  it('may be what the rules are today', () => {
    expect(problemsOf({})).toEqual([])
  })

  it.each([
    [{ gold: { minGrowth: 1000, reviewMonths: 3 } }, 'gold.minGrowth', '金卡门槛须高于银卡门槛'],
    [{ silver: { minGrowth: 0, reviewMonths: 12 } }, 'silver.minGrowth', '门槛须为 1-100000000 的整数'],
    [{ silver: { minGrowth: 999.5, reviewMonths: 12 } }, 'silver.minGrowth', '门槛须为 1-100000000 的整数'],
    [{ gold: { minGrowth: 5000, reviewMonths: 61 } }, 'gold.reviewMonths', '评定周期须为 1-60 个月'],
    [{ qualifyingMonths: 0 }, 'qualifyingMonths', '累计窗口须为 1-60 个月'],
    [{ graceDays: 0 }, 'graceDays', '保级期须为 1-365 天'],
    [{ maxStepsDown: 3 }, 'maxStepsDown', '最多下调级数须为 1 或 2'],
  ])('is refused with the field to change: %j', (change, path, message) => {
    expect(problemsOf(change)).toEqual([[path, message]])
  })
})
