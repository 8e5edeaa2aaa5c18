import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { segmentConditionsSchema, type SegmentCondition } from './contract.ts'
import { segmentProblems, type SegmentWorld } from './segmentProblems.ts'

const channelId = '0190aaaa-0000-7000-8000-000000000001'
const world: SegmentWorld = {
  corpTagIds: new Set(['etBaby', 'etSkin']),
  channelIds: new Set([channelId]),
  answerFields: [{ key: 'gender', label: '性别', options: [{ value: 'f', label: '女' }, { value: 'm', label: '男' }] }],
}
const messages = (...conditions: SegmentCondition[]) => segmentProblems(conditions, world).map(({ path, message }) => `${path} ${message}`)

describe('segmentProblems', () => {
  it('finds nothing in one condition of each kind, and in two of tags', () => {
    expect(
      messages(
        { kind: 'tier', anyOf: ['silver', 'gold'] },
        { kind: 'growth', min: 0, max: 0 },
        { kind: 'corpTag', anyOf: ['etBaby'] },
        { kind: 'corpTag', anyOf: ['etSkin'] },
        { kind: 'channel', anyOf: [channelId] },
        { kind: 'registeredWithin', days: 30 },
        { kind: 'activeWithin', days: 7 },
        { kind: 'answer', field: 'gender', anyOf: ['f'] },
      ),
    ).toEqual([])
  })

  it.each<[string, SegmentCondition]>([
    ['请填写成长值的下限或上限', { kind: 'growth' }],
    ['成长值的下限不能大于上限', { kind: 'growth', min: 2, max: 1 }],
    ['标签不存在，或由系统维护，不能用作条件', { kind: 'corpTag', anyOf: ['etBaby', 'etGold'] }],
    ['渠道不存在', { kind: 'channel', anyOf: ['0190aaaa-0000-7000-8000-000000000002'] }],
    ['只能使用登记表中的单选或是非字段，且不能是敏感信息', { kind: 'answer', field: 'health', anyOf: ['x'] }],
    ['选项不存在', { kind: 'answer', field: 'gender', anyOf: ['x'] }],
  ])('says “%s” at the place of the condition', (message, condition) => {
    expect(messages({ kind: 'activeWithin', days: 7 }, condition)).toEqual([`body.conditions.1 ${message}`])
  })

  it('refuses a condition that is there already', () => {
    expect(messages({ kind: 'tier', anyOf: ['gold'] }, { kind: 'tier', anyOf: ['silver'] })).toEqual(['body.conditions.1 同一种条件只能添加一次，请合并为一条'])
  })
})

describe('the language of conditions', () => {
  it.each<[string, unknown]>([
    ['no condition at all', []],
    ['more than ten', Array.from({ length: 11 }, () => ({ kind: 'corpTag', anyOf: ['etA'] }))],
    ['a kind it does not know', [{ kind: 'sql', text: '1=1' }]],
    ['an empty choice', [{ kind: 'tier', anyOf: [] }]],
    ['a tier there is not', [{ kind: 'tier', anyOf: ['diamond'] }]],
    ['half a day', [{ kind: 'activeWithin', days: 0.5 }]],
    ['more than it describes', [{ kind: 'activeWithin', days: 5, or: true }]],
    ['growth below zero', [{ kind: 'growth', min: -1 }]],
  ])('does not know %s', (_name, conditions) => {
    expect(v.safeParse(segmentConditionsSchema, conditions).success).toBe(false)
  })
})
