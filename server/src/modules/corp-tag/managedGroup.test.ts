import { tiers } from '@qihui/shared/tier'
import { describe, expect, it } from 'vitest'
import { managedGroupName, planManagedTags } from './managedGroup.ts'

const names = tiers.map((tier) => tier.name)
const own = (tags: readonly [string, string][]) => ({ groupId: 'etG', name: managedGroupName, tags: tags.map(([tagId, name]) => ({ tagId, name, order: 0 })) })
const full = own([['et1', '普通会员'], ['et2', '银卡会员'], ['et3', '金卡会员']])

describe('planManagedTags', () => {
  it('asks for all three tags in an empty library', () => {
    expect(planManagedTags([], [])).toEqual({ tagIdByTier: new Map(), missingNames: names })
  })

  it('takes up tags of our name in our group', () => {
    const plan = planManagedTags([full], [])
    expect([...plan.tagIdByTier]).toEqual([['normal', 'et1'], ['silver', 'et2'], ['gold', 'et3']])
    expect(plan.missingNames).toEqual([])
  })

  it('leaves tags of the same name in other groups alone', () => {
    expect(planManagedTags([{ ...full, name: '别的分组' }], []).missingNames).toEqual(names)
  })

  it('keeps a renamed tag by its id', () => {
    const plan = planManagedTags([own([['et1', '普通会员'], ['et2', '白银'], ['et3', '金卡会员']])], [{ tag_id: 'et2', tier: 'silver' }])
    expect(plan.tagIdByTier.get('silver')).toBe('et2')
    expect(plan.missingNames).toEqual([])
  })

  it('asks again for a tag deleted in the console', () => {
    const plan = planManagedTags([own([['et1', '普通会员'], ['et3', '金卡会员']])], [{ tag_id: 'et2', tier: 'silver' }])
    expect(plan.missingNames).toEqual(['银卡会员'])
  })
})
