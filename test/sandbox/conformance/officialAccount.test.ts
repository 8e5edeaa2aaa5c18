import { getJsApiSignature } from '@wecom/crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { callJson, useSandbox } from './client.ts'
import { credentials } from '../world/credentials.ts'
import type { Json } from './client.ts'

const client = useSandbox()

function openPage(identity: string, change: Record<string, string> = {}): Promise<Response> {
  const query = new URLSearchParams({
    appid: credentials.oaAppId, redirect_uri: `${client.sandbox.url}/invite/`, response_type: 'code', scope: 'snsapi_base', state: 's1', ...change,
  })
  return fetch(`${client.sandbox.bases.wecomOpen}/connect/oauth2/authorize?${query}&sandbox_identity=${identity}`, { redirect: 'manual' })
}

async function codeOf(scope: string): Promise<string> {
  const location = (await openPage('person:p001', { scope })).headers.get('location') ?? ''
  return new URL(location).searchParams.get('code') ?? ''
}

function exchange(code: string, change: Record<string, string> = {}): Promise<Json> {
  const query = { appid: credentials.oaAppId, secret: credentials.oaSecret, code, grant_type: 'authorization_code', ...change }
  return client.wechat('/sns/oauth2/access_token', { access_token: '', ...query })
}

afterEach(() => {
  client.sandbox.settings.isSnapshotPage = false
  client.sandbox.world.setSnapshot('p001', false)
})

describe('§9 official-account authorisation', () => {
  it('§9 sends WeChat back with code and state', async () => {
    const location = new URL((await openPage('person:p001')).headers.get('location') ?? '')
    expect(Object.fromEntries(location.searchParams)).toEqual({ code: expect.any(String), state: 's1' })
  })

  it('§9 refuses the link inside WeCom and another callback domain', async () => {
    expect(await (await openPage('staff:rep.li')).text()).toContain('请在微信客户端打开链接')
    expect(await (await openPage('person:p001', { redirect_uri: 'https://elsewhere.example/' })).text()).toContain('10003')
  })

  it('§9 matches the order of the parameters', async () => {
    const query = `redirect_uri=${encodeURIComponent(client.sandbox.url)}&appid=${credentials.oaAppId}&response_type=code&scope=snsapi_base&state=s`
    const url = `${client.sandbox.bases.wecomOpen}/connect/oauth2/authorize?${query}&sandbox_identity=person:p001`
    const answer = await fetch(url, { redirect: 'manual' })
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('参数顺序')])
  })

  it('§12.5 gives the unionid of the mini-program only with snsapi_userinfo', async () => {
    const silent = await exchange(await codeOf('snsapi_base'))
    expect(silent).toMatchObject({ openid: expect.any(String), scope: 'snsapi_base', expires_in: 7200, refresh_token: expect.any(String) })
    expect(silent).not.toHaveProperty('unionid')
    expect(silent).not.toHaveProperty('errcode')
    const full = await exchange(await codeOf('snsapi_userinfo'))
    expect(full).toMatchObject({ openid: silent['openid'], unionid: client.sandbox.world.person('p001').unionId })
    expect(full['openid']).not.toBe(client.sandbox.world.person('p001').mpOpenId)
  })

  it('§9 marks the fake account of a snapshot page', async () => {
    client.sandbox.settings.isSnapshotPage = true
    const answer = await exchange(await codeOf('snsapi_userinfo'))
    expect(answer['is_snapshotuser']).toBe(1)
    expect(answer['unionid']).not.toBe(client.sandbox.world.person('p001').unionId)
    expect(await exchange(await codeOf('snsapi_base'))).not.toHaveProperty('is_snapshotuser')
  })

  it('§9 shows one person a snapshot page until they ask for the full one', async () => {
    client.sandbox.world.setSnapshot('p001', true)
    expect(await exchange(await codeOf('snsapi_userinfo'))).toMatchObject({ is_snapshotuser: 1 })
    client.sandbox.world.setSnapshot('p001', false)
    expect(await exchange(await codeOf('snsapi_userinfo'))).not.toHaveProperty('is_snapshotuser')
  })

  it('§9 opens the page in WeChat only: WeCom refuses it', async () => {
    const query = new URLSearchParams({ appid: credentials.oaAppId, redirect_uri: client.sandbox.url, response_type: 'code', scope: 'snsapi_base', state: 's' })
    const url = `${client.sandbox.bases.wecomOpen}/connect/oauth2/authorize?${query}&sandbox_identity=person:p001`
    const answer = await fetch(url, { redirect: 'manual', headers: { 'user-agent': 'Mozilla/5.0 wxwork/4.1.36 MicroMessenger/7.0.1' } })
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('请在微信客户端打开链接')])
  })

  it('§9 takes a code once and for 5 minutes; 41008 without one', async () => {
    const code = await codeOf('snsapi_base')
    await exchange(code)
    expect(await exchange(code)).toMatchObject({ errcode: 40029 })
    const late = await codeOf('snsapi_base')
    await client.sandbox.clock.advance(300_001)
    expect(await exchange(late)).toMatchObject({ errcode: 40029 })
    expect(await exchange('')).toMatchObject({ errcode: 41008 })
    expect(await exchange('x', { secret: 'wrong' })).toMatchObject({ errcode: 40125 })
  })

  it('§9 shows the profile with snsapi_userinfo, 48001 without, and refreshes', async () => {
    const read = (token: unknown): Promise<Json> => client.wechat('/sns/userinfo', { access_token: String(token), openid: 'o', lang: 'zh_CN' })
    const silent = await exchange(await codeOf('snsapi_base'))
    expect(await read(silent['access_token'])).toMatchObject({ errcode: 48001 })
    const full = await exchange(await codeOf('snsapi_userinfo'))
    expect(await read(full['access_token'])).toMatchObject({ nickname: '小安', openid: full['openid'], unionid: full['unionid'], privilege: [] })
    expect(await client.wechat('/sns/auth', { access_token: String(full['access_token']), openid: 'o' })).toMatchObject({ errcode: 0 })
    const query = { access_token: '', appid: credentials.oaAppId, grant_type: 'refresh_token', refresh_token: String(full['refresh_token']) }
    expect(await client.wechat('/sns/oauth2/refresh_token', query)).toMatchObject({ openid: full['openid'], expires_in: 7200 })
  })
})

