import { tiers } from '@qihui/shared/tier'
import { describe, expect, it } from 'vitest'
import { planOwnTags, type LibraryGroup } from './managedGroup.ts'

const groupName = '会员等级'
const names = tiers.map((tier) => tier.name)
const group = (tags: readonly [string, string][]) => ({ groupId: 'etG', name: groupName, tags: tags.map(([tagId, name]) => ({ tagId, name, order: 0 })) })
const full = group([['et1', '普通会员'], ['et2', '银卡会员'], ['et3', '金卡会员']])
const plan = (library: LibraryGroup[], remembered: Record<string, string> = {}) =>
  planOwnTags(library, groupName, tiers.map(({ code, name }) => ({ key: code, name, tagId: remembered[code] ?? null })))
const missingNames = (...asked: Parameters<typeof plan>) => plan(...asked).missing.map(({ name }) => name)

describe('planOwnTags', () => {
  it('asks for all three tags in an empty library', () => {
    expect(plan([]).tagIdByKey.size).toBe(0)
    expect(missingNames([])).toEqual(names)
  })

  it('takes up tags of our name in our group', () => {
    expect([...plan([full]).tagIdByKey]).toEqual([['normal', 'et1'], ['silver', 'et2'], ['gold', 'et3']])
    expect(missingNames([full])).toEqual([])
  })

  it('leaves tags of the same name in other groups alone', () => {
    expect(missingNames([{ ...full, name: '别的分组' }])).toEqual(names)
  })

  it('keeps a renamed tag by its id', () => {
    const renamed = group([['et1', '普通会员'], ['et2', '白银'], ['et3', '金卡会员']])
    expect(plan([renamed], { silver: 'et2' }).tagIdByKey.get('silver')).toBe('et2')
    expect(missingNames([renamed], { silver: 'et2' })).toEqual([])
  })

  it('asks again for a tag deleted in the console', () => {
    expect(missingNames([group([['et1', '普通会员'], ['et3', '金卡会员']])], { silver: 'et2' })).toEqual(['银卡会员'])
  })

  it('never gives one tag to two', () => {
    const swapped = group([['et1', '银卡会员'], ['et3', '金卡会员']])
    expect(plan([swapped], { normal: 'et1' }).tagIdByKey.get('silver')).toBeUndefined()
  })
})
