import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { staffCookieOf } from '../factories/staffCookieOf.ts'
import { callsOf, startProduct, type Product } from './startProduct.ts'

let product: Product

const patiently = { timeout: 20_000, interval: 100 }

beforeAll(async () => {
  product = await startProduct({ withWorker: true })
  // The worker begins with a sweep of everybody the company serves already.
  await vi.waitFor(async () => expect(await pairs()).toHaveLength(product.sandbox.world.relations().length - hiddenRelations()), patiently)
})
afterAll(() => product.close())

/** Relations of staff the app may not see, or that may not serve customers, are in no list. */
function hiddenRelations(): number {
  const hidden = product.sandbox.world.staff.filter((staff) => !staff.isVisible || !staff.hasContactRight).map((staff) => staff.userId)
  return product.sandbox.world.relations().filter((relation) => hidden.includes(relation.staffUserId)).length
}

interface Pair {
  readonly external_user_id: string
  readonly staff_user_id: string
  readonly tag_ids: string[]
  readonly ended_by: string | null
  readonly ended_at: Date | null
  readonly state: string | null
}

const pairs = (): Promise<Pair[]> => product.rows<Pair>('select * from follow_user')

async function pairOf(personId: string, staffUserId: string): Promise<Pair | undefined> {
  const { externalUserId } = product.sandbox.world.person(personId)
  return (await pairs()).find((pair) => pair.external_user_id === externalUserId && pair.staff_user_id === staffUserId)
}

async function timelineKinds(personId: string): Promise<string[]> {
  const { externalUserId } = product.sandbox.world.person(personId)
  const rows = await product.rows<{ kind: string }>(
    'select t.kind from timeline_entry t join external_contact c using (person_id) where c.external_user_id = $1 order by t.at, t.kind',
    [externalUserId],
  )
  return rows.map((row) => row.kind)
}

const welcomes = (personId: string): Promise<{ outcome: string }[]> =>
  product.rows('select outcome from welcome_attempt where external_user_id = $1 order by received_at', [product.sandbox.world.person(personId).externalUserId])

