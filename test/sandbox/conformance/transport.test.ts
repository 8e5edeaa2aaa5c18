import { beforeEach, describe, expect, it } from 'vitest'
import { callJson, useSandbox } from './client.ts'

const client = useSandbox()
const LIST = '/cgi-bin/externalcontact/list'

describe('§0.1 transport rules of WeCom', () => {
  beforeEach(() => {
    client.sandbox.settings.frequency.clear()
    client.sandbox.settings.trustedIps = null
  })

  it('§0.1 reads the token from the query only: a token in the header or the body is 41001', async () => {
    const token = await client.corpToken()
    const url = `${client.sandbox.bases.wecomApi}/cgi-bin/externalcontact/get_corp_tag_list`
    const inHeader = await fetch(url, { method: 'POST', headers: { authorization: `Bearer ${token}` }, body: '{}' })
    expect(await inHeader.json()).toMatchObject({ errcode: 41001, tag_group: [] })
    expect(await callJson(url, { access_token: token })).toMatchObject({ errcode: 41001 })
  })

  it('§0.1 answers business errors with HTTP 200 and an unknown path with 404 and nothing', async () => {
    const refused = await fetch(`${client.sandbox.bases.wecomApi}${LIST}?access_token=made-up`)
    expect(refused.status).toBe(200)
    const unknown = await fetch(`${client.sandbox.bases.wecomApi}/cgi-bin/externalcontact/add?access_token=made-up`, { method: 'POST' })
    expect([unknown.status, await unknown.text()]).toEqual([404, ''])
  })

  it('§4.9 has no externalcontact/add', async () => {
    const answer = await fetch(`${client.sandbox.bases.wecomApi}/cgi-bin/externalcontact/add?access_token=${await client.corpToken()}`)
    expect(answer.status).toBe(404)
  })

  it.each([
    [LIST, undefined, { external_userid: [] }],
    ['/cgi-bin/externalcontact/get', undefined, { external_contact: {}, follow_user: [] }],
    ['/cgi-bin/externalcontact/get_follow_user_list', undefined, { follow_user: [] }],
    ['/cgi-bin/externalcontact/batch/get_by_user', {}, { external_contact_list: [], next_cursor: '' }],
    ['/cgi-bin/externalcontact/get_corp_tag_list', {}, { tag_group: [] }],
    ['/cgi-bin/user/simplelist', undefined, { userlist: [] }],
    ['/cgi-bin/department/simplelist', undefined, { department_id: [] }],
    ['/cgi-bin/getcallbackip', undefined, { ip_list: [] }],
  ])('§0.1 keeps the default empty fields of %s in a refusal', async (path, body, empty) => {
    expect(await client.corp(path, { access_token: 'made-up' }, body)).toMatchObject({ errcode: 40014, ...empty })
  })

  it('§0.1 ends errmsg with hint, caller IP and the query page', async () => {
    const { errmsg } = await client.corp(LIST, { access_token: 'made-up' })
    const tail = /^invalid access_token, hint: \[\d{24}\], from ip: 127\.0\.0\.1, more info at https:\/\/open\.work\.weixin\.qq\.com\/devtool\/query\?e=40014$/
    expect(errmsg).toMatch(tail)
  })

  it('§0.1 checks the token before the parameters', async () => {
    expect(await client.corp('/cgi-bin/externalcontact/mark_tag', { access_token: 'made-up' }, {})).toMatchObject({ errcode: 40014 })
    expect(await client.corp('/cgi-bin/externalcontact/mark_tag', {}, {})).toMatchObject({ errcode: 40063 })
  })

  it('§0.1 asks gettoken for the secret (41004) before the corpid (41002)', async () => {
    const base = `${client.sandbox.bases.wecomApi}/cgi-bin/gettoken`
    expect(await callJson(base)).toMatchObject({ errcode: 41004 })
    expect(await callJson(`${base}?corpsecret=x`)).toMatchObject({ errcode: 41002 })
  })

  it('§0.1 warns in errmsg about broken JSON', async () => {
    const answer = await client.corp('/cgi-bin/externalcontact/get_corp_tag_list', {}, '{"tag_id":[')
    expect(answer).toMatchObject({ errcode: 0, errmsg: expect.stringContaining('Warning: wrong json format.') })
  })

  it('§0.1 shapes ids as the platform does', () => {
    const { people } = client.sandbox.world
    expect(people.filter((person) => person.type === 1).every((person) => /^wm\w{30}$/.test(person.externalUserId))).toBe(true)
    expect(people.filter((person) => person.type === 2).every((person) => /^wo\w{30}$/.test(person.externalUserId))).toBe(true)
  })

  it('§0.1 takes userid in any case', async () => {
    expect(await client.corp('/cgi-bin/user/get', { userid: 'REP.LI' })).toMatchObject({ errcode: 0, userid: 'rep.li' })
  })

  it('§1.1 answers 60020 naming the IP to a caller that is not trusted', async () => {
    const token = await client.corpToken()
    client.sandbox.settings.trustedIps = ['203.0.113.9']
    const refused = await client.corp(LIST, { access_token: token, userid: 'rep.li' })
    expect(refused).toMatchObject({ errcode: 60020, external_userid: [], errmsg: expect.stringContaining('from ip: 127.0.0.1') })
  })

  it('§11 blocks with 45009 for the whole length of the window', async () => {
    client.sandbox.settings.frequency.set(LIST, { limit: 2, windowMs: 60_000, errcode: 45009 })
    const read = async (): Promise<unknown> => (await client.corp(LIST, { userid: 'rep.li' }))['errcode']
    expect([await read(), await read(), await read()]).toEqual([0, 0, 45009])
    await client.sandbox.clock.advance(59_999)
    expect(await read()).toBe(45009)
    await client.sandbox.clock.advance(1)
    expect(await read()).toBe(0)
  })

  it('§11 answers 45033 when too many calls of one API are in flight', async () => {
    const path = '/cgi-bin/externalcontact/remark'
    client.sandbox.settings.concurrency.set(path, 1)
    client.sandbox.settings.pairOperationMs = 30
    await client.sandbox.world.addContact({ personId: 'p010', staffUserId: 'rep.li' })
    const body = { userid: 'rep.li', external_userid: client.externalUserId('p010'), remark: '老客户' }
    const codes = (await Promise.all([client.corp(path, {}, body), client.corp(path, {}, body)])).map((answer) => answer['errcode'])
    expect(codes.toSorted()).toEqual([0, 45033])
  })
})
