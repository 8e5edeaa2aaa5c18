import { describe, expect, it } from 'vitest'
import type { CorpTagChange, LibraryGroup, LibraryTag } from './libraryContract.ts'
import { maxCorpTags, refusalOfLibraryChange } from './refusalOfLibraryChange.ts'

const tag = (tagId: string, name: string, origin: LibraryTag['origin']): LibraryTag => ({ tagId, name, origin, customers: 0, change: null })
const library: LibraryGroup[] = [
  { groupId: 'etTier', name: '会员等级', origin: 'managed', change: null, tags: [tag('etGold', '金卡会员', 'managed')] },
  { groupId: 'etOurs', name: '兴趣', origin: 'app', change: null, tags: [tag('etBaby', '母婴', 'app'), tag('etSkin', '护肤', 'app')] },
  { groupId: 'etTheirs', name: '来源', origin: 'elsewhere', change: null, tags: [tag('etFair', '展会', 'elsewhere'), tag('etShop', '门店', 'app')] },
]
const full: LibraryGroup[] = [{ ...library[1], groupId: 'etOurs', name: '兴趣', origin: 'app', change: null, tags: Array.from({ length: maxCorpTags }, (_none, index) => tag(`et${index}`, `标签${index}`, 'app')) }]

describe('refusalOfLibraryChange', () => {
  it.each<[string, CorpTagChange]>([
    ['a new group', { kind: 'createGroup', name: '节日', tagNames: ['春节'] }],
    ['new tags in a group of others', { kind: 'createTags', groupId: 'etTheirs', tagNames: ['电话'] }],
    ['another name', { kind: 'rename', id: 'etBaby', name: '婴童' }],
    ['the same name again', { kind: 'rename', id: 'etBaby', name: '母婴' }],
    ['another name of a group', { kind: 'rename', id: 'etOurs', name: '偏好' }],
    ['another order', { kind: 'reorder', groupId: 'etOurs', tagIds: ['etSkin', 'etBaby'] }],
    ['deleting a tag of ours in a group of others', { kind: 'delete', id: 'etShop' }],
    ['deleting a group of ours', { kind: 'delete', id: 'etOurs' }],
  ])('takes %s', (_name, change) => {
    expect(refusalOfLibraryChange(library, change)).toBeNull()
  })

  it.each<[string, CorpTagChange, string]>([
    ['a group whose name is taken', { kind: 'createGroup', name: '兴趣', tagNames: ['新'] }, 'corpTag.nameTaken'],
    ['a group with a name of the system', { kind: 'createGroup', name: '企会分群', tagNames: ['新'] }, 'corpTag.nameTaken'],
    ['the same tag twice', { kind: 'createGroup', name: '节日', tagNames: ['春节', '春节'] }, 'corpTag.nameTaken'],
    ['a tag the group has', { kind: 'createTags', groupId: 'etOurs', tagNames: ['母婴'] }, 'corpTag.nameTaken'],
    ['a tag in a group of the system', { kind: 'createTags', groupId: 'etTier', tagNames: ['钻石'] }, 'corpTag.managed'],
    ['a tag in a group that is gone', { kind: 'createTags', groupId: 'etGone', tagNames: ['新'] }, 'corpTag.unknown'],
    ['the name of a sibling', { kind: 'rename', id: 'etBaby', name: '护肤' }, 'corpTag.nameTaken'],
    ['another name for a tag of others', { kind: 'rename', id: 'etFair', name: '展览' }, 'corpTag.notOurs'],
    ['another name for a tier', { kind: 'rename', id: 'etGold', name: '黄金' }, 'corpTag.managed'],
    ['an order that leaves tags out', { kind: 'reorder', groupId: 'etOurs', tagIds: ['etSkin'] }, 'corpTag.unknown'],
    ['the order of a group with tags of others', { kind: 'reorder', groupId: 'etTheirs', tagIds: ['etShop', 'etFair'] }, 'corpTag.notOurs'],
    ['deleting a group of others', { kind: 'delete', id: 'etTheirs' }, 'corpTag.notOurs'],
    ['deleting what is gone', { kind: 'delete', id: 'etGone' }, 'corpTag.unknown'],
  ])('refuses %s', (_name, change, code) => {
    expect(refusalOfLibraryChange(library, change)?.code).toBe(code)
  })

  it('names the cap when the library is full', () => {
    expect(refusalOfLibraryChange(full, { kind: 'createTags', groupId: 'etOurs', tagNames: ['多一个'] })).toEqual({ code: 'corpTag.capReached', detail: '企业标签最多 10000 个，现有 10000 个' })
  })
})
