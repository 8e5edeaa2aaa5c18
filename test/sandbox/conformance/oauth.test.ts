import { afterEach, describe, expect, it } from 'vitest'
import { useSandbox } from './client.ts'
import { credentials } from '../world/credentials.ts'

const client = useSandbox()
const FIVE_MINUTES_MS = 300_000

/** Opens the corp's authorise page; `change` with undefined drops a parameter. */
function openPage(identity: string, change: Record<string, string | undefined> = {}): Promise<Response> {
  const parameters = {
    appid: credentials.corpId, redirect_uri: `${client.sandbox.url}/back?keep=1`, response_type: 'code', scope: 'snsapi_base', state: 'abc123',
    agentid: credentials.agentId, ...change,
  }
  const given = Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return fetch(`${client.sandbox.bases.wecomOpen}/connect/oauth2/authorize?${new URLSearchParams(given)}`, {
    redirect: 'manual', headers: { cookie: `sandbox_identity=${identity}` },
  })
}

async function codeOf(identity: string, change: Record<string, string> = {}): Promise<string> {
  const answer = await openPage(identity, change)
  return new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? ''
}

const userInfo = (code: string): Promise<Record<string, unknown>> => client.corp('/cgi-bin/auth/getuserinfo', { code })

afterEach(() => {
  client.sandbox.settings.switches.reusedCorpCode = 40029
  client.sandbox.settings.switches.expiredCorpCode = 40029
})

describe('§3.1 authorise link of the corp', () => {
  it('§3.1 sends the client back with code and state, keeping the query', async () => {
    const answer = await openPage('staff:rep.li')
    const location = new URL(answer.headers.get('location') ?? '')
    expect(answer.status).toBe(302)
    expect(location.origin + location.pathname).toBe(`${client.sandbox.url}/back`)
    expect(Object.fromEntries(location.searchParams)).toEqual({ keep: '1', code: expect.stringMatching(/^.{1,512}$/), state: 'abc123' })
  })

  it.each([
    ['50001 another host', { redirect_uri: 'http://elsewhere.example/back' }, '50001'],
    ['50001 another port', { redirect_uri: 'http://localhost:1/back' }, '50001'],
    ['50001 no address', { redirect_uri: undefined }, '50001'],
    ['84025 a state with other characters', { state: 'a-b' }, '84025'],
    ['84025 a state above 128 bytes', { state: 'a'.repeat(129) }, '84025'],
    ['40013 an unknown appid', { appid: 'ww0123456789abcdef' }, '40013'],
    ['a missing agentid for snsapi_privateinfo', { scope: 'snsapi_privateinfo', agentid: undefined }, 'agentid'],
    ['an unknown scope', { scope: 'everything' }, 'scope'],
  ])('§3.1 shows a page for %s', async (_name, change, text) => {
    const answer = await openPage('staff:rep.li', change)
    expect([answer.status, answer.headers.get('location')]).toEqual([200, null])
    expect(await answer.text()).toContain(text)
  })

  it('§3.1 works only in the client', async () => {
    expect(await (await openPage('nobody')).text()).toContain('请在企业微信客户端打开链接')
  })

  it('§3.1 asks the member to consent to snsapi_privateinfo', async () => {
    const page = await openPage('staff:rep.li', { scope: 'snsapi_privateinfo' })
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('同意')
    expect((await openPage('staff:rep.li', { scope: 'snsapi_privateinfo', sandbox_agree: '1' })).status).toBe(302)
  })
})

