import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalRecord } from './canonicalRecord.ts'
import type { AuditRecord } from './types.ts'

const record: fc.Arbitrary<AuditRecord> = fc.record({
  auditEntryId: fc.uuid(),
  atMicros: fc.nat().map(String),
  actorKind: fc.constantFrom('staff', 'member'),
  actorId: fc.string({ maxLength: 4 }),
  action: fc.string({ maxLength: 4 }),
  subject: fc.string({ maxLength: 4 }),
  personId: fc.option(fc.uuid()),
  fields: fc.array(fc.string({ maxLength: 3 }), { maxLength: 3 }),
  outcome: fc.constantFrom('shown', 'done'),
  requestId: fc.string({ maxLength: 4 }),
})

describe('canonicalRecord', () => {
  it('is the same for two rows only when every value is', () => {
    fc.assert(fc.property(record, record, (one, other) => {
      expect(canonicalRecord('2026-11-20', 1, one) === canonicalRecord('2026-11-20', 1, other)).toBe(JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort()))
    }))
  })

  it('binds the border between values, the day and the number', () => {
    const [sample] = fc.sample(record, 1)
    if (sample === undefined) throw new Error('no sample')
    const texts = [
      canonicalRecord('2026-11-20', 1, { ...sample, actorId: 'a', action: 'bc' }),
      canonicalRecord('2026-11-20', 1, { ...sample, actorId: 'ab', action: 'c' }),
      canonicalRecord('2026-11-20', 2, { ...sample, actorId: 'ab', action: 'c' }),
      canonicalRecord('2026-11-21', 2, { ...sample, actorId: 'ab', action: 'c' }),
      canonicalRecord('2026-11-21', 2, { ...sample, actorId: 'ab', action: 'c', fields: ['a,b'] }),
      canonicalRecord('2026-11-21', 2, { ...sample, actorId: 'ab', action: 'c', fields: ['a', 'b'] }),
    ]
    expect(new Set(texts).size).toBe(texts.length)
  })
})
