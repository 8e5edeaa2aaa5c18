import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { storeContact } from '@qihui/server/src/modules/contact/commands/storeContact.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { staffCookieOf } from '../factories/staffCookieOf.ts'
import { callsOf, startProduct, type Product } from './startProduct.ts'

const agents = {
  wechat: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 MicroMessenger/8.0.50',
  wecom: 'Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Mobile Safari/537.36 wxwork/4.1.36 MicroMessenger/7.0.1',
  phone: 'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0.0.0 Mobile Safari/537.36',
  desktop: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36',
} as const
type Place = keyof typeof agents
type Json = Record<string, unknown>

const dist = mkdtempSync(join(tmpdir(), 'qihui-invite-'))
let product: Product
let repCookie = ''
let managerCookie = ''
let keys = 0

beforeAll(async () => {
  writeFileSync(join(dist, 'invite.html'), '<!doctype html><title>邀请</title><div id="app"><!--invite--></div>')
  product = await startProduct({ settings: { SIDEBAR_DIST: dist } })
  repCookie = await staffCookieOf(product, 'rep.li')
  managerCookie = await staffCookieOf(product, 'manager.wu')
})
afterAll(async () => {
  await product.close()
  rmSync(dist, { recursive: true, force: true })
})

/** A browser in one place: keeps cookies, follows nothing by itself. */
function browser(place: Place) {
  const jar = new Map<string, string>()
  async function send(path: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { 'user-agent': agents[place], ...(cookie === '' ? {} : { cookie }), ...(init.headers as Record<string, string> | undefined) }
    const response = await fetch(new URL(path, product.serverUrl), { redirect: 'manual', ...init, headers })
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=')
      jar.set(name, value)
    }
    return response
  }
  return {
    jar,
    get: (path: string) => send(path),
    json: async (path: string) => (await (await send(path)).json()) as Json,
    async call(method: 'POST' | 'PUT', path: string, body: Json = {}): Promise<{ status: number; body: Json }> {
      keys += 1
      const headers = { origin: product.sandbox.url, 'content-type': 'application/json', 'idempotency-key': `invite-key-${String(keys).padStart(6, '0')}` }
      const response = await send(path, { method, headers, body: JSON.stringify(body) })
      return { status: response.status, body: (await response.json()) as Json }
    },
  }
}
type Browser = ReturnType<typeof browser>

async function staffCall(cookie: string, path: string, body: Json = {}): Promise<{ status: number; body: Json }> {
  keys += 1
  const headers = { cookie, origin: product.sandbox.url, 'content-type': 'application/json', 'idempotency-key': `staff-key-${String(keys).padStart(6, '0')}` }
  const response = await fetch(new URL(path, product.serverUrl), { method: 'POST', headers, body: JSON.stringify(body) })
  return { status: response.status, body: (await response.json()) as Json }
}

interface Made {
  readonly channelId: string
  readonly token: string
}

async function inviteLink(more: Json = {}): Promise<Made> {
  const { status, body } = await staffCall(repCookie, '/api/channels', { kind: 'inviteLink', name: '老客回访', utm: { source: 'SMS', medium: 'invite' }, ...more })
  expect(status).toBe(201)
  return body as unknown as Made
}

const stateOf = async (client: Browser, token: string): Promise<string> =>
  new URL((await client.get(`/api/invites/oauth/start?token=${token}`)).headers.get('location') ?? '').searchParams.get('state') ?? ''
const arrive = (client: Browser, code: string, state: string) => client.get(`/api/invites/oauth/callback?code=${code}&state=${state}`)

/** The code of the authorise page that this place leads to. */
async function codeAt(client: Browser, token: string, identity: string): Promise<{ code: string; state: string }> {
  const start = await client.get(`/api/invites/oauth/start?token=${token}`)
  const authorize = await fetch(start.headers.get('location') ?? '', { redirect: 'manual', headers: { cookie: `sandbox_identity=${identity}` } })
  const back = new URL(authorize.headers.get('location') ?? '')
  expect(back.pathname).toBe('/api/invites/oauth/callback')
  return { code: back.searchParams.get('code') ?? '', state: back.searchParams.get('state') ?? '' }
}

async function logIn(client: Browser, token: string, identity: string): Promise<Response> {
  const { code, state } = await codeAt(client, token, identity)
  return arrive(client, code, state)
}