describe('§3.2 auth/getuserinfo', () => {
  it('§3.2 names the member in lower-case fields, also one outside the visibility', async () => {
    const member = await userInfo(await codeOf('staff:rep.li'))
    expect(member).toEqual({ errcode: 0, errmsg: 'ok', userid: 'rep.li' })
    expect(await userInfo(await codeOf('staff:fin.ma'))).toEqual({ errcode: 0, errmsg: 'ok', userid: 'fin.ma' })
  })

  it('§3.2 gives a user_ticket only for snsapi_privateinfo inside the visibility', async () => {
    const consented = { scope: 'snsapi_privateinfo', sandbox_agree: '1' }
    expect(await userInfo(await codeOf('staff:rep.li', consented))).toHaveProperty('user_ticket')
    expect(await userInfo(await codeOf('staff:fin.ma', consented))).not.toHaveProperty('user_ticket')
  })

  it('§3.2 gives an outsider an openid, and external_userid only when a visible member follows', async () => {
    expect(Object.keys(await userInfo(await codeOf('person:p020')))).toEqual(['errcode', 'errmsg', 'openid'])
    await client.sandbox.world.addContact({ personId: 'p020', staffUserId: 'fin.ma' })
    expect(await userInfo(await codeOf('person:p020'))).not.toHaveProperty('external_userid')
    await client.sandbox.world.addContact({ personId: 'p020', staffUserId: 'rep.li' })
    expect(await userInfo(await codeOf('person:p020'))).toMatchObject({ external_userid: client.externalUserId('p020') })
  })

  it('§3.2 answers 40029 for a code used before', async () => {
    const code = await codeOf('staff:rep.li')
    await userInfo(code)
    expect(await userInfo(code)).toMatchObject({ errcode: 40029 })
  })

  it('§3.2 answers 40029 for a code older than 5 minutes', async () => {
    const onTime = await codeOf('staff:rep.li')
    const late = await codeOf('staff:rep.li')
    await client.sandbox.clock.advance(FIVE_MINUTES_MS)
    expect(await userInfo(onTime)).toMatchObject({ errcode: 0 })
    await client.sandbox.clock.advance(1)
    expect(await userInfo(late)).toMatchObject({ errcode: 40029 })
  })

  it('§3.2 answers 40029 for an unknown code and for a login code of the mini-program', async () => {
    expect(await userInfo('made-up')).toMatchObject({ errcode: 40029 })
    expect(await userInfo(client.sandbox.world.loginCode('p001'))).toMatchObject({ errcode: 40029 })
  })

  it('§13 answers 42022 and 42003 behind the switches', async () => {
    const { switches } = client.sandbox.settings
    switches.reusedCorpCode = 42022
    switches.expiredCorpCode = 42003
    const code = await codeOf('staff:rep.li')
    await userInfo(code)
    expect(await userInfo(code)).toMatchObject({ errcode: 42022 })
    const late = await codeOf('staff:rep.li')
    await client.sandbox.clock.advance(FIVE_MINUTES_MS + 1)
    expect(await userInfo(late)).toMatchObject({ errcode: 42003 })
  })

  it('§3.2 does not count calls with a valid code against the limits', async () => {
    const path = '/cgi-bin/auth/getuserinfo'
    client.sandbox.settings.frequency.set(path, { limit: 1, windowMs: 60_000, errcode: 45009 })
    const codes = []
    for (let count = 0; count < 3; count += 1) codes.push((await userInfo(await codeOf('staff:rep.li')))['errcode'])
    expect(codes).toEqual([0, 0, 0])
    expect([(await userInfo('x'))['errcode'], (await userInfo('x'))['errcode']]).toEqual([40029, 45009])
    client.sandbox.settings.frequency.delete(path)
  })
})

describe('§3.3 auth/getuserdetail', () => {
  const detail = (ticket: string): Promise<Record<string, unknown>> => client.corp('/cgi-bin/auth/getuserdetail', {}, { user_ticket: ticket })

  it('§3.3 gives the consented fields, gender as a string', async () => {
    const { user_ticket: ticket } = await userInfo(await codeOf('staff:rep.li', { scope: 'snsapi_privateinfo', sandbox_agree: '1' }))
    const answer = await detail(String(ticket))
    expect(answer).toMatchObject({ errcode: 0, userid: 'rep.li', gender: expect.stringMatching(/^[012]$/), mobile: expect.stringMatching(/^1\d{10}$/) })
    await client.sandbox.clock.advance(1_800_001)
    expect(await detail(String(ticket))).toMatchObject({ errcode: 84014 })
  })

  it('§3.3 answers 84015 to an unknown ticket', async () => {
    expect(await detail('made-up')).toMatchObject({ errcode: 84015 })
  })
})