describe('the mirror', () => {
  it('takes up everybody the company served before', async () => {
    const visible = product.sandbox.world.relations().filter((relation) => product.sandbox.world.staff.some((staff) => staff.userId === relation.staffUserId && staff.isVisible && staff.hasContactRight))
    const known = new Set((await pairs()).map((pair) => `${pair.external_user_id}|${pair.staff_user_id}`))
    expect(visible.filter((relation) => !known.has(`${product.sandbox.world.person(relation.personId).externalUserId}|${relation.staffUserId}`))).toEqual([])
  })

  it('takes up a customer who adds a rep, says so once and keeps the name unreadable in the database', async () => {
    const { world } = product.sandbox
    await world.addContact({ personId: 'p001', staffUserId: 'rep.li', state: 'AbCdEfGhIjKlMnOpQrStUv' })
    await expect.poll(() => pairOf('p001', 'rep.li'), patiently).toMatchObject({ state: 'AbCdEfGhIjKlMnOpQrStUv', ended_at: null })
    expect(await timelineKinds('p001')).toEqual(['contact.added'])
    const [row] = await product.rows<{ name_sealed: Buffer }>('select name_sealed from external_contact where external_user_id = $1', [world.person('p001').externalUserId])
    expect(row?.name_sealed.includes(world.person('p001').name)).toBe(false)
  })

  it('sends one welcome that names the brand and the rep', async () => {
    await expect.poll(() => welcomes('p001'), patiently).toEqual([{ outcome: 'sent' }])
    const chat = product.sandbox.world.chat('rep.li', 'p001')
    expect(chat.map((message) => message.kind)).toEqual(['text', 'link'])
    expect(chat[0]?.text).toMatch(/企会.*李静/s)
  })

  it('follows hand edits of tags', async () => {
    const [tag] = await product.rows<{ tag_id: string }>("select tag_id from corp_tag where tier is null order by tag_id limit 1")
    await product.sandbox.world.editContactByHand({ personId: 'p001', staffUserId: 'rep.li', addTagIds: [tag?.tag_id ?? ''] })
    await expect.poll(async () => (await pairOf('p001', 'rep.li'))?.tag_ids, patiently).toEqual([tag?.tag_id])
  })

  it('keeps a relation ended that the customer ended, though WeCom goes on listing it, and takes up a new one', async () => {
    const { world } = product.sandbox
    await product.sandbox.clock.advance(10_000)
    await world.removeContact({ personId: 'p001', staffUserId: 'rep.li', by: 'customer' })
    await expect.poll(async () => (await pairOf('p001', 'rep.li'))?.ended_by, patiently).toBe('customer')
    await world.editContactByHand({ personId: 'p001', staffUserId: 'rep.li', remark: '已删除我' })
    const calls = callsOf(product, '/cgi-bin/externalcontact/get')
    await expect.poll(() => callsOf(product, '/cgi-bin/externalcontact/get'), patiently).toBeGreaterThan(calls)
    expect((await pairOf('p001', 'rep.li'))?.ended_by).toBe('customer')
    await product.sandbox.clock.advance(10_000)
    await world.addContact({ personId: 'p001', staffUserId: 'rep.li' })
    await expect.poll(async () => (await pairOf('p001', 'rep.li'))?.ended_at, patiently).toBeNull()
    expect(await timelineKinds('p001')).toEqual(['contact.added', 'contact.lost', 'contact.added'])
  })

  it('ends a relation the rep ended', async () => {
    await product.sandbox.clock.advance(10_000)
    await product.sandbox.world.removeContact({ personId: 'p001', staffUserId: 'rep.li', by: 'member' })
    await expect.poll(async () => (await pairOf('p001', 'rep.li'))?.ended_by, patiently).toBe('staff')
  })

  it('notices within the hour who came and who left unnoticed, with one call per employee', async () => {
    const { world, faults, callbacks } = product.sandbox
    const sweeps = () => product.rows("select 1 from queue.job where name = 'compareContactLists' and state = 'completed'")
    const sweep = async () => {
      const done = (await sweeps()).length
      await product.services.db.run({ name: 'test_compare', text: "insert into outbox (job, job_key, payload) values ('compareContactLists', 'all', '{}')" }, [])
      await expect.poll(async () => (await sweeps()).length, patiently).toBe(done + 1)
    }
    const pushed = { personId: 'p101', staffUserId: 'rep.liu' }
    await world.addContact(pushed)
    await expect.poll(() => pairOf('p101', 'rep.liu'), patiently).toMatchObject({ ended_at: null })
    await product.sandbox.clock.advance(10_000)
    await world.removeContact({ ...pushed, by: 'customer' })
    await expect.poll(async () => (await pairOf('p101', 'rep.liu'))?.ended_by, patiently).toBe('customer')
    faults.start({ seed: 11, callback: [{ kind: 'drop', probability: 1 }] })
    await world.addContact({ personId: 'p102', staffUserId: 'rep.liu' })
    const left = world.relations().find((relation) => relation.staffUserId === 'rep.chen' && !relation.isDeletedByCustomer)
    await world.removeContact({ personId: left?.personId ?? '', staffUserId: 'rep.chen', by: 'member' })
    await callbacks.idle()
    faults.stop()
    const asked = callsOf(product, '/cgi-bin/externalcontact/list')
    const read = callsOf(product, '/cgi-bin/externalcontact/get')
    await sweep()
    await expect.poll(() => pairOf('p102', 'rep.liu'), patiently).toMatchObject({ ended_at: null })
    await expect.poll(async () => (await pairOf(left?.personId ?? '', 'rep.chen'))?.ended_at, patiently).not.toBeNull()
    expect((await pairOf('p101', 'rep.liu'))?.ended_by).toBe('customer')
    expect(callsOf(product, '/cgi-bin/externalcontact/list') - asked).toBe((await product.services.wecom.listFollowStaff()).length)
    expect(callsOf(product, '/cgi-bin/externalcontact/get') - read).toBe(2)
  })

  it('repairs in one sweep what an outage lost', async () => {
    const { world, faults, callbacks } = product.sandbox
    faults.start({ seed: 7, callback: [{ kind: 'drop', probability: 1 }] })
    const added = Array.from({ length: 60 }, (_unused, index) => ({ personId: `p0${String(index + 20)}`, staffUserId: index % 2 === 0 ? 'rep.wang' : 'rep.zhang' }))
    for (const pair of added) await world.addContact(pair)
    const lost = product.sandbox.world.relations().find((relation) => relation.staffUserId === 'rep.chen')
    await world.removeContact({ personId: lost?.personId ?? '', staffUserId: 'rep.chen', by: 'member' })
    await callbacks.idle()
    faults.stop()
    await product.services.db.run({ name: 'test_sweep', text: "insert into outbox (job, job_key, payload) values ('reconcileContacts', 'all', '{}')" }, [])
    await expect.poll(async () => (await Promise.all(added.map((pair) => pairOf(pair.personId, pair.staffUserId)))).filter((pair) => pair === undefined).length, patiently).toBe(0)
    await expect.poll(async () => (await pairOf(lost?.personId ?? '', 'rep.chen'))?.ended_at, patiently).not.toBeNull()
  })
})

