import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createManualClock } from '../clock.ts'
import { createClient, START_MS } from '../conformance/client.ts'
import { startSandbox } from '../startSandbox.ts'
import type { Sandbox, SandboxOptions } from '../types.ts'

const running: Sandbox[] = []
let folder = ''

async function start(options: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({ port: 0, serverUrl: null, hasStage: false, clock: createManualClock(START_MS), ...options })
  running.push(sandbox)
  return sandbox
}

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'qihui-sandbox-'))
})
afterEach(async () => {
  await Promise.all(running.splice(0).map((sandbox) => sandbox.close()))
  await rm(folder, { recursive: true })
})

describe('seeded world', () => {
  it('has 12 members in three departments, one without the right, one outside the visibility', async () => {
    const { world } = await start()
    expect(world.staff).toHaveLength(12)
    expect(new Set(world.staff.flatMap((member) => member.departmentIds))).toEqual(new Set([1, 2, 3]))
    expect(world.staff.filter((member) => !member.hasContactRight)).toHaveLength(1)
    expect(world.staff.filter((member) => !member.isVisible)).toHaveLength(1)
    expect(world.staff.find((member) => member.userId === 'rep.li')).toMatchObject({ name: '李静', hasContactRight: true, isVisible: true })
  })

  it('has 300 people with ids and phones of their own, some without unionid or phone, some of type 2', async () => {
    const { world } = await start()
    const { people } = world
    expect(people).toHaveLength(300)
    for (const key of ['personId', 'mpOpenId', 'externalUserId'] as const) expect(new Set(people.map((person) => person[key])).size).toBe(300)
    const phones = people.flatMap((person) => person.phone ?? [])
    expect(new Set(phones).size).toBe(phones.length)
    expect(phones.every((phone) => /^1\d{10}$/.test(phone))).toBe(true)
    for (const claim of [phones.length, people.filter((person) => person.unionId).length, people.filter((person) => person.type === 1).length]) {
      expect(claim).toBeGreaterThan(200)
      expect(claim).toBeLessThan(300)
    }
    expect(world.person('p001')).toMatchObject({ name: '小安', type: 1, phone: '13800001111', unionId: expect.stringMatching(/^o/) })
  })

  it('starts with some 40 relations, none of the first hundred people', async () => {
    const { world } = await start()
    expect(world.relations()).toHaveLength(40)
    expect(world.relations().every((relation) => relation.personId > 'p100')).toBe(true)
  })

  it('is the same for one seed and another for another', async () => {
    const [first, second, other] = [await start({ seed: 1 }), await start({ seed: 1 }), await start({ seed: 2 })]
    expect(second.world.people).toEqual(first.world.people)
    expect(second.world.relations()).toEqual(first.world.relations())
    expect(other.world.people).not.toEqual(first.world.people)
  })
})

describe('adding and removing', () => {
  it('adds once: a second scan of a friend changes nothing', async () => {
    const { world } = await start()
    await world.addContact({ personId: 'p001', staffUserId: 'rep.li', state: 'first' })
    await world.addContact({ personId: 'p001', staffUserId: 'rep.li', state: 'second' })
    expect(world.relations().filter((relation) => relation.personId === 'p001')).toMatchObject([{ state: 'first' }])
  })

  it('renews the relation when the customer had deleted the member', async () => {
    const { world } = await start()
    await world.addContact({ personId: 'p001', staffUserId: 'rep.li', state: 'first' })
    await world.removeContact({ personId: 'p001', staffUserId: 'rep.li', by: 'customer' })
    expect(world.relations().at(-1)).toMatchObject({ personId: 'p001', isDeletedByCustomer: true })
    await world.addContact({ personId: 'p001', staffUserId: 'rep.li', state: 'second' })
    expect(world.relations().at(-1)).toMatchObject({ personId: 'p001', isDeletedByCustomer: false, state: 'second' })
  })

  it('says in Chinese what cannot be done', async () => {
    const { world } = await start()
    await expect(world.removeContact({ personId: 'p001', staffUserId: 'rep.li', by: 'member' })).rejects.toThrow('不是好友')
    await expect(world.addContact({ personId: 'p999', staffUserId: 'rep.li' })).rejects.toThrow('没有编号为 p999 的客户')
    await expect(world.addContact({ personId: 'p001', staffUserId: 'nobody' })).rejects.toThrow('没有账号为 nobody 的员工')
    expect(() => world.loginCode('p015')).toThrow('不能打开这个小程序')
  })
})

