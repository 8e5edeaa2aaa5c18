import { describe, expect, it } from 'vitest'
import { useSandbox } from './client.ts'
import { credentials } from '../world/credentials.ts'

const client = useSandbox()
const PRIVATE_FIELDS = ['avatar', 'gender', 'mobile', 'email', 'biz_mail', 'qr_code', 'address']

describe('§6 members, departments, visibility', () => {
  it('§6 reads a member without the fields the privacy cut took', async () => {
    const member = await client.corp('/cgi-bin/user/get', { userid: 'rep.li' })
    expect(member).toEqual({
      errcode: 0, errmsg: 'ok', userid: 'rep.li', name: '李静', department: [2], order: [0], position: '会员顾问', is_leader_in_dept: [0],
      direct_leader: [], telephone: '', alias: '', status: 1, main_department: 2, extattr: { attrs: [] },
    })
    for (const field of PRIVATE_FIELDS) expect(member).not.toHaveProperty(field)
  })

  it('§6 answers 60111 to an unknown member and 60011 to one outside the visibility', async () => {
    expect(await client.corp('/cgi-bin/user/get', { userid: 'nobody' })).toMatchObject({ errcode: 60111 })
    expect(await client.corp('/cgi-bin/user/get', { userid: 'fin.ma' })).toMatchObject({ errcode: 60011 })
  })

  it('§6 cuts member lists to the visibility', async () => {
    const { userlist } = await client.corp('/cgi-bin/user/simplelist', { department_id: '1' })
    expect(userlist).toContainEqual({ userid: 'hr.sun', name: '孙丽', department: [1] })
    expect(JSON.stringify(userlist)).not.toContain('fin.ma')
    const { userlist: full } = await client.corp('/cgi-bin/user/list', { department_id: '2' })
    expect(full).toContainEqual(expect.objectContaining({ userid: 'rep.li', status: 1 }))
  })

  it('§6 gives the root department id 1 and parent 0', async () => {
    const { department_id: ids } = await client.corp('/cgi-bin/department/simplelist')
    expect(ids).toEqual([
      { id: 1, parentid: 0, order: 100000000 }, { id: 2, parentid: 1, order: 100000000 }, { id: 3, parentid: 1, order: 99999000 },
    ])
    expect(await client.corp('/cgi-bin/department/get', { id: '2' })).toMatchObject({ department: { id: 2, name: '销售一部', parentid: 1 } })
    const { department } = await client.corp('/cgi-bin/department/list', { id: '3' })
    expect(department).toMatchObject([{ id: 3, name: '销售二部', department_leader: ['manager.xu'], parentid: 1 }])
  })

  it('§6 shows the own agent with its visible members, another one is 301002', async () => {
    const agent = await client.corp('/cgi-bin/agent/get', { agentid: credentials.agentId })
    expect(agent).toMatchObject({ errcode: 0, agentid: 1000002, close: 0, allow_userinfos: { user: expect.arrayContaining([{ userid: 'rep.li' }]) } })
    expect(JSON.stringify(agent['allow_userinfos'])).not.toContain('fin.ma')
    expect(await client.corp('/cgi-bin/agent/get', { agentid: '1000099' })).toMatchObject({ errcode: 301002 })
  })

  it('§6 follows a change of the visibility at once', async () => {
    await client.sandbox.world.setStaffVisible('rep.chen', false)
    expect(await client.corp('/cgi-bin/user/get', { userid: 'rep.chen' })).toMatchObject({ errcode: 60011 })
    await client.sandbox.world.setStaffVisible('rep.chen', true)
    expect(await client.corp('/cgi-bin/user/get', { userid: 'rep.chen' })).toMatchObject({ errcode: 0 })
  })
})