describe('the tag library', () => {
  it('has our three tier tags, made once, and the console’s own', async () => {
    const own = await product.rows<{ tier: string; name: string }>('select tier, name from corp_tag where tier is not null order by sort_order desc')
    expect(own).toEqual([{ tier: 'normal', name: '普通会员' }, { tier: 'silver', name: '银卡会员' }, { tier: 'gold', name: '金卡会员' }])
    expect(callsOf(product, '/cgi-bin/externalcontact/add_corp_tag')).toBeLessThanOrEqual(1)
  })

  it('changes through the sidebar reach WeCom, and tier tags are refused', async () => {
    const relation = product.sandbox.world.relations().find((each) => each.staffUserId === 'rep.liu')
    const personId = relation?.personId ?? ''
    const { externalUserId } = product.sandbox.world.person(personId)
    const cookie = await staffCookieOf(product, 'rep.liu')
    const post = (body: object, key: string): Promise<Response> =>
      fetch(`${product.serverUrl}/api/sidebar/contacts/${externalUserId}/corp-tags`, {
        method: 'POST',
        headers: { cookie, origin: product.sandbox.url, 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify(body),
      })
    const tags = await product.rows<{ tag_id: string; tier: string | null }>('select tag_id, tier from corp_tag order by tag_id')
    const free = tags.find((tag) => tag.tier === null && !relation?.tagIds.includes(tag.tag_id))?.tag_id ?? ''
    const managed = tags.find((tag) => tag.tier !== null)?.tag_id ?? ''
    expect((await post({ addTagIds: [free], removeTagIds: [] }, 'change-tags-1')).status).toBe(202)
    await expect.poll(() => product.sandbox.world.relations().find((each) => each.personId === personId && each.staffUserId === 'rep.liu')?.tagIds, patiently).toContain(free)
    expect((await post({ addTagIds: [managed], removeTagIds: [] }, 'change-tags-2')).status).toBe(422)
    expect((await post({ addTagIds: ['etUnknown'], removeTagIds: [] }, 'change-tags-3')).status).toBe(422)
    const stranger = await staffCookieOf(product, 'rep.zhou')
    const foreign = await fetch(`${product.serverUrl}/api/sidebar/contacts/${externalUserId}`, { headers: { cookie: stranger } })
    expect([foreign.status, (await foreign.json() as { code: string }).code]).toEqual([404, 'contact.notFollowing'])
    const [audit] = await product.rows<{ count: number }>("select count(*)::int as count from audit_entry where outcome = 'refused' and actor_id = 'rep.zhou'")
    expect(audit?.count).toBe(1)
  })
})

describe('the welcome', () => {
  it('is not sent once twenty seconds have passed', async () => {
    const digest = 'ab'.repeat(32)
    const { externalUserId } = product.sandbox.world.person('p010')
    const sends = callsOf(product, '/cgi-bin/externalcontact/send_welcome_msg')
    const payload = { eventDigest: digest, externalUserId, staffUserId: 'rep.li', welcomeCode: 'late', receivedAtMs: product.sandbox.clock.now() - 20_000 }
    await product.services.db.run({ name: 'test_late', text: "insert into outbox (job, job_key, payload) values ('sendWelcome', $1, $2)" }, [digest, JSON.stringify(payload)])
    await expect.poll(() => welcomes('p010'), patiently).toEqual([{ outcome: 'missed' }])
    expect(callsOf(product, '/cgi-bin/externalcontact/send_welcome_msg')).toBe(sends)
  })

  it('says what the channel the customer came by wants said', async () => {
    const cookie = await staffCookieOf(product, 'rep.li')
    const headers = { cookie, origin: product.url, 'content-type': 'application/json', 'idempotency-key': 'welcome-of-a-channel' }
    const created = await fetch(`${product.url}/api/channels`, { method: 'POST', headers, body: JSON.stringify({ name: '开业', welcomeText: '开业三天，入会即送 50 元券' }) })
    expect(created.status).toBe(201)
    const { token } = (await created.json()) as { token: string }
    await product.sandbox.world.addContact({ personId: 'p012', staffUserId: 'rep.li', state: token })
    await expect.poll(() => welcomes('p012'), patiently).toEqual([{ outcome: 'sent' }])
    expect(product.sandbox.world.chat('rep.li', 'p012')[0]?.text).toMatch(/李静，很高兴为您服务！\n开业三天，入会即送 50 元券$/)
  })

  it('goes out once for an event that was pushed twice', async () => {
    const { world, faults, callbacks } = product.sandbox
    faults.start({ seed: 3, callback: [{ kind: 'duplicate', probability: 1 }] })
    await world.addContact({ personId: 'p011', staffUserId: 'rep.huang' })
    await callbacks.idle()
    faults.stop()
    await expect.poll(() => welcomes('p011'), patiently).toEqual([{ outcome: 'sent' }])
    expect(world.chat('rep.huang', 'p011').filter((message) => message.kind === 'text')).toHaveLength(1)
  })
})

describe('an employee who leaves the visible scope', () => {
  it('is logged out by the event', async () => {
    const cookie = await staffCookieOf(product, 'rep.zhao')
    const self = async (): Promise<number> => (await fetch(`${product.serverUrl}/api/staff/me`, { headers: { cookie } })).status
    expect(await self()).toBe(200)
    await product.sandbox.world.setStaffVisible('rep.zhao', false)
    await expect.poll(self, patiently).toBe(401)
    await product.sandbox.world.setStaffVisible('rep.zhao', true)
  })
})

describe('a scan channel', () => {
  it('gets a code image and a contact way that carry its token', async () => {
    const cookie = await staffCookieOf(product, 'manager.wu')
    const made = await fetch(`${product.serverUrl}/api/channels`, {
      method: 'POST',
      headers: { cookie, origin: product.sandbox.url, 'content-type': 'application/json', 'idempotency-key': 'channel-0001' },
      body: JSON.stringify({ name: '南京西路店', staffUserId: 'rep.li' }),
    })
    const { token } = (await made.json()) as { token: string }
    expect([made.status, token.length]).toEqual([201, 22])
    await expect.poll(() => product.sandbox.world.codes().filter((code) => code.token === token).map((code) => code.kind).sort(), patiently).toEqual(['contactWay', 'miniProgram'])
    const picture = await fetch(`${product.serverUrl}/channel-codes/${token}/mini-program.png`)
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/png'])
    const state = async (): Promise<string | undefined> => {
      const list = (await (await fetch(`${product.serverUrl}/api/channels`, { headers: { cookie } })).json()) as { channels: { token: string; state: string }[] }
      return list.channels.find((channel) => channel.token === token)?.state
    }
    await expect.poll(state, patiently).toBe('ready')
  })

  it('is invited to by card, link and text, and the sending is noted once', async () => {
    const relation = product.sandbox.world.relations().find((each) => each.staffUserId === 'rep.liu')
    const { externalUserId } = product.sandbox.world.person(relation?.personId ?? '')
    const cookie = await staffCookieOf(product, 'rep.liu')
    const post = (path: string, body: object, key: string): Promise<Response> =>
      fetch(`${product.serverUrl}/api/sidebar/contacts/${externalUserId}/invitations${path}`, {
        method: 'POST',
        headers: { cookie, origin: product.sandbox.url, 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify(body),
      })
    const invitation = (await (await post('', {}, 'invite-0001')).json()) as { token: string; linkUrl: string; miniProgram: { page: string }; imageUrl: string; text: string }
    expect(invitation.miniProgram.page).toBe(`pages/landing/index.html?token=${invitation.token}`)
    expect(invitation.linkUrl).toBe(`${product.sandbox.url}/i/${invitation.token}`)
    expect(invitation.text).toContain(invitation.linkUrl)
    expect((await fetch(new URL(new URL(invitation.imageUrl).pathname, product.serverUrl))).headers.get('content-type')).toBe('image/png')
    const sent = await post(`/${invitation.token}/sent`, { form: 'miniProgram' }, 'sent-00001')
    await post(`/${invitation.token}/sent`, { form: 'link' }, 'sent-00002')
    expect(await sent.json()).toEqual({ isRecorded: true })
    expect((await timelineKinds(relation?.personId ?? '')).filter((kind) => kind === 'invitation.sent')).toHaveLength(1)
    expect((await post(`/${'A'.repeat(22)}/sent`, { form: 'link' }, 'sent-00003')).status).toBe(404)
  })
})
