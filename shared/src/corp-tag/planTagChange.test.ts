import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { planTagChange } from './planTagChange.ts'

const managed = ['etNormal', 'etSilver', 'etGold']

describe('planTagChange', () => {
  it('asks for nothing when the pair is right already', () => {
    expect(planTagChange(['etGold', 'etOther'], managed, 'etGold')).toEqual({ add: [], remove: [] })
  })

  it('leaves exactly the wanted tier tag and every other tag, and is then content', () => {
    const anyTags = fc.uniqueArray(fc.constantFrom(...managed, 'etA', 'etB'))
    fc.assert(
      fc.property(anyTags, fc.constantFrom('etNormal', 'etSilver', 'etGold', null), (current, wanted) => {
        const { add, remove } = planTagChange(current, managed, wanted)
        const after = [...current.filter((tagId) => !remove.includes(tagId)), ...add]
        expect(after.filter((tagId) => managed.includes(tagId))).toEqual(wanted === null ? [] : [wanted])
        expect(after.filter((tagId) => !managed.includes(tagId))).toEqual(current.filter((tagId) => !managed.includes(tagId)))
        expect(planTagChange(after, managed, wanted)).toEqual({ add: [], remove: [] })
      }),
    )
  })
})
