import { describe, expect, it } from 'vitest'
import { problemsOf } from './manualAddProblems.ts'

const complete = { phone: '138 0000 1111', kind: 'verbal', day: '2026-11-22', note: '到店当面同意' }
const today = '2026-11-22'

describe('problemsOf', () => {
  it('has none for an entry that is complete', () => {
    expect(problemsOf(complete, today)).toEqual({})
  })

  const cases: [string, Partial<typeof complete> | { kind: null }, string][] = [
    ['no phone', { phone: ' ' }, 'phone'],
    ['no basis', { kind: null }, 'kind'],
    ['no day', { day: '' }, 'at'],
    ['a day that has not come', { day: '2026-11-23' }, 'at'],
    ['a note that says nothing', { note: '同意 ' }, 'note'],
  ]
  it.each(cases)('names %s', (_, change, input) => {
    expect(Object.keys(problemsOf({ ...complete, ...change }, today))).toEqual([input])
  })
})