describe('§9 JSSDK of the official account', () => {
  const token = async (appid: string, secret: string): Promise<string> =>
    String((await callJson(`${client.sandbox.bases.wechatApi}/cgi-bin/stable_token`, { grant_type: 'client_credential', appid, secret }))['access_token'])
  const ticket = async (accessToken: string, type = 'jsapi'): Promise<Json> => client.wechat('/cgi-bin/ticket/getticket', { access_token: accessToken, type })
  const ownToken = () => token(credentials.oaAppId, credentials.oaSecret)

  async function signed(change: Partial<Record<'ticket' | 'url', string>> = {}) {
    const url = `${client.sandbox.url}/i/0123456789012345678901`
    const own = String((await ticket(await ownToken()))['ticket'])
    return { appId: credentials.oaAppId, url, ...getJsApiSignature({ ticket: change.ticket ?? own, nonceStr: 'n0', timestamp: '1767232800', url: change.url ?? url }), timestamp: '1767232800', nonceStr: 'n0' }
  }

  it('§9 gives one ticket for two hours, to a token of the account only', async () => {
    const first = await ticket(await ownToken())
    expect(first).toMatchObject({ errcode: 0, expires_in: 7200 })
    expect(await ticket(await ownToken())).toMatchObject({ ticket: first['ticket'] })
    expect(await ticket(await token(credentials.mpAppId, credentials.mpSecret))).toMatchObject({ errcode: 48001, ticket: '' })
    expect(await ticket(await ownToken(), 'agent_config')).toMatchObject({ errcode: 40097 })
  })

  it('§9 accepts the page that was signed, and no other', async () => {
    const { world } = client.sandbox
    const check = await signed()
    expect(world.checkWechatJssdk(check)).toEqual({ isAccepted: true, errMsg: 'config:ok' })
    expect(world.checkWechatJssdk({ ...check, url: `${check.url}?a=1` }).errMsg).toContain('invalid signature')
    expect(world.checkWechatJssdk({ ...check, appId: credentials.mpAppId }).errMsg).toContain('invalid appid')
    expect(world.checkWechatJssdk({ ...check, url: 'https://elsewhere.example/' }).errMsg).toContain('invalid url domain')
  })

  it('§9 refuses a signature made with a ticket of WeCom', async () => {
    const corp = String((await client.corp('/cgi-bin/get_jsapi_ticket'))['ticket'])
    expect(client.sandbox.world.checkWechatJssdk(await signed({ ticket: corp })).isAccepted).toBe(false)
  })
})
