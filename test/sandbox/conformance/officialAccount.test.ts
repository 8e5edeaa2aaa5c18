import { afterEach, describe, expect, it } from 'vitest'
import { useSandbox } from './client.ts'
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
