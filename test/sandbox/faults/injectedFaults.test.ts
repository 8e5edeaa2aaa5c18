import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { useReceiver } from '../conformance/receiver.ts'
import type { CallbackFaultKind, VendorFaultKind } from './faultPlan.ts'

const receiver = useReceiver()
const { client } = receiver
const PATH = '/cgi-bin/externalcontact/get_corp_tag_list'
const REMARK = '/cgi-bin/externalcontact/remark'

let token = ''
beforeAll(async () => {
  token = await client.corpToken()
  await client.sandbox.world.addContact({ personId: 'p090', staffUserId: 'rep.wang' })
})
beforeEach(() => client.sandbox.faults.stop())

function inject(kind: VendorFaultKind, more: { path?: string; errcode?: -1 | 45009; delayMs?: number } = {}): void {
  client.sandbox.faults.start({ seed: 1, vendor: [{ kind, probability: 1, path: PATH, times: 1, ...more }] })
}

function call(path: string = PATH, body: unknown = {}): Promise<Response> {
  const url = `${client.sandbox.bases.wecomApi}${path}?access_token=${token}`
  return fetch(url, { method: 'POST', body: JSON.stringify(body), signal: AbortSignal.timeout(300) })
}

describe('faults of vendor answers', () => {
  it('http5xx answers 502 without a body, the next call is fine', async () => {
    inject('http5xx')
    const broken = await call()
    expect([broken.status, await broken.text()]).toEqual([502, ''])
    expect((await call()).status).toBe(200)
  })

  it('html answers a page instead of JSON', async () => {
    inject('html')
    const answer = await call()
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    expect(await answer.text()).toContain('<html>')
  })

  it('errcode answers the code with the default empty fields', async () => {
    inject('errcode', { errcode: 45009 })
    expect(await (await call()).json()).toMatchObject({ errcode: 45009, tag_group: [] })
  })

  it('drop cuts the connection after the work was done', async () => {
    inject('drop', { path: REMARK })
    const body = { userid: 'rep.wang', external_userid: client.externalUserId('p090'), remark: '断线前' }
    await expect(call(REMARK, body)).rejects.toThrow('fetch failed')
    const relation = client.sandbox.world.relations().find(({ personId }) => personId === 'p090')
    expect(relation?.remark).toBe('断线前')
  })

  it('hold keeps the answer after the work was done, and says so', async () => {
    const held: string[] = []
    const stopListening = client.sandbox.faults.onHeld((path) => held.push(path))
    inject('hold', { path: REMARK })
    const body = { userid: 'rep.wang', external_userid: client.externalUserId('p090'), remark: '无应答前' }
    await expect(call(REMARK, body)).rejects.toMatchObject({ name: 'TimeoutError' })
    stopListening()
    const relation = client.sandbox.world.relations().find(({ personId }) => personId === 'p090')
    expect([relation?.remark, held]).toEqual(['无应答前', [REMARK]])
  })

  it('counts what took effect, not what was tried', async () => {
    const WAY = '/cgi-bin/externalcontact/add_contact_way'
    const body = (user: string) => ({ type: 1, scene: 2, user: [user], state: 'ledger' })
    inject('drop', { path: WAY })
    await expect(call(WAY, body('rep.wang'))).rejects.toThrow('fetch failed')
    await call(WAY, body('nobody'))
    expect(client.sandbox.effects.of(WAY).get('ledger')).toBe(1)
    await call(WAY, body('rep.wang'))
    expect(client.sandbox.effects.of(WAY).get('ledger')).toBe(2)
  })

  it('halfOpen never answers: the caller needs its own timeout', async () => {
    inject('halfOpen')
    await expect(call()).rejects.toMatchObject({ name: 'TimeoutError' })
  })

  it('duplicate runs the request twice', async () => {
    inject('duplicate', { path: '/cgi-bin/externalcontact/add_corp_tag' })
    const answer = await call('/cgi-bin/externalcontact/add_corp_tag', { group_name: '重复执行', tag: [{ name: '甲' }] })
    expect(await answer.json()).toMatchObject({ errcode: 40071 })
  })

  it('delay answers late but right', async () => {
    inject('delay', { delayMs: 60 })
    expect((await call()).status).toBe(200)
    expect(client.sandbox.faults.describe()).toBe('seed 1: 1 faults (delay 1)')
  })

  it('reorder holds an answer until the next one has passed', async () => {
    inject('reorder')
    const order: string[] = []
    const first = call().then(() => order.push('first'))
    await vi.waitFor(() => expect(client.sandbox.faults.describe()).toContain('reorder 1'))
    expect((await fetch(`${client.sandbox.bases.wecomApi}/unknown`)).status).toBe(404)
    expect(order).toEqual([])
    await call()
    await first
    expect(order).toEqual(['first'])
  })
})

describe('faults of callback pushes', () => {
  const people = Array.from({ length: 14 }, (_, index) => `p${String(index + 1).padStart(3, '0')}`)
  const addNext = async (): Promise<void> => client.sandbox.world.addContact({ personId: people.shift() ?? '', staffUserId: 'rep.li' })
  const start = (kind: CallbackFaultKind): void => client.sandbox.faults.start({ seed: 1, callback: [{ kind, probability: 1, times: 1 }] })

  /** Moves the clock until every push is settled: retries wait for it. */
  async function settle(): Promise<void> {
    let isIdle = false
    void client.sandbox.callbacks.idle().then(() => (isIdle = true))
    await vi.waitFor(async () => {
      await client.sandbox.clock.advance(1_000)
      expect(isIdle).toBe(true)
    }, { timeout: 5_000, interval: 5 })
  }

  it('drop loses the event for good', async () => {
    start('drop')
    await addNext()
    await settle()
    expect(receiver.arrivals).toEqual([])
  })

  it('duplicate delivers the same bytes twice', async () => {
    start('duplicate')
    await addNext()
    await settle()
    expect(receiver.arrivals.map((arrival) => arrival.envelope['Encrypt'])).toEqual([expect.any(String), receiver.arrivals[0]?.envelope['Encrypt']])
  })

  it('lostAnswer pushes again although our server answered 200', async () => {
    start('lostAnswer')
    await addNext()
    await settle()
    expect(receiver.arrivals).toHaveLength(2)
  })

  it('halfOpen sends half a body, then tries again with all of it', async () => {
    client.sandbox.settings.callbackTimeoutMs = 50
    start('halfOpen')
    await addNext()
    await settle()
    expect(receiver.arrivals).toHaveLength(1)
    expect(client.sandbox.callbacks.deliveries().at(-1)).toMatchObject({ tries: 2, isDelivered: true })
    client.sandbox.settings.callbackTimeoutMs = 5_000
  })

  it('reorder lets a later event overtake', async () => {
    start('reorder')
    const [first, second] = [people[0] ?? '', people[1] ?? '']
    await addNext()
    await addNext()
    await settle()
    const order = receiver.arrivals.map((arrival) => arrival.event['ExternalUserID'])
    expect(order).toEqual([client.externalUserId(second), client.externalUserId(first)])
  })
})
