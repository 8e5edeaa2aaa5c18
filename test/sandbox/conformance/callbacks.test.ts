import { decrypt } from '@wecom/crypto'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { useReceiver } from './receiver.ts'
import { credentials } from '../world/credentials.ts'

const receiver = useReceiver()
const { client } = receiver
const addPerson = (personId: string): Promise<void> => client.sandbox.world.addContact({ personId, staffUserId: 'rep.li', state: 'inv_7F3K' })

let lastPerson = 0
/** People 1 to 14 are of type 1 and follow nobody at the start. */
function freshPerson(): string {
  lastPerson += 1
  return `p${String(lastPerson).padStart(3, '0')}`
}

/** Retries wait for the sandbox's clock: move it until everything is settled. */
async function settle(): Promise<void> {
  const isIdle = { value: false }
  void client.sandbox.callbacks.idle().then(() => (isIdle.value = true))
  await vi.waitFor(async () => {
    await client.sandbox.clock.advance(1_000)
    if (!isIdle.value) throw new Error('callbacks are still under way')
  }, { timeout: 5_000, interval: 10 })
}

beforeEach(() => {
  client.sandbox.settings.callbackTimeoutMs = 5_000
})

describe('§7.1 transport', () => {
  it('§7.1 posts a signed envelope for the corp and its app', async () => {
    await addPerson(freshPerson())
    await client.sandbox.callbacks.idle()
    const [arrival] = receiver.arrivals
    expect([...(arrival?.query.keys() ?? [])]).toEqual(['msg_signature', 'timestamp', 'nonce'])
    expect(arrival?.envelope).toEqual({ ToUserName: credentials.corpId, AgentID: credentials.agentId, Encrypt: expect.any(String) })
    expect(arrival).toMatchObject({ isSigned: true, receiverId: credentials.corpId })
    expect(arrival?.query.get('timestamp')).toMatch(/^\d{10}$/)
  })

  it('§7.1 tries three times in all and repeats the same event', async () => {
    receiver.answer = (_request, response) => void response.writeHead(500).end()
    await addPerson(freshPerson())
    await settle()
    expect(receiver.arrivals).toHaveLength(3)
    expect(new Set(receiver.arrivals.map((arrival) => arrival.plaintext)).size).toBe(1)
    expect(client.sandbox.callbacks.deliveries().at(-1)).toMatchObject({ tries: 3, isDelivered: false })
  })

  it('§7.1 counts only HTTP 200 as received', async () => {
    receiver.answer = (_request, response) => void response.writeHead(204).end()
    await addPerson(freshPerson())
    await settle()
    expect(receiver.arrivals).toHaveLength(3)
  })

  it('§7.1 cuts the connection when no answer comes in time and tries again', async () => {
    client.sandbox.settings.callbackTimeoutMs = 40
    let isFirst = true
    receiver.answer = (_request, response) => {
      if (!isFirst) response.writeHead(200).end()
      isFirst = false
    }
    await addPerson(freshPerson())
    await settle()
    expect(receiver.arrivals).toHaveLength(2)
    expect(client.sandbox.callbacks.deliveries().at(-1)).toMatchObject({ tries: 2, isDelivered: true })
  })

  it('§7.1 checks the address: the bare plaintext saves, anything else does not', async () => {
    const echo = (wrap: (text: string) => string): typeof receiver.answer => (request, response) => {
      const { searchParams } = new URL(request.url ?? '/', 'http://receiver')
      response.writeHead(200).end(wrap(decrypt(credentials.callbackAesKey, searchParams.get('echostr') ?? '').message))
    }
    receiver.answer = echo((text) => text)
    expect(await client.sandbox.verifyUrl()).toBeNull()
    for (const wrap of [(text: string) => `"${text}"`, (text: string) => `${text}\n`, (text: string) => `\uFEFF${text}`]) {
      receiver.answer = echo(wrap)
      expect(await client.sandbox.verifyUrl()).toContain('bare plaintext')
    }
    receiver.answer = (_request, response) => void response.writeHead(403).end()
    expect(await client.sandbox.verifyUrl()).toContain('403')
  })

  it('§7.1 gives up the check after one second', async () => {
    receiver.answer = () => undefined
    expect(await client.sandbox.verifyUrl()).toContain('one second')
  })

  it('§12.6 raises nothing for changes made by API', async () => {
    const personId = freshPerson()
    await addPerson(personId)
    await client.sandbox.callbacks.idle()
    receiver.arrivals = []
    const pair = { userid: 'rep.li', external_userid: client.externalUserId(personId) }
    const { tag_group: group } = await client.external('add_corp_tag', { group_name: '等级', tag: [{ name: '金卡' }] })
    const tagId = (group as { tag: Array<{ id: string }> }).tag[0]?.id ?? ''
    const answers = [
      await client.external('mark_tag', { ...pair, add_tag: [tagId] }), await client.external('remark', { ...pair, remark: '新备注' }),
      await client.external('edit_corp_tag', { id: tagId, name: '白金' }), await client.external('del_corp_tag', { tag_id: [tagId] }),
    ]
    await client.sandbox.callbacks.idle()
    expect(answers.map((answer) => answer['errcode'])).toEqual([0, 0, 0, 0])
    expect(receiver.arrivals).toEqual([])
  })

  it('§6 reads the source IPs', async () => {
    expect(await client.corp('/cgi-bin/getcallbackip')).toMatchObject({ errcode: 0, ip_list: ['127.0.0.1'] })
  })
})

