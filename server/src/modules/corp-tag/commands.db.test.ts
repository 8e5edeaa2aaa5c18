import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { staffWithoutSession } from '../../http/actor.ts'
import { createTestServices, type TestServices } from '../../testing/index.ts'
import { storeContact } from '../contact/commands/storeContact.ts'
import { changeContactTags } from './commands/changeContactTags.ts'
import { storeLibrary } from './commands/storeLibrary.ts'
import { listCorpTags } from './queries.ts'

let services: TestServices

const library = [
  { groupId: 'etG1', name: '会员等级', tags: [{ tagId: 'etN', name: '普通会员', order: 3 }, { tagId: 'etS', name: '银卡会员', order: 2 }, { tagId: 'etA', name: '金卡会员', order: 1 }] },
  { groupId: 'etG2', name: '关注品类', tags: [{ tagId: 'etSkin', name: '护肤', order: 2 }, { tagId: 'etBaby', name: '母婴', order: 1 }] },
]
const tagIdByTier = new Map([['normal', 'etN'], ['silver', 'etS'], ['gold', 'etA']] as const)
const rep = staffWithoutSession('rep.li', '李静')
const externalUserId = 'wmTags1'

/** The pair as WeCom answers it. */
async function mirrorTags(): Promise<void> {
  await storeContact(services, {
    contact: { externalUserId, name: '客户', type: 1, avatarUrl: null, corpName: null, unionId: null },
    followUsers: [{ staffUserId: 'rep.li', remark: '', addedAt: services.clock.at, addWay: 1, state: null, tagIds: ['etN', 'etBaby'] }],
  })
}

beforeAll(async () => {
  services = await createTestServices()
  await storeLibrary(services, { library, tagIdByTier })
  await mirrorTags()
})
afterAll(() => services.close())

async function rows<Row>(text: string): Promise<Row[]> {
  return (await services.db.pool.query(text)).rows as Row[]
}

describe('storeLibrary', () => {
  it('twice gives the same, and shows groups and tags in their order', async () => {
    await storeLibrary(services, { library, tagIdByTier })
    const { groups } = await listCorpTags(services)
    expect(groups.map((group) => [group.name, group.tags.map((tag) => tag.name)])).toEqual([
      ['会员等级', ['普通会员', '银卡会员', '金卡会员']],
      ['关注品类', ['护肤', '母婴']],
    ])
    expect(groups[0]?.tags.every((tag) => tag.isManaged)).toBe(true)
  })

  it('moves a tier to a new tag and forgets deleted tags and groups', async () => {
    const renewed = [{ ...library[0], groupId: 'etG1', name: '会员等级', tags: [{ tagId: 'etN2', name: '普通会员', order: 1 }] }]
    await storeLibrary(services, { library: renewed, tagIdByTier: new Map([['normal', 'etN2']]) })
    expect(await rows('select tag_id, tier from corp_tag')).toEqual([{ tag_id: 'etN2', tier: 'normal' }])
    expect(await rows('select tag_ids from follow_user'), 'a deleted tag has left the pairs').toEqual([{ tag_ids: [] }])
    await storeLibrary(services, { library, tagIdByTier })
    expect(await rows('select tag_id from corp_tag')).toHaveLength(5)
  })
})

describe('changeContactTags', () => {
  beforeAll(mirrorTags)

  const change = (addTagIds: string[], removeTagIds: string[] = []) => changeContactTags(services, rep, { externalUserId, addTagIds, removeTagIds })

  it('writes mirror, timeline and job together, and twice asks WeCom once', async () => {
    const tags = await change(['etSkin', 'etSkin'], ['etBaby'])
    expect(tags.map((tag) => tag.tagId)).toEqual(['etN', 'etSkin'])
    expect((await change(['etSkin'], ['etBaby'])).map((tag) => tag.tagId)).toEqual(['etN', 'etSkin'])
    expect(await rows("select payload->'addTagIds' as added, payload->'removeTagIds' as removed from outbox where job = 'markContactTags'")).toEqual([{ added: ['etSkin'], removed: ['etBaby'] }])
    expect(await rows("select data from timeline_entry where kind = 'corpTag.changed'")).toEqual([{ data: { staffUserId: 'rep.li', added: ['护肤'], removed: ['母婴'] } }])
  })

  it.each([
    ['a tag that is not in the library', ['etGone'], 'corpTag.unknown'],
    ['a tier tag', ['etS'], 'corpTag.managed'],
  ])('refuses %s and changes nothing', async (_name, tagIds, code) => {
    const before = await rows('select tag_ids from follow_user')
    await expect(change(['etBaby', ...tagIds])).rejects.toMatchObject({ code })
    expect(await rows('select tag_ids from follow_user')).toEqual(before)
  })

  it('refuses a rep who does not serve the contact', async () => {
    const stranger = staffWithoutSession('rep.wang', '王浩')
    await expect(changeContactTags(services, stranger, { externalUserId, addTagIds: ['etBaby'], removeTagIds: [] })).rejects.toMatchObject({ code: 'contact.notFollowing' })
  })

  it('of two reps at once on one pair loses neither', async () => {
    await change([], ['etSkin', 'etBaby'])
    await Promise.all([change(['etSkin']), change(['etBaby'])])
    const [row] = await rows<{ tag_ids: string[] }>('select tag_ids from follow_user')
    expect([...(row?.tag_ids ?? [])].sort()).toEqual(['etBaby', 'etN', 'etSkin'])
  })
})