describe('the page of a token', () => {
  it('shows its code without a script, is never kept, sends no referrer and stays out of indexes', async () => {
    const { token } = await inviteLink()
    const response = await browser('desktop').get(`/i/${token}`)
    const page = await response.text()
    expect([response.status, response.headers.get('cache-control'), response.headers.get('referrer-policy')]).toEqual([200, 'no-store', 'no-referrer'])
    expect(response.headers.get('x-robots-tag')).toBe('noindex, nofollow')
    expect(page).toContain(`src="/i/${token}/code.png"`)
    expect(page).not.toMatch(/utm|invite-medium|SMS/)
    const picture = await browser('desktop').get(`/i/${token}/code.png`)
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/png'])
    expect(await (await browser('desktop').get(`/i/${token}/code.svg`)).text()).toMatch(/^<svg/)
  })

  it('has a page of its own for a token nobody knows', async () => {
    for (const token of ['0123456789012345678901', 'short', '%27or1']) {
      const response = await browser('phone').get(`/i/${token}`)
      expect([response.status, response.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8'])
      expect(await response.text()).toContain('没有找到这份邀请')
    }
  })

  it.each<[Place, string, boolean]>([['wechat', 'wechat', true], ['wecom', 'wecom', true], ['phone', 'phoneBrowser', false], ['desktop', 'desktop', false]])(
    'knows it is open in %s',
    async (place, expected, canLogInHere) => {
      const { token } = await inviteLink()
      const invite = await browser(place).json(`/api/invites/${token}`)
      expect(invite).toMatchObject({ place: expected, canLogInHere, openness: 'open', staffName: '李静', kind: 'inviteLink' })
      expect(JSON.stringify(invite)).not.toMatch(/utm|"phone"/)
    },
  )

  it('says why it is closed, and opens no mini-program any more', async () => {
    const expiring = await inviteLink({ expiresAt: new Date(product.sandbox.clock.now() + 60_000).toISOString() })
    const revoked = await inviteLink()
    await staffCall(repCookie, `/api/channels/${revoked.channelId}/revocation`)
    await product.sandbox.clock.advance(61_000)
    for (const [{ token }, openness] of [[expiring, 'expired'], [revoked, 'revoked']] as const) {
      const client = browser('phone')
      expect(await client.json(`/api/invites/${token}`)).toMatchObject({ openness })
      expect(await client.call('POST', `/api/invites/${token}/url-links`)).toMatchObject({ status: 410, body: { code: 'invite.closed' } })
    }
  })

  it('makes one URL link a day for a token, however many ask', async () => {
    const { token } = await inviteLink()
    const before = callsOf(product, '/wxa/generate_urllink')
    const answers = await Promise.all(Array.from({ length: 20 }, () => browser('phone').call('POST', `/api/invites/${token}/url-links`)))
    const again = await browser('phone').call('POST', `/api/invites/${token}/url-links`)
    expect(new Set([...answers, again].map(({ body }) => body['url'])).size).toBe(1)
    expect(callsOf(product, '/wxa/generate_urllink') - before).toBe(1)
    expect(product.sandbox.world.openUrlLink(String(again.body['url']))).toMatchObject({ query: { token } })
    await product.sandbox.clock.advance(25 * 60 * 60_000)
    expect((await browser('phone').call('POST', `/api/invites/${token}/url-links`)).body['url']).not.toBe(again.body['url'])
    repCookie = await staffCookieOf(product, 'rep.li')
    managerCookie = await staffCookieOf(product, 'manager.wu')
  })

  it('is signed so that WeChat accepts it, and no page of another host', async () => {
    const { token } = await inviteLink()
    const url = `${product.sandbox.url}/i/${token}`
    const signature = (await browser('wechat').json(`/api/invites/${token}/wechat-signature?url=${encodeURIComponent(url)}`)) as { appId: string; timestamp: number; nonceStr: string; signature: string }
    expect(product.sandbox.world.checkWechatJssdk({ ...signature, timestamp: String(signature.timestamp), url })).toMatchObject({ isAccepted: true })
    expect(await browser('wechat').json(`/api/invites/${token}/wechat-signature?url=${encodeURIComponent('https://evil.example/i/x')}`)).toMatchObject({ code: 'jssdk.hostRefused' })
  })
})

describe('a visit', () => {
  const visits = async (channelId: string) => product.rows<{ place: string; open_id: string | null }>('select place, open_id from visit where channel_id = $1', [channelId])

  it('is counted once, at a gesture, and learns later who it was', async () => {
    const { channelId, token } = await inviteLink()
    const client = browser('wechat')
    const visitId = crypto.randomUUID()
    expect(await client.call('POST', `/api/invites/${token}/visits`, { visitId })).toEqual({ status: 201, body: { isRecorded: true } })
    expect(await client.call('POST', `/api/invites/${token}/visits`, { visitId })).toEqual({ status: 201, body: { isRecorded: false } })
    expect(await visits(channelId)).toEqual([{ place: 'wechat', open_id: null }])
    await logIn(client, token, 'person:p020')
    await client.call('POST', `/api/invites/${token}/visits`, { visitId })
    expect(await visits(channelId)).toEqual([{ place: 'wechat', open_id: expect.stringMatching(/^o/) }])
  })

  it('is none when a program looks or an employee opens their own link', async () => {
    const { channelId, token } = await inviteLink()
    const post = (agent: string) =>
      fetch(`${product.serverUrl}/api/invites/${token}/visits`, { method: 'POST', headers: { 'user-agent': agent, 'content-type': 'application/json' }, body: JSON.stringify({ visitId: crypto.randomUUID() }) })
    for (const agent of ['Mozilla/5.0 (compatible; Baiduspider/2.0)', 'curl/8.5.0', '']) expect(await (await post(agent)).json()).toEqual({ isRecorded: false })
    const staff = browser('wecom')
    await logIn(staff, token, 'staff:rep.li')
    expect((await staff.call('POST', `/api/invites/${token}/visits`, { visitId: crypto.randomUUID() })).body).toEqual({ isRecorded: false })
    expect(await visits(channelId)).toEqual([])
  })
})

describe('a login on the page', () => {
  it('knows a WeChat user by the official account, and makes them a member of the channel without a phone', async () => {
    const { channelId, token } = await inviteLink()
    const client = browser('wechat')
    const back = await logIn(client, token, 'person:p021')
    expect([back.status, back.headers.get('location')]).toEqual([302, `/i/${token}`])
    expect(back.headers.getSetCookie().join()).toMatch(/qihui_member=[\w-]{43}; Path=\/; Max-Age=86400; HttpOnly; SameSite=Lax/)
    expect(await client.json(`/api/invites/${token}/visitor`)).toEqual({ kind: 'guest', staff: null, guest: { memberNo: null, adviserName: '李静' } })
    const visitId = crypto.randomUUID()
    await client.call('POST', `/api/invites/${token}/visits`, { visitId })
    const invite = (await client.json(`/api/invites/${token}`)) as { policy: { version: string }; form: { version: string } }
    const policyVersion = invite.policy.version
    const body = { policyVersion, formVersion: invite.form.version, channelToken: token, visitId }
    expect(await client.call('POST', '/api/members/registrations', { ...body, consentIds: [crypto.randomUUID()] })).toMatchObject({ status: 422, body: { code: 'consent.required' } })
    const { consentIds } = (await client.call('POST', '/api/consents', { policyVersion, purposes: ['membership'], channelToken: token })).body
    const registered = await client.call('POST', '/api/members/registrations', { ...body, consentIds })
    expect(registered).toMatchObject({ status: 201, body: { outcome: 'registered', member: { phoneMasked: null } } })
    const rows = await product.rows<{ utm: Json }>('select c.utm from member m join channel c using (channel_id) where c.channel_id = $1', [channelId])
    expect(rows).toEqual([{ utm: { source: 'sms', medium: 'invite' } }])
    const { memberNo } = (registered.body as { member: { memberNo: string } }).member
    expect(await client.json(`/api/invites/${token}/visitor`)).toMatchObject({ guest: { memberNo } })
    const funnel = (await (await fetch(`${product.serverUrl}/api/channels/${channelId}/funnel`, { headers: { cookie: repCookie } })).json()) as { steps: { step: string; visits: number }[] }
    expect(funnel.steps.map(({ step, visits }) => `${step} ${visits}`)).toEqual(['opened 1', 'consented 1', 'phone 0', 'member 1', 'linked 0'])
  })

  it('knows a visitor of the corp as the contact they are, never as a user of the mini-program', async () => {
    const { token } = await inviteLink()
    const client = browser('wecom')
    const relation = product.sandbox.world.relations()[0]
    await logIn(client, token, `person:${relation?.personId}`)
    expect(await client.json(`/api/invites/${token}/visitor`)).toMatchObject({ kind: 'guest' })
    const [session] = await product.rows<{ namespace: string; external_user_id: string; union_id: string | null }>("select namespace, external_user_id, union_id from member_session where namespace like 'corp-openid%'")
    expect(session).toEqual({ namespace: expect.stringMatching(/^corp-openid@ww/), external_user_id: product.sandbox.world.person(relation?.personId ?? '').externalUserId, union_id: null })
  })

  it('shows an employee a preview with numbers, and never makes them a guest', async () => {
    const { token } = await inviteLink()
    const own = browser('wecom')
    await logIn(own, token, 'staff:rep.li')
    expect(await own.json(`/api/invites/${token}/visitor`)).toMatchObject({ kind: 'staff', guest: null, staff: { name: '李静', isOwner: true, funnel: [{ step: 'opened', visits: 0 }, {}, {}, {}, {}] } })
    const other = browser('wecom')
    await logIn(other, token, 'staff:rep.chen')
    expect(await other.json(`/api/invites/${token}/visitor`)).toMatchObject({ kind: 'staff', staff: { isOwner: false, funnel: null } })
    expect([own.jar.has('qihui_member'), other.jar.has('qihui_member')]).toEqual([false, false])
    expect((await own.call('POST', '/api/consents', { policyVersion: '2026-01', purposes: ['membership'] })).status).toBe(401)
  })

  it('refuses the made-up account of a snapshot page with a page that says what to do', async () => {
    const { token } = await inviteLink()
    const client = browser('wechat')
    product.sandbox.world.setSnapshot('p022', true)
    const refused = await logIn(client, token, 'person:p022')
    product.sandbox.world.setSnapshot('p022', false)
    expect([refused.status, client.jar.has('qihui_member')]).toEqual([403, false])
    const text = await refused.text()
    expect(text).toContain('使用完整服务')
    expect(text).toContain(`href="/i/${token}"`)
  })

  it('gives 50 arrivals of one code in one browser one session, and any other browser none', async () => {
    const { token } = await inviteLink()
    const client = browser('wechat')
    const { code, state } = await codeAt(client, token, 'person:p023')
    const before = await product.rows('select 1 from member_session')
    const [arrivals, strangers] = await Promise.all([
      Promise.all(Array.from({ length: 50 }, () => arrive(client, code, state))),
      Promise.all(Array.from({ length: 10 }, () => arrive(browser('wechat'), code, state))),
    ])
    const tokens = arrivals.map((response) => /qihui_member=([\w-]{43})/.exec(response.headers.getSetCookie().join())?.[1])
    expect([new Set(tokens).size, tokens[0]?.length, arrivals.every(({ status }) => status === 302)]).toEqual([1, 43, true])
    expect(strangers.map(({ status, headers }) => [status, headers.getSetCookie()])).toEqual(Array.from({ length: 10 }, () => [400, []]))
    expect((await product.rows('select 1 from member_session')).length - before.length).toBe(1)
    expect((await arrive(client, code, state)).status).toBe(302)
  })

  it('takes a state for one purpose, one browser and five minutes only', async () => {
    const { token } = await inviteLink()
    const [client, other] = [browser('wecom'), browser('wecom')]
    const state = await stateOf(client, token)
    const code = product.sandbox.world.authorizeCode({ staffUserId: 'rep.li' }, 'snsapi_base')
    expect((await client.get(`/api/staff/oauth/callback?code=${code}&state=${state}`)).status).toBe(400)
    expect((await arrive(other, code, state)).status).toBe(400)
    await product.sandbox.clock.advance(5 * 60_000 + 1000)
    expect((await arrive(client, code, state)).status).toBe(400)
    expect([client.jar.has('qihui_staff'), client.jar.has('qihui_member')]).toEqual([false, false])
  })

  it('begins nowhere but inside WeChat and WeCom, and for no unknown token', async () => {
    const { token } = await inviteLink()
    for (const place of ['phone', 'desktop'] as const) expect((await browser(place).get(`/api/invites/oauth/start?token=${token}`)).headers.get('location')).toBe(`/i/${token}`)
    const unknown = await browser('wechat').get('/api/invites/oauth/start?token=0123456789012345678901')
    expect([unknown.status, unknown.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8'])
  })

  it('keeps token, code and state out of the log', async () => {
    const { token } = await inviteLink()
    const client = browser('wechat')
    const { code, state } = await codeAt(client, token, 'person:p024')
    await arrive(client, code, state)
    const session = client.jar.get('qihui_member') ?? ''
    for (const secret of [token, code, state, session]) expect(product.logLines.join('')).not.toContain(secret)
  })
})

describe('the link of a manual add', () => {
  it('lets the person confirm on the page: one member, now contactable, and the link is used', async () => {
    const { world } = product.sandbox
    await world.addContact({ personId: 'p030', staffUserId: 'rep.li' })
    const { externalUserId, name, unionId } = world.person('p030')
    await storeContact(product.services, {
      contact: { externalUserId, type: 1, name, avatarUrl: null, corpName: null, unionId },
      followUsers: [{ staffUserId: 'rep.li', remark: '', state: null, addWay: 1, tagIds: [], addedAt: product.services.now() }],
    })
    const basis = { kind: 'verbal', at: product.services.now().toISOString(), note: '到店当面同意' }
    const added = await staffCall(repCookie, `/api/sidebar/contacts/${externalUserId}/member`, { phone: '139 0000 1111', basis })
    expect(added).toMatchObject({ status: 201, body: { outcome: 'registered' } })
    const { memberNo, confirmation } = added.body as { memberNo: string; confirmation: { token: string; url: string } }
    expect(confirmation.url).toBe(`${product.sandbox.url}/i/${confirmation.token}`)
    const client = browser('wechat')
    expect(await client.json(`/api/invites/${confirmation.token}`)).toMatchObject({ kind: 'confirmation', openness: 'open', staffName: '李静' })
    await logIn(client, confirmation.token, 'person:p030')
    const invite = (await client.json(`/api/invites/${confirmation.token}`)) as { policy: { version: string }; form: { version: string } }
    const policyVersion = invite.policy.version
    const { consentIds } = (await client.call('POST', '/api/consents', { policyVersion, purposes: ['membership'], channelToken: confirmation.token })).body
    const confirmed = await client.call('POST', '/api/members/registrations', { policyVersion, formVersion: invite.form.version, channelToken: confirmation.token, consentIds })
    expect(confirmed).toMatchObject({ status: 201, body: { member: { memberNo, isConfirmed: true } } })
    expect(await client.json(`/api/invites/${confirmation.token}`)).toMatchObject({ openness: 'used' })
    expect(await client.json(`/api/invites/${confirmation.token}/visitor`)).toMatchObject({ guest: { memberNo } })
  })
})

describe('channels', () => {
  it('are a rep’s own: made for themselves, seen by themselves and by operators', async () => {
    const { channelId } = await inviteLink()
    const foreign = await staffCall(await staffCookieOf(product, 'rep.chen'), `/api/channels/${channelId}/revocation`)
    expect(foreign).toMatchObject({ status: 404, body: { code: 'channel.notFound' } })
    expect(await staffCall(repCookie, '/api/channels', { name: '别人的', staffUserId: 'rep.chen' })).toMatchObject({ status: 403, body: { code: 'staff.notOperator' } })
    const list = async (cookie: string) => ((await (await fetch(`${product.serverUrl}/api/channels`, { headers: { cookie } })).json()) as { channels: Made[] }).channels.map((channel) => channel.channelId)
    expect(await list(repCookie)).toContain(channelId)
    expect(await list(managerCookie)).toContain(channelId)
    expect(await list(await staffCookieOf(product, 'rep.chen'))).not.toContain(channelId)
  })

  it('say what is wrong with their references', async () => {
    const { status, body } = await staffCall(managerCookie, '/api/channels', { name: 'x', formKey: 'missing', corpTagIds: ['etunknown'], staffUserId: 'nobody', expiresAt: '2020-01-01T00:00:00Z' })
    expect([status, (body['errors'] as { path: string }[]).map(({ path }) => path).sort()]).toEqual([422, ['body.corpTagIds', 'body.expiresAt', 'body.formKey', 'body.staffUserId']])
  })

  it('have a sheet to print for those who manage them', async () => {
    const { token } = await inviteLink({ storeName: '南山旗舰店<1>' })
    const open = (cookie: string) => fetch(`${product.serverUrl}/channel-codes/${token}/sheet`, { redirect: 'manual', headers: { cookie } })
    const sheet = await open(repCookie)
    const text = await sheet.text()
    expect([sheet.status, text.includes('南山旗舰店&#60;1&#62; · 服务顾问 李静'), /<script/.test(text)]).toEqual([200, true, false])
    expect((await open('')).headers.get('location')).toMatch(/^\/api\/staff\/oauth\/start\?returnTo=/)
    expect((await open(await staffCookieOf(product, 'rep.chen'))).status).toBe(404)
  })
})