describe('§7.4 events', () => {
  const common = { ToUserName: credentials.corpId, FromUserName: 'sys', CreateTime: expect.stringMatching(/^\d{10}$/), MsgType: 'event' }
  const eventOf = async (changeType: string): Promise<Readonly<Record<string, string>>> =>
    receiver.next((event) => event['ChangeType'] === changeType)

  it('§7.4 add_external_contact carries state and welcome code', async () => {
    const personId = freshPerson()
    await addPerson(personId)
    expect(await eventOf('add_external_contact')).toEqual({
      ...common, Event: 'change_external_contact', ChangeType: 'add_external_contact', UserID: 'rep.li',
      ExternalUserID: client.externalUserId(personId), State: 'inv_7F3K', WelcomeCode: expect.any(String),
    })
  })

  it('§7.4 leaves State out for other sources', async () => {
    await client.sandbox.world.addContact({ personId: freshPerson(), staffUserId: 'rep.li', addWay: 2 })
    expect(await eventOf('add_external_contact')).not.toHaveProperty('State')
  })

  it('§13 turns a skip_verify scan into add_half_external_contact by switch', async () => {
    client.sandbox.settings.switches.skipVerifyEvent = 'add_half_external_contact'
    const { config_id: id } = await client.external('add_contact_way', { type: 1, scene: 2, user: ['rep.li'] })
    await client.sandbox.world.scan(freshPerson(), String(id))
    expect(await eventOf('add_half_external_contact')).toMatchObject({ UserID: 'rep.li', WelcomeCode: expect.any(String) })
    client.sandbox.settings.switches.skipVerifyEvent = 'add_external_contact'
  })

  it('§7.4 edit_external_contact follows a hand edit of remark or tags', async () => {
    const personId = freshPerson()
    await addPerson(personId)
    await client.sandbox.world.editContactByHand({ personId, staffUserId: 'rep.li', remark: '老客户' })
    expect(await eventOf('edit_external_contact')).toEqual({
      ...common, Event: 'change_external_contact', ChangeType: 'edit_external_contact', UserID: 'rep.li',
      ExternalUserID: client.externalUserId(personId),
    })
  })

  it.each([['member', 'del_external_contact'], ['customer', 'del_follow_user']] as const)(
    '§12.16 raises for a deletion by the %s: %s',
    async (by, changeType) => {
      const personId = freshPerson()
      await addPerson(personId)
      await client.sandbox.world.removeContact({ personId, staffUserId: 'rep.li', by })
      expect(await eventOf(changeType)).toMatchObject({ UserID: 'rep.li', ExternalUserID: client.externalUserId(personId) })
    },
  )

  it('§4.1 raises nothing for a member without the right or outside the visibility', async () => {
    await client.sandbox.world.addContact({ personId: freshPerson(), staffUserId: 'hr.sun' })
    await client.sandbox.world.addContact({ personId: freshPerson(), staffUserId: 'fin.ma' })
    await client.sandbox.callbacks.idle()
    expect(receiver.arrivals).toEqual([])
  })

  it('§7.4 change_external_tag tells what the console did to the library, without UserID', async () => {
    const { world } = client.sandbox
    const tagId = await world.createTagByConsole('来自后台', '新签')
    expect(await eventOf('create')).toMatchObject({ Event: 'change_external_tag', TagType: expect.stringMatching(/^tag(_group)?$/) })
    await world.renameTagByConsole(tagId, '改签')
    const renamed = await eventOf('update')
    expect(renamed).toEqual({ ...common, Event: 'change_external_tag', ChangeType: 'update', Id: tagId, TagType: 'tag' })
    await world.deleteTagByConsole(tagId)
    expect(await eventOf('delete')).toMatchObject({ Event: 'change_external_tag' })
  })

  it('§7.4 change_contact carries comma-separated departments', async () => {
    await client.sandbox.world.setStaffVisible('manager.wu', false)
    expect(await eventOf('update_user')).toMatchObject({ Event: 'change_contact', UserID: 'manager.wu', Department: '1,2' })
  })
})
