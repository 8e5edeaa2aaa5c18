import jsQR from 'jsqr'
import { PNG } from 'pngjs'
import { describe, expect, it } from 'vitest'
import { useSandbox } from './client.ts'
import type { Json } from './client.ts'

const client = useSandbox()
const WAY = { type: 1, scene: 2, user: ['rep.li'] }
const add = (change: Json = {}): Promise<Json> => client.external('add_contact_way', { ...WAY, ...change })

/** Text of a QR picture, as a scanner reads it. */
function readQr(image: Buffer): string | undefined {
  const png = PNG.sync.read(image)
  return jsQR(new Uint8ClampedArray(png.data), png.width, png.height)?.data
}

describe('§4.4 contact way', () => {
  it('§4.4 gives a config_id of 32 hex and a picture that scans', async () => {
    const answer = await add({ state: 'inv_7F3K' })
    expect(answer).toMatchObject({ errcode: 0, errmsg: 'ok', config_id: expect.stringMatching(/^[0-9a-f]{32}$/) })
    const image = Buffer.from(await (await fetch(String(answer['qr_code']))).arrayBuffer())
    expect(readQr(image)).toContain(String(answer['config_id']))
  })

  it('§4.4 gives no picture for the plug-in scene', async () => {
    expect(await add({ scene: 1 })).not.toHaveProperty('qr_code')
  })

  it.each([
    ['41037 no type', { type: undefined }, 41037],
    ['41038 no scene', { scene: undefined }, 41038],
    ['41039 a bad type', { type: 3 }, 41039],
    ['41040 a bad scene', { scene: 3 }, 41040],
    ['41054 a member without the right', { user: ['hr.sun'] }, 41054],
    ['60021 a member outside the visibility', { user: ['fin.ma'] }, 60021],
    ['40063 nobody', { type: 2, user: [] }, 40063],
  ])('§4.4 answers %s', async (_name, change, errcode) => {
    expect(await add(change)).toMatchObject({ errcode })
  })

  it('§4.4 takes exactly one user for type 1 and 30 characters of state and remark', async () => {
    expect(await add({ user: ['rep.li', 'rep.wang'] })).not.toMatchObject({ errcode: 0 })
    expect(await add({ state: '界'.repeat(30), remark: '界'.repeat(30) })).toMatchObject({ errcode: 0 })
    expect(await add({ state: 'a'.repeat(31) })).not.toMatchObject({ errcode: 0 })
    expect(await add({ remark: 'a'.repeat(31) })).not.toMatchObject({ errcode: 0 })
  })

  it('§4.4 reads a way back, skip_verify true unless told', async () => {
    const { config_id: id, qr_code: picture } = await add({ state: 's1', remark: '门店A' })
    expect((await client.external('get_contact_way', { config_id: id }))['contact_way']).toEqual({
      config_id: id, type: 1, scene: 2, style: 1, remark: '门店A', skip_verify: true, state: 's1', qr_code: picture, user: ['rep.li'], party: [],
      is_temp: false,
    })
  })

  it('§4.4 answers 41043 without and 41044 with an unknown config_id', async () => {
    for (const call of ['get_contact_way', 'update_contact_way', 'del_contact_way']) {
      expect(await client.external(call, {})).toMatchObject({ errcode: 41043 })
      expect(await client.external(call, { config_id: '0'.repeat(32) })).toMatchObject({ errcode: 41044 })
    }
  })

  it('§4.4 replaces users by update and never the type', async () => {
    const { config_id: id } = await add()
    expect(await client.external('update_contact_way', { config_id: id, user: ['rep.wang'], state: 'new', type: 2 })).toMatchObject({ errcode: 0 })
    const { contact_way: way } = await client.external('get_contact_way', { config_id: id })
    expect(way).toMatchObject({ type: 1, user: ['rep.wang'], state: 'new' })
  })

  it('§4.4 lists ids only, pages, and looks back 90 days', async () => {
    const { config_id: old } = await add()
    await client.sandbox.clock.advance(91 * 86_400_000)
    const fresh = [(await add())['config_id'], (await add())['config_id']]
    const first = await client.external('list_contact_way', { limit: 1 })
    expect(first['contact_way']).toEqual([{ config_id: fresh[0] }])
    const second = await client.external('list_contact_way', { limit: 1, cursor: first['next_cursor'] })
    expect(second).toMatchObject({ contact_way: [{ config_id: fresh[1] }], next_cursor: '' })
    const all = await client.external('list_contact_way', { start_time: 0, limit: 1000 })
    expect(all['contact_way']).toEqual(expect.arrayContaining([{ config_id: old }]))
  })

  it('§4.4 forgets a deleted way: the code no longer scans', async () => {
    const { config_id: id } = await add()
    expect(await client.external('del_contact_way', { config_id: id })).toMatchObject({ errcode: 0 })
    expect(await client.external('get_contact_way', { config_id: id })).toMatchObject({ errcode: 41044 })
    await expect(client.sandbox.world.scan('p001', String(id))).rejects.toThrow('不存在')
  })

  it('§4.4 brings the state back in follow_user after a scan', async () => {
    const { config_id: id } = await add({ state: 'inv_8G4M' })
    expect(await client.sandbox.world.scan('p002', String(id))).toEqual({ kind: 'contactAdded', staffUserId: 'rep.li' })
    const { follow_user: followers } = await client.corp('/cgi-bin/externalcontact/get', { external_userid: client.externalUserId('p002') })
    expect(followers).toMatchObject([{ userid: 'rep.li', state: 'inv_8G4M', add_way: 1 }])
  })

  it('§4.4 expands departments of a type-2 way to members who may serve', async () => {
    const { config_id: id } = await add({ type: 2, user: [], party: [3] })
    const result = await client.sandbox.world.scan('p003', String(id))
    const member = client.sandbox.world.staff.find(({ userId }) => 'staffUserId' in result && userId === result.staffUserId)
    expect(member).toMatchObject({ departmentIds: expect.arrayContaining([3]), hasContactRight: true })
  })
})
