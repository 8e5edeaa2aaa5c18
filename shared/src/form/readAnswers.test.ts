import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asTyped } from './asTyped.ts'
import type { FormField } from './contract.ts'
import { isVisible } from './isVisible.ts'
import { readAnswers, unconfirmedKeys } from './readAnswers.ts'
import type { Condition } from './types.ts'

function field(key: string, type: FormField['type'], more: Partial<FormField> = {}): FormField {
  return { key, label: key, type, class: 'N', purpose: '测试', legalBasis: 'consent', retentionDays: 30, isRequired: false, step: 1, confirmation: 'none', ...more }
}
const anyKey = fc.constantFrom('a', 'b', 'c', 'nobody', '__proto__', 'constructor', 'toString')
const anyScalar = fc.oneof(fc.string({ maxLength: 5 }), fc.integer({ min: -3, max: 3 }), fc.boolean())
const anyCondition = fc.letrec<{ node: Condition }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 12, depthSize: 'large' },
    fc.record({ kind: fc.constant('answered' as const), field: anyKey }),
    fc.record({ kind: fc.constant('equals' as const), field: anyKey, value: anyScalar }),
    fc.record({ kind: fc.constant('oneOf' as const), field: anyKey, values: fc.array(anyScalar, { maxLength: 3 }) }),
    fc.record({ kind: fc.constant('atLeast' as const), field: anyKey, value: fc.integer({ min: -3, max: 3 }) }),
    fc.record({ kind: fc.constant('all' as const), of: fc.array(tie('node'), { maxLength: 3 }) }),
    fc.record({ kind: fc.constant('any' as const), of: fc.array(tie('node'), { maxLength: 3 }) }),
    fc.record({ kind: fc.constant('not' as const), of: tie('node') }),
  ),
})).node

describe('isVisible', () => {
  it('is total: every condition on every set of answers is true or false', () => {
    fc.assert(
      fc.property(anyCondition, fc.dictionary(fc.constantFrom('a', 'b', 'c'), anyScalar), (condition, answers) => {
        expect([true, false]).toContain(isVisible(condition, answers))
      }),
      { numRuns: 2000 },
    )
  })

  it('ends on a condition nested without end', () => {
    const endless: { kind: 'not'; of: Condition } = { kind: 'not', of: { kind: 'answered', field: 'a' } }
    endless.of = endless
    expect([true, false]).toContain(isVisible(endless, {}))
  })

  it.each<[Condition, boolean]>([
    [{ kind: 'answered', field: 'a' }, true],
    [{ kind: 'answered', field: 'nobody' }, false],
    [{ kind: 'answered', field: 'toString' }, false],
    [{ kind: 'not', of: { kind: 'answered', field: 'nobody' } }, true],
    [{ kind: 'equals', field: 'a', value: 'x' }, true],
    [{ kind: 'equals', field: 'n', value: '3' }, false],
    [{ kind: 'oneOf', field: 'a', values: ['y', 'x'] }, true],
    [{ kind: 'oneOf', field: 'nobody', values: ['x'] }, false],
    [{ kind: 'atLeast', field: 'n', value: 3 }, true],
    [{ kind: 'atLeast', field: 'n', value: 4 }, false],
    [{ kind: 'atLeast', field: 'a', value: 0 }, false],
    [{ kind: 'all', of: [] }, true],
    [{ kind: 'any', of: [] }, false],
    [{ kind: 'all', of: [{ kind: 'answered', field: 'a' }, { kind: 'not', of: { kind: 'atLeast', field: 'n', value: 9 } }] }, true],
  ])('takes %o for what it says', (condition, expected) => {
    expect(isVisible(condition, { a: 'x', n: 3 })).toBe(expected)
  })
})

describe('readAnswers', () => {
  const phone = field('phone', 'phone', { confirmation: 'code', isRequired: true })
  const hasChild = field('hasChild', 'yesNo', { label: '是否有孩子' })
  const childCount = field('childCount', 'number', { label: '孩子人数', isRequired: true, confirmation: 'echo', visibleIf: { kind: 'equals', field: 'hasChild', value: true } })
  const school = field('school', 'text', { label: '学校', class: 'S', step: 2, visibleIf: { kind: 'atLeast', field: 'childCount', value: 1 } })
  const definition = { fields: [school, phone, hasChild, childCount] }

  it('drops answers to fields that are not asked, and whatever hangs on them', () => {
    const read = readAnswers(definition, { hasChild: '否', childCount: '2', school: '第一小学' }, asTyped)
    expect(read.answers).toEqual({ hasChild: false })
    expect(read.problems).toEqual([])
    expect(read.asked.map(({ key }) => key)).toEqual(['hasChild'])
    expect(read.sensitive).toEqual([])
  })

  it('asks by step, and reads what is asked', () => {
    const read = readAnswers(definition, { hasChild: '是', childCount: '２', school: '第一小学' }, asTyped)
    expect(read.answers).toEqual({ hasChild: true, childCount: 2, school: '第一小学' })
    expect(read.echo).toEqual([
      { key: 'hasChild', label: '是否有孩子', shown: '是' },
      { key: 'childCount', label: '孩子人数', shown: '2' },
      { key: 'school', label: '学校', shown: '第一小学' },
    ])
    expect(read.sensitive).toEqual(['school'])
  })

  it('says what is missing, unreadable or unknown, and keeps the rest', () => {
    const read = readAnswers(definition, { hasChild: true, school: 'x', phone: '13800138000', __proto: 1, constructor: 'x' }, asTyped)
    expect(read.problems.map(({ key, kind }) => `${key}:${kind}`).sort()).toEqual(['__proto:unknown', 'childCount:missing', 'constructor:unknown', 'phone:unknown'])
    expect(read.problems.find(({ key }) => key === 'childCount')?.message).toBe('请填写孩子人数')
    expect(read.answers).toEqual({ hasChild: true })
    expect(readAnswers(definition, { hasChild: '也许' }, asTyped).problems).toEqual([{ key: 'hasChild', kind: 'unreadable', message: '请选择“是”或“否”' }])
  })

  it('does not let a field look at itself or at one behind it', () => {
    const itself = field('a', 'text', { visibleIf: { kind: 'answered', field: 'a' } })
    const before = field('b', 'text', { visibleIf: { kind: 'answered', field: 'c' } })
    expect(readAnswers({ fields: [itself, before, field('c', 'text')] }, { a: 'x', b: 'x', c: 'x' }, asTyped).answers).toEqual({ c: 'x' })
  })

  it('reads its own answers as themselves', () => {
    const read = readAnswers(definition, { hasChild: '有', childCount: '1,000', school: ' 一小 ' }, asTyped)
    expect(readAnswers(definition, read.answers, asTyped)).toEqual(read)
  })

  it('asks for one confirmation of what was understood, not of what was typed', () => {
    const read = readAnswers(definition, { hasChild: true, childCount: '２' }, asTyped)
    expect(unconfirmedKeys(read, {})).toEqual(['childCount'])
    expect(unconfirmedKeys(read, { childCount: '２' })).toEqual(['childCount'])
    expect(unconfirmedKeys(read, { childCount: '2' })).toEqual([])
    expect(unconfirmedKeys(readAnswers(definition, { hasChild: false }, asTyped), {})).toEqual([])
  })
})
