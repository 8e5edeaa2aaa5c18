import { describe, expect, it } from 'vitest'
import { useSandbox } from './client.ts'
import type { Json } from './client.ts'

interface Group {
  readonly group_id: string
  readonly group_name: string
  readonly order: number
  readonly tag: ReadonlyArray<{ readonly id: string; readonly name: string }>
}

const client = useSandbox()
const groups = async (filter: Json = {}): Promise<Group[]> => (await client.external('get_corp_tag_list', filter))['tag_group'] as Group[]

async function addTags(groupName: string, ...names: string[]): Promise<Group> {
  const answer = await client.external('add_corp_tag', { group_name: groupName, tag: names.map((name) => ({ name })) })
  expect(answer).toMatchObject({ errcode: 0 })
  return answer['tag_group'] as Group
}

const tagId = (group: Group): string => group.tag[0]?.id ?? ''

async function consoleGroup(): Promise<Group> {
  const found = (await groups()).find((group) => group.group_name === '客户来源')
  if (!found) throw new Error('the world has no console tags')
  return found
}

describe('§5 tag library', () => {
  it('§5 lists groups in the documented shape', async () => {
    const answer = await client.external('get_corp_tag_list', {})
    expect(answer).toMatchObject({ errcode: 0, errmsg: 'ok' })
    expect((answer['tag_group'] as unknown[])[0]).toEqual({
      group_id: expect.stringMatching(/^et/), group_name: expect.any(String), create_time: expect.any(Number), order: expect.any(Number),
      deleted: false, tag: expect.any(Array),
    })
    expect((await consoleGroup()).tag[0]).toEqual({
      id: expect.stringMatching(/^et/), name: expect.any(String), create_time: expect.any(Number), order: expect.any(Number), deleted: false,
    })
  })

  it('§5 lets group_id win over tag_id', async () => {
    const [first, second] = await groups()
    const chosen = await groups({ group_id: [second?.group_id], tag_id: [first?.tag[0]?.id] })
    expect(chosen.map((group) => group.group_id)).toEqual([second?.group_id])
    expect((await groups({ tag_id: [first?.tag[0]?.id] })).map((group) => group.tag.length)).toEqual([1])
  })

  it('§5 answers an add with the tags just created only, and reuses a group of the same name', async () => {
    const first = await addTags('等级', '金卡')
    const second = await addTags('等级', '银卡')
    expect(second.group_id).toBe(first.group_id)
    expect(second.tag.map((tag) => tag.name)).toEqual(['银卡'])
    expect((await groups({ group_id: [first.group_id] }))[0]?.tag).toHaveLength(2)
  })

  it('§5 creates a name that comes twice in one call once', async () => {
    expect((await addTags('重复', '甲', '甲')).tag).toHaveLength(1)
  })

  it('§5 answers 40071 to a name the group already has', async () => {
    await addTags('唯一', '甲')
    expect(await client.external('add_corp_tag', { group_name: '唯一', tag: [{ name: '甲' }] })).toMatchObject({ errcode: 40071, tag_group: {} })
  })

  it('§5 puts the larger order first', async () => {
    const answer = await client.external('add_corp_tag', { group_name: '顺序', order: 9, tag: [{ name: '小', order: 1 }, { name: '大', order: 2 }] })
    expect((answer['tag_group'] as Group).tag.map((tag) => tag.name)).toEqual(['大', '小'])
    expect((await groups())[0]?.group_name).toBe('顺序')
  })

  it('§5 takes names of 30 characters, not 31', async () => {
    await addTags('标'.repeat(30), '签'.repeat(30))
    expect(await client.external('add_corp_tag', { group_name: '长', tag: [{ name: '签'.repeat(31) }] })).not.toMatchObject({ errcode: 0 })
  })

  it('§5 renames a tag or a group of the app', async () => {
    const group = await addTags('旧组', '旧名')
    expect(await client.external('edit_corp_tag', { id: tagId(group), name: '新名', order: 5 })).toMatchObject({ errcode: 0 })
    expect(await client.external('edit_corp_tag', { id: group.group_id, name: '新组' })).toMatchObject({ errcode: 0 })
    expect(await groups({ group_id: [group.group_id] })).toMatchObject([{ group_name: '新组', tag: [{ name: '新名', order: 5 }] }])
  })

  it('§5 removes the group with its last tag', async () => {
    const group = await addTags('短命', '甲', '乙')
    await client.external('del_corp_tag', { tag_id: [group.tag[0]?.id] })
    expect((await groups({ group_id: [group.group_id] }))[0]?.tag).toHaveLength(1)
    await client.external('del_corp_tag', { tag_id: [group.tag[1]?.id] })
    expect(await groups({ group_id: [group.group_id] })).toEqual([])
  })

  it('§5 lets the app neither edit nor delete what the console made', async () => {
    const group = await consoleGroup()
    const code = client.sandbox.settings.switches.codes.tagNotOwned
    expect(await client.external('edit_corp_tag', { id: tagId(group), name: '改名' })).toMatchObject({ errcode: code })
    expect(await client.external('del_corp_tag', { group_id: [group.group_id] })).toMatchObject({ errcode: code })
    expect(await consoleGroup()).toEqual(group)
  })

  it('§5 answers 40068 to an unknown tag', async () => {
    expect(await client.external('edit_corp_tag', { id: 'etUnknown', name: 'x' })).toMatchObject({ errcode: 40068 })
    expect(await client.external('del_corp_tag', { tag_id: ['etUnknown'] })).toMatchObject({ errcode: 40068 })
  })

  it('§5 holds 10,000 tags and no more', async () => {
    const count = (await groups()).reduce((sum, group) => sum + group.tag.length, 0)
    const fill = Array.from({ length: 10_000 - count }, (_, index) => `标签${index}`)
    await addTags('满', ...fill)
    const code = client.sandbox.settings.switches.codes.corpTagCap
    expect(await client.external('add_corp_tag', { group_name: '满', tag: [{ name: '多余' }] })).toMatchObject({ errcode: code })
    client.sandbox.settings.corpTagCap = 20_000
  })
})

