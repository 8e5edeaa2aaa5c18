import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { conditionSchema } from './contract.ts'

const answered = { kind: 'answered', field: 'a' }
/** Text, because the value itself could not be built by nesting calls. */
const nested = (depth: number) => JSON.parse(`${'{"kind":"not","of":'.repeat(depth)}${JSON.stringify(answered)}${'}'.repeat(depth)}`) as unknown

describe('conditionSchema', () => {
  it('reads conditions within conditions', () => {
    expect(v.is(conditionSchema, { kind: 'all', of: [answered, { kind: 'any', of: [nested(3)] }] })).toBe(true)
    expect(v.is(conditionSchema, { kind: 'all', of: [answered, { kind: 'some', of: [] }] })).toBe(false)
    expect(v.is(conditionSchema, { kind: 'equals', field: 'A', value: 1 })).toBe(false)
  })

  it('refuses nesting without end instead of following it', () => {
    expect(v.is(conditionSchema, nested(20))).toBe(true)
    expect(v.is(conditionSchema, nested(21))).toBe(false)
    expect(v.is(conditionSchema, nested(3500))).toBe(false)
  })
})
