import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { firstGrowthRules, growthRulesAt, growthRulesDefinitionSchema, type GrowthRules } from './rules.ts'

const { registration, order, formGroups, interactions } = firstGrowthRules
const definition = { registration, order, formGroups, interactions }
const problemsOf = (draft: unknown) => (v.safeParse(growthRulesDefinitionSchema, draft).issues ?? []).map((issue) => `${v.getDotPath(issue) ?? ''} ${issue.message}`)

describe('growthRulesDefinitionSchema', () => {
  it('takes the rules a new installation starts with', () => {
    expect(problemsOf(definition)).toEqual([])
  })

  it.each([
    [{ order: { points: 0, perFen: 100 } }, 'order.points 每档成长值须为 1-10000 的整数'],
    [{ order: { points: -1, perFen: 100 } }, 'order.points 每档成长值须为 1-10000 的整数'],
    [{ order: { points: 1.5, perFen: 100 } }, 'order.points 每档成长值须为 1-10000 的整数'],
    [{ order: { points: 1, perFen: 2_000_000 } }, 'order.perFen 每档金额须在 0.01 元至 10000 元之间'],
    [{ order: { points: 101, perFen: 100 } }, 'order.points 成长值给得过多：每 1 分钱最多 1 点'],
    [{ registration: -1 }, 'registration 注册成长值须为 0-10000 的整数'],
    [{ formGroups: [{ key: 'a', name: '甲', fieldKeys: ['gender', 'gender'], growth: 1 }] }, 'formGroups.0.fieldKeys 同一个字段只能选一次'],
    [{ formGroups: [1, 2].map(() => ({ key: 'a', name: '甲', fieldKeys: ['gender'], growth: 1 })) }, 'formGroups 资料组的标识不能重复'],
    [{ interactions: { ...definition.interactions, documentView: { growth: 1, maxPerDay: 5, maxPerMonth: 4 } } }, 'interactions.documentView.maxPerMonth 每月上限不能小于每日上限'],
    [{ interactions: { ...definition.interactions, chatDay: { growth: 1, maxPerMonth: 32 } } }, 'interactions.chatDay.maxPerMonth 每月上限须为 1-31 天'],
  ])('refuses %j with its place and what to change', (part, problem) => {
    expect(problemsOf({ ...definition, ...part })).toEqual([problem])
  })
})

describe('growthRulesAt', () => {
  const at = (version: string, effectiveFrom: string): GrowthRules => ({ ...firstGrowthRules, version, effectiveFrom })
  const versions = [at('growth.1', '2020-01-01T00:00:00.000Z'), at('growth.3', '2026-03-01T00:00:00.000Z'), at('growth.2', '2026-02-01T00:00:00.000Z')] as const

  it.each([
    ['2019-01-01T00:00:00.000Z', 'growth.1'],
    ['2026-01-31T23:59:59.999Z', 'growth.1'],
    ['2026-02-01T00:00:00.000Z', 'growth.2'],
    ['2026-02-28T23:59:59.999Z', 'growth.2'],
    ['2027-01-01T00:00:00.000Z', 'growth.3'],
  ])('what happened at %s is decided by %s', (instant, version) => {
    expect(growthRulesAt(versions, instant).version).toBe(version)
  })
})
