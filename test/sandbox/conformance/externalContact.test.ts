import { beforeAll, describe, expect, it } from 'vitest'
import { useSandbox } from './client.ts'
import type { Json } from './client.ts'

const client = useSandbox()
const get = (personId: string): Promise<Json> => client.corp('/cgi-bin/externalcontact/get', { external_userid: client.externalUserId(personId) })
const list = (userid: string): Promise<Json> => client.corp('/cgi-bin/externalcontact/list', { userid })

/** First person of the world for whom the claim holds. */
function personWith(claim: (person: ReturnType<typeof client.sandbox.world.person>) => boolean): string {
  const found = client.sandbox.world.people.slice(1, 100).find(claim)
  if (!found) throw new Error('the world has no such person')
  return found.personId
}

beforeAll(async () => {
  await client.sandbox.world.addContact({ personId: 'p001', staffUserId: 'rep.li', state: 'inv_7F3K' })
  await client.sandbox.world.addContact({ personId: 'p001', staffUserId: 'rep.wang' })
})

describe('§4.1 preconditions', () => {
  it('§4.1 answers 48002 to every call when the app is not granted', async () => {
    client.sandbox.settings.hasContactApi = false
    const answers = [
      await list('rep.li'), await client.external('mark_tag', {}), await client.external('add_contact_way', {}),
      await client.external('send_welcome_msg', {}), await client.external('get_corp_tag_list', {}),
    ]
    client.sandbox.settings.hasContactApi = true
    expect(answers.map((answer) => answer['errcode'])).toEqual([48002, 48002, 48002, 48002, 48002])
  })

  it('§4.1 has no customers (84061) for a member without the right', async () => {
    await client.sandbox.world.addContact({ personId: 'p001', staffUserId: 'hr.sun' })
    expect(await list('hr.sun')).toMatchObject({ errcode: 84061, external_userid: [] })
  })

  it('§4.1 answers 60021 for a member outside the visibility, and lists leave him out', async () => {
    expect(await list('fin.ma')).toMatchObject({ errcode: 60021 })
    const { follow_user: staff } = await client.corp('/cgi-bin/externalcontact/get_follow_user_list')
    expect(staff).toEqual(expect.arrayContaining(['rep.li']))
    expect(staff).not.toEqual(expect.arrayContaining(['fin.ma']))
    expect(staff).not.toEqual(expect.arrayContaining(['hr.sun']))
  })
})

