import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FormDefinition, FormField } from './contract.ts'
import { formDiff } from './formDiff.ts'
import { firstForm } from './forms.ts'
import { publishProblems } from './publishProblems.ts'
import type { Condition } from './types.ts'

function field(key: string, more: Partial<FormField> = {}): FormField {
  return { key, label: key, type: 'text', class: 'N', purpose: '测试', legalBasis: 'consent', retentionDays: 30, isRequired: false, step: 1, confirmation: 'none', ...more }
}
const errorsOf = (fields: FormField[], former: FormDefinition[] = []) => publishProblems({ fields }, former).filter(({ level }) => level === 'error').map(({ message }) => message)
const without = <K extends keyof FormField>(of: FormField, key: K): FormField => ({ ...of, [key]: undefined })
const nested = (depth: number): Condition => (depth === 1 ? { kind: 'answered', field: 'a' } : { kind: 'not', of: nested(depth - 1) })

describe('the publish gate', () => {
  it('lets the first form pass without a remark', () => {
    expect(publishProblems(firstForm.definition)).toEqual([])
  })

  it.each<[string, FormField[]]>([
    ['登记表至少需要一个字段', []],
    ['请填写用途', [without(field('a'), 'purpose')]],
    ['请选择合法性基础', [without(field('a'), 'legalBasis')]],
    ['请填写保存期限', [without(field('a'), 'retentionDays')]],
    ['评估编号', [field('a', { class: 'S' })]],
    ['单独同意', [field('a', { class: 'S', assessmentId: 'PIA-1', legalBasis: 'contract' })]],
    ['字段名重复', [field('a'), field('a')]],
    ['已被系统使用', [field('memberNo')]],
    ['至少需要一个选项', [field('a', { type: 'choice' })]],
    ['不能重复', [field('a', { type: 'choice', options: [{ value: '1', label: '女' }, { value: '１', label: '男' }] })]],
    ['只有单选字段', [field('a', { options: [{ value: '1', label: '女' }] })]],
    ['不能大于最大值', [field('a', { type: 'number', min: 2, max: 1 })]],
    ['二次确认', [field('a', { isRequired: true })]],
    ['字段名 phone', [field('phone')]],
    ['只有 phone 字段', [field('a', { type: 'phone', confirmation: 'code' })]],
    ['字段自身', [field('a', { visibleIf: { kind: 'answered', field: 'a' } })]],
    ['不存在的字段', [field('a', { visibleIf: { kind: 'answered', field: 'z' } })]],
    ['排在本字段之后', [field('a', { visibleIf: { kind: 'answered', field: 'b' } }), field('b')]],
    ['排在本字段之后', [field('a', { step: 1, visibleIf: { kind: 'answered', field: 'b' } }), field('b', { step: 2 })]],
    ['最多嵌套 5 层', [field('a'), field('b', { visibleIf: nested(6) })]],
    ['不是数字', [field('a'), field('b', { visibleIf: { kind: 'atLeast', field: 'a', value: 1 } })]],
    ['不可能等于', [field('a', { type: 'yesNo' }), field('b', { visibleIf: { kind: 'equals', field: 'a', value: '是' } })]],
    ['不在可选范围', [field('a', { type: 'choice', options: [{ value: 'x', label: '甲' }] }), field('b', { visibleIf: { kind: 'oneOf', field: 'a', values: ['x', 'y'] } })]],
    ['授权获取的手机号', [field('phone', { type: 'phone', confirmation: 'code' }), field('b', { visibleIf: { kind: 'answered', field: 'phone' } })]],
    ['缺少第 2 步', [field('a'), field('b', { step: 3 })]],
    ['第一步最多 5 个字段', ['a', 'b', 'c', 'd', 'e', 'f'].map((key) => field(key))],
  ])('refuses with “%s”', (message, fields) => {
    expect(errorsOf(fields).join('；')).toContain(message)
  })

  it('warns of a long first step and lets five fields pass', () => {
    const five = ['a', 'b', 'c', 'd', 'e'].map((key) => field(key))
    expect(publishProblems({ fields: five }).map(({ level }) => level)).toEqual(['warning'])
    expect(publishProblems({ fields: five.slice(0, 3) })).toEqual([])
    expect(errorsOf([...five, field('f', { step: 2 }), field('g', { step: 2, visibleIf: nested(5) })])).toEqual([])
  })

  it('keeps the type of a key for ever', () => {
    expect(errorsOf([field('a', { type: 'number' })], [{ fields: [field('a')] }, { fields: [field('b')] }])).toEqual(['以前的版本用这个字段名收集过另一种类型的信息，请换一个字段名'])
    expect(errorsOf([field('a', { label: '新名称' })], [{ fields: [field('a')] }])).toEqual([])
  })

  it('lets nothing pass without purpose, basis and retention, nor sensitive without an assessment', () => {
    const anyField = fc.record({
      key: fc.constantFrom('a', 'b', 'c', 'd', 'phone'),
      type: fc.constantFrom<FormField['type']>('text', 'number', 'yesNo', 'phone'),
      class: fc.constantFrom<FormField['class']>('P', 'N', 'S'),
      purpose: fc.option(fc.constantFrom('', '服务'), { nil: undefined }),
      legalBasis: fc.option(fc.constantFrom('consent' as const, 'contract' as const), { nil: undefined }),
      retentionDays: fc.option(fc.constant(30), { nil: undefined }),
      assessmentId: fc.option(fc.constantFrom('', 'PIA-1'), { nil: undefined }),
      isRequired: fc.boolean(),
      step: fc.integer({ min: 1, max: 2 }),
      confirmation: fc.constantFrom<FormField['confirmation']>('none', 'code', 'echo'),
    })
    let passed = 0
    fc.assert(
      fc.property(fc.array(anyField, { minLength: 1, maxLength: 3 }), (fields) => {
        const definition = { fields: fields.map((each) => ({ ...field(each.key), ...each })) }
        if (publishProblems(definition).some(({ level }) => level === 'error')) return
        passed += 1
        for (const each of definition.fields) {
          expect(each.purpose && each.legalBasis && each.retentionDays).toBeTruthy()
          if (each.class === 'S') expect(each.assessmentId).toBeTruthy()
        }
      }),
      { numRuns: 10_000 },
    )
    expect(passed).toBeGreaterThan(0)
  })
})

describe('formDiff', () => {
  it('names what a reviewer has to look at', () => {
    const before = { fields: [field('a'), field('b'), field('c')] }
    const after = { fields: [field('c'), field('a', { label: '新名称' }), field('d')] }
    expect(formDiff(before, after)).toEqual({ added: ['d'], removed: ['b'], changed: ['a'], addsSensitive: false })
    expect(formDiff(null, before)).toEqual({ added: ['a', 'b', 'c'], removed: [], changed: [], addsSensitive: false })
  })

  it('takes a field that becomes sensitive for a new sensitive one', () => {
    const sensitive = field('a', { class: 'S', assessmentId: 'PIA-1' })
    expect(formDiff({ fields: [field('a')] }, { fields: [sensitive] }).addsSensitive).toBe(true)
    expect(formDiff({ fields: [sensitive] }, { fields: [{ ...sensitive, label: '新名称' }] }).addsSensitive).toBe(false)
  })

  it('sees no change in another order of properties or an absent one left out', () => {
    const same = Object.fromEntries(Object.entries(field('a')).reverse()) as FormField
    expect(formDiff({ fields: [{ ...field('a'), hint: undefined }] }, { fields: [same] }).changed).toEqual([])
  })
})