describe('wire list', () => {
  it('names call and meaning but never a token, secret, phone or code', async () => {
    const sandbox = await start()
    const client = createClient(sandbox)
    const code = sandbox.world.phoneCode('p001')
    const [corpToken, wechatToken] = [await client.corpToken(), await client.wechatToken()]
    await client.wechat('/wxa/business/getuserphonenumber', { access_token: wechatToken }, { code })
    await client.corp(`/cgi-bin/${corpToken}`, { access_token: corpToken }).catch(() => undefined)
    const text = JSON.stringify(sandbox.wire.entries())
    expect(sandbox.wire.entries()).toContainEqual(expect.objectContaining({
      from: 'server', to: 'wechat', what: 'POST /wxa/business/getuserphonenumber', meaning: '用手机号凭证换取手机号', status: 200, errcode: 0,
    }))
    for (const secret of [code, corpToken, wechatToken, '13800001111']) expect(text).not.toContain(secret)
  })

  it('tells listeners of each line until they leave', async () => {
    const { wire } = await start()
    const seen: string[] = []
    const leave = wire.onEntry((entry) => seen.push(entry.what))
    const line = { from: 'phone', to: 'server', meaning: '', status: 200, errcode: null, durationMs: 1 } as const
    wire.add({ ...line, what: 'one' })
    leave()
    wire.add({ ...line, what: 'two' })
    expect(seen).toEqual(['one'])
  })
})

describe('state file', () => {
  it('brings relations, tags, codes, tickets and tokens back after a restart', async () => {
    const stateFile = path.join(folder, 'sandbox.json')
    const before = await start({ stateFile })
    const client = createClient(before)
    await before.world.addContact({ personId: 'p001', staffUserId: 'rep.li' })
    await client.external('add_corp_tag', { group_name: '等级', tag: [{ name: '金卡' }] })
    const { config_id: configId } = await client.external('add_contact_way', { type: 1, scene: 2, user: ['rep.li'], state: 's' })
    const { ticket } = await client.corp('/cgi-bin/get_jsapi_ticket')
    const token = await client.corpToken()
    const relations = before.world.relations()
    await before.close()

    const after = await start({ stateFile })
    const again = createClient(after)
    expect(after.world.relations()).toEqual(relations)
    expect(after.world.codes()).toMatchObject([{ codeId: configId, token: 's' }])
    expect(after.world.codes()[0]?.image.length).toBeGreaterThan(100)
    expect(await again.corp('/cgi-bin/get_jsapi_ticket', { access_token: token })).toMatchObject({ errcode: 0, ticket })
    expect(JSON.stringify(await again.external('get_corp_tag_list', {}))).toContain('金卡')
  })

  it('starts anew when the file is broken', async () => {
    const stateFile = path.join(folder, 'broken.json')
    await writeFile(stateFile, '{"version":')
    const { world } = await start({ stateFile })
    expect(world.relations()).toHaveLength(40)
  })
})

describe('starting', () => {
  it('rejects with EADDRINUSE on a taken port', async () => {
    const first = await start()
    const port = Number(new URL(first.url).port)
    await expect(start({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })

  it('knows the published pages of the shipped build', async () => {
    await writeFile(path.join(folder, 'app.json'), JSON.stringify({ pages: ['pages/a'], subPackages: [{ root: 'sub/', pages: ['b'] }] }))
    const { settings } = await start({ miniProgramDist: folder })
    expect(settings.publishedPages).toEqual(['pages/a', 'sub/b'])
  })
})
