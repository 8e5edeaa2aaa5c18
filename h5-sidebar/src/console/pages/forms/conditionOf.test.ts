import { conditionSchema, type Condition, type FormField } from '@qihui/shared/form'
import { describe, expect, it } from 'vitest'
import { problemsOf } from '../../problemsOf.ts'
import { conditionOf } from './conditionOf.ts'

const field = (key: string, type: FormField['type']): FormField => ({ key, label: key, type, class: 'N', isRequired: false, step: 1, confirmation: 'none' })
const fields = [{ ...field('city', 'choice'), options: [{ value: 'sz', label: '深圳' }] }, field('age', 'number'), field('isParent', 'yesNo')]
const kinds: Condition['kind'][] = ['answered', 'equals', 'oneOf', 'atLeast', 'all', 'any', 'not']

describe('conditionOf', () => {
  it.each(kinds.flatMap((from) => kinds.map((to) => [from, to] as const)))('from %s to %s is a condition the contract knows', async (from, to) => {
    const changed = conditionOf(to, fields, conditionOf(from, fields))
    expect(changed.kind).toBe(to)
    expect(await problemsOf(conditionSchema, changed)).toEqual({})
  })

  it('keeps what a group holds when it turns from all into any', () => {
    const all: Condition = { kind: 'all', of: [{ kind: 'answered', field: 'age' }, { kind: 'equals', field: 'isParent', value: true }] }
    expect(conditionOf('any', fields, all)).toEqual({ ...all, kind: 'any' })
  })

  it('puts a single condition into the group it becomes', () => {
    expect(conditionOf('not', fields, { kind: 'answered', field: 'age' })).toEqual({ kind: 'not', of: { kind: 'answered', field: 'age' } })
  })

  it('starts with a value the field can have', () => {
    expect(conditionOf('equals', fields)).toEqual({ kind: 'equals', field: 'city', value: 'sz' })
    expect(conditionOf('equals', fields, { kind: 'answered', field: 'isParent' })).toEqual({ kind: 'equals', field: 'isParent', value: true })
  })
})
