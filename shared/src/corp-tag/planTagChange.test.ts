import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { desiredTierTag } from './desiredTierTag.ts'
import { planTagChange } from './planTagChange.ts'

const managed = ['etNormal', 'etSilver', 'etGold', 'etLapsed']

describe('planTagChange', () => {
  it('asks for nothing when the pair is right already', () => {
    expect(planTagChange(['etGold', 'etOther'], managed, ['etGold'])).toEqual({ add: [], remove: [] })
  })

  it('leaves exactly the wanted tags and every tag of others, and is then content', () => {
    const anyTags = fc.uniqueArray(fc.constantFrom(...managed, 'etA', 'etB'))
    fc.assert(
      fc.property(anyTags, fc.subarray(managed), (current, wanted) => {
        const { add, remove } = planTagChange(current, managed, wanted)
        const after = [...current.filter((tagId) => !remove.includes(tagId)), ...add]
        expect(after.filter((tagId) => managed.includes(tagId)).sort()).toEqual([...wanted].sort())
        expect(after.filter((tagId) => !managed.includes(tagId))).toEqual(current.filter((tagId) => !managed.includes(tagId)))
        expect(planTagChange(after, managed, wanted)).toEqual({ add: [], remove: [] })
      }),
    )
  })
})

describe('desiredTierTag', () => {
  it.each([
    ['a member carries the tier', { tier: 'gold', isArchived: false, isErased: false }, 'gold'],
    ['somebody who is no member carries none', { tier: null, isArchived: false, isErased: false }, null],
    ['an archived member loses it', { tier: 'gold', isArchived: true, isErased: false }, null],
    ['an erased one loses it', { tier: 'silver', isArchived: false, isErased: true }, null],
  ] as const)('%s', (_name, facts, tier) => {
    expect(desiredTierTag(facts)).toBe(tier)
  })
})