describe('§4.2 read', () => {
  it('§4.2 lists the external ids of a member', async () => {
    expect(await list('rep.li')).toMatchObject({ errcode: 0, external_userid: expect.arrayContaining([client.externalUserId('p001')]) })
  })

  it('§4.2 answers 40003 to an empty and 60111 to an unknown userid', async () => {
    expect(await list('')).toMatchObject({ errcode: 40003 })
    expect(await list('nobody')).toMatchObject({ errcode: 60111 })
  })

  it('§13 answers an empty list or 84061 for a member without customers, by switch', async () => {
    for (const relation of client.sandbox.world.relations().filter(({ staffUserId }) => staffUserId === 'rep.zhou')) {
      await client.sandbox.world.removeContact({ ...relation, by: 'member' })
    }
    expect(await list('rep.zhou')).toMatchObject({ errcode: 0, external_userid: [] })
    client.sandbox.settings.switches.emptyContactList = 84061
    expect(await list('rep.zhou')).toMatchObject({ errcode: 84061, external_userid: [] })
  })

  it('§4.2 gives contact and followers in the documented shape', async () => {
    const answer = await get('p001')
    expect(answer['external_contact']).toEqual({
      external_userid: client.externalUserId('p001'), name: '小安', avatar: expect.any(String), type: 1, gender: 2,
      unionid: client.sandbox.world.person('p001').unionId,
    })
    expect(answer['follow_user']).toEqual([
      {
        userid: 'rep.li', remark: '小安', description: '', createtime: 1767232800, tags: [], remark_mobiles: [], oper_userid: 'rep.li',
        add_way: 1, state: 'inv_7F3K',
      },
      expect.not.objectContaining({ state: expect.anything() }),
    ])
  })

  it('§4.2 shows type-2 contacts with their corp and without unionid', async () => {
    const personId = personWith((person) => person.type === 2)
    await client.sandbox.world.addContact({ personId, staffUserId: 'rep.li' })
    const { external_contact: contact } = await get(personId)
    expect(contact).toMatchObject({ type: 2, corp_name: expect.any(String), corp_full_name: expect.any(String), position: expect.any(String) })
    expect(contact).not.toHaveProperty('unionid')
  })

  it('§4.2 leaves unionid out until the developer id is bound, and for people without one', async () => {
    const personId = personWith((person) => person.type === 1 && person.unionId === null)
    await client.sandbox.world.addContact({ personId, staffUserId: 'rep.li' })
    expect((await get(personId))['external_contact']).not.toHaveProperty('unionid')
    client.sandbox.settings.isDeveloperIdBound = false
    expect((await get('p001'))['external_contact']).not.toHaveProperty('unionid')
    client.sandbox.settings.isDeveloperIdBound = true
  })

  it('§4.2 answers 84061 with empty fields for somebody nobody follows', async () => {
    expect(await get('p099')).toMatchObject({ errcode: 84061, external_contact: {}, follow_user: [] })
  })

  it('§4.2 pages batch/get_by_user; follow_info is one object with tag ids', async () => {
    const seen: unknown[] = []
    let cursor = ''
    do {
      const page = await client.external('batch/get_by_user', { userid_list: ['rep.li', 'rep.wang'], limit: 3, cursor })
      const rows = page['external_contact_list'] as Array<{ external_contact: Json; follow_info: Json }>
      expect(rows.length).toBeLessThanOrEqual(3)
      for (const row of rows) {
        expect(row.follow_info).toMatchObject({ tag_id: expect.any(Array), createtime: expect.any(Number) })
        expect(row.follow_info).not.toHaveProperty('tags')
        seen.push(`${String(row.follow_info['userid'])} ${String(row.external_contact['external_userid'])}`)
      }
      cursor = String(page['next_cursor'])
    } while (cursor !== '')
    const wanted = client.sandbox.world.relations().filter(({ staffUserId }) => ['rep.li', 'rep.wang'].includes(staffUserId))
    expect(seen.toSorted()).toEqual(wanted.map((row) => `${row.staffUserId} ${client.externalUserId(row.personId)}`).toSorted())
  })

  it('§4.2 takes at most 100 members and rows in a batch', async () => {
    expect(await client.external('batch/get_by_user', { userid_list: Array(101).fill('rep.li') })).not.toMatchObject({ errcode: 0 })
    expect(await client.external('batch/get_by_user', { userid_list: ['rep.li'], limit: 101 })).not.toMatchObject({ errcode: 0 })
  })

  it('§12.16 still shows a customer who deleted the member, and no more one the member deleted', async () => {
    await client.sandbox.world.addContact({ personId: 'p030', staffUserId: 'rep.li' })
    await client.sandbox.world.removeContact({ personId: 'p030', staffUserId: 'rep.li', by: 'customer' })
    expect(await get('p030')).toMatchObject({ errcode: 0 })
    expect((await list('rep.li'))['external_userid']).toContain(client.externalUserId('p030'))
    await client.sandbox.world.removeContact({ personId: 'p030', staffUserId: 'rep.li', by: 'member' })
    expect(await get('p030')).toMatchObject({ errcode: 84061 })
    client.sandbox.settings.switches.isDeletedByMemberStillListed = true
    expect(await get('p030')).toMatchObject({ errcode: 0 })
    client.sandbox.settings.switches.isDeletedByMemberStillListed = false
  })
})

describe('§4.3 remark', () => {
  const remark = (more: Json): Promise<Json> => client.external('remark', { userid: 'rep.li', external_userid: client.externalUserId('p001'), ...more })
  const followUser = async (): Promise<Json> => ((await get('p001'))['follow_user'] as Json[])[0] as Json

  it('§4.3 changes remark, description, company and mobiles', async () => {
    const change = { remark: '安女士-A店', description: '喜欢护肤', remark_company: '安的店', remark_mobiles: ['13800001111'] }
    expect(await remark(change)).toMatchObject({ errcode: 0 })
    expect(await followUser()).toMatchObject({
      remark: '安女士-A店', description: '喜欢护肤', remark_corp_name: '安的店', remark_mobiles: ['13800001111'],
    })
  })

  it('§4.3 replaces the mobiles and clears them with [""]', async () => {
    await remark({ remark_mobiles: ['13900002222'] })
    expect(await followUser()).toMatchObject({ remark_mobiles: ['13900002222'] })
    await remark({ remark_mobiles: [''] })
    expect(await followUser()).toMatchObject({ remark_mobiles: [] })
  })

  it('§4.3 wants at least one field (40063) and a relation (84061)', async () => {
    expect(await remark({})).toMatchObject({ errcode: 40063 })
    expect(await remark({ remark: 'x', external_userid: client.externalUserId('p099') })).toMatchObject({ errcode: 84061 })
  })

  it('§4.3 takes 20 characters of remark, not 21', async () => {
    expect(await remark({ remark: '安'.repeat(20) })).toMatchObject({ errcode: 0 })
    expect(await remark({ remark: '安'.repeat(21) })).not.toMatchObject({ errcode: 0 })
  })

  it('§1.1 answers 45035 to two changes of one pair at the same time', async () => {
    client.sandbox.settings.pairOperationMs = 30
    const codes = (await Promise.all([remark({ remark: '甲' }), remark({ remark: '乙' })])).map((answer) => answer['errcode'])
    expect(codes.toSorted()).toEqual([0, 45035])
  })
})