describe('§5 mark_tag', () => {
  const mark = (more: Json, personId = 'p001'): Promise<Json> =>
    client.external('mark_tag', { userid: 'rep.li', external_userid: client.externalUserId(personId), ...more })
  const tagsOf = async (): Promise<unknown> => {
    const answer = await client.corp('/cgi-bin/externalcontact/get', { external_userid: client.externalUserId('p001') })
    return Object.fromEntries((answer['follow_user'] as Json[]).map((follower) => [follower['userid'], follower['tags']]))
  }

  it('§5 marks one pair, not the customer everywhere; console tags too', async () => {
    await client.sandbox.world.addContact({ personId: 'p001', staffUserId: 'rep.li' })
    await client.sandbox.world.addContact({ personId: 'p001', staffUserId: 'rep.wang' })
    const group = await consoleGroup()
    expect(await mark({ add_tag: [tagId(group)] })).toEqual({ errcode: 0, errmsg: 'ok' })
    expect(await tagsOf()).toEqual({
      'rep.li': [{ group_name: '客户来源', tag_name: group.tag[0]?.name, tag_id: tagId(group), type: 1 }], 'rep.wang': [],
    })
    await mark({ remove_tag: [tagId(group)] })
    expect(await tagsOf()).toMatchObject({ 'rep.li': [] })
  })

  it('§5 takes the tag off the customers when it is deleted', async () => {
    const group = await addTags('临时', '甲')
    await mark({ add_tag: [tagId(group)] })
    await client.external('del_corp_tag', { group_id: [group.group_id] })
    expect(await tagsOf()).toMatchObject({ 'rep.li': [] })
  })

  it('§5 wants add_tag or remove_tag, a relation (84061), a known tag (40068), a visible member (60021)', async () => {
    const add = { add_tag: [tagId(await consoleGroup())] }
    expect(await mark({})).toMatchObject({ errcode: 40063 })
    expect(await mark(add, 'p098')).toMatchObject({ errcode: 84061 })
    expect(await mark({ add_tag: ['etUnknown'] })).toMatchObject({ errcode: 40068 })
    expect(await mark({ ...add, userid: 'fin.ma' })).toMatchObject({ errcode: 60021 })
  })

  it('§5 answers 45035 to concurrent marks of one pair and none of two pairs', async () => {
    client.sandbox.settings.pairOperationMs = 30
    await client.sandbox.world.addContact({ personId: 'p002', staffUserId: 'rep.li' })
    const add = { add_tag: [tagId(await consoleGroup())] }
    const codes = async (...calls: Array<Promise<Json>>): Promise<unknown[]> => (await Promise.all(calls)).map((answer) => answer['errcode']).toSorted()
    expect(await codes(mark(add), mark(add))).toEqual([0, 45035])
    expect(await codes(mark(add), mark(add, 'p002'))).toEqual([0, 0])
  })

  it('§5 holds 3000 tags per member and customer', async () => {
    client.sandbox.settings.pairOperationMs = 0
    const group = await addTags('三千', ...Array.from({ length: 3_001 }, (_, index) => `签${index}`))
    const ids = group.tag.map((tag) => tag.id)
    await mark({ remove_tag: [tagId(await consoleGroup())] })
    expect(await mark({ add_tag: ids.slice(0, 3_000) })).toMatchObject({ errcode: 0 })
    expect(await mark({ add_tag: ids.slice(3_000) })).not.toMatchObject({ errcode: 0 })
  })
})
