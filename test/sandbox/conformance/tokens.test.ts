import { beforeEach, describe, expect, it } from 'vitest'
import { callJson, useSandbox } from './client.ts'
import { credentials } from '../world/credentials.ts'
import type { Json } from './client.ts'

const client = useSandbox()
const HOUR_MS = 3_600_000

function getToken(secret: string, corpId: string = credentials.corpId): Promise<Json> {
  return callJson(`${client.sandbox.bases.wecomApi}/cgi-bin/gettoken?${new URLSearchParams({ corpid: corpId, corpsecret: secret })}`)
}

function plainToken(secret: string = credentials.mpSecret, appId: string = credentials.mpAppId): Promise<Json> {
  const query = new URLSearchParams({ grant_type: 'client_credential', appid: appId, secret })
  return callJson(`${client.sandbox.bases.wechatApi}/cgi-bin/token?${query}`)
}

function stableToken(isForced = false): Promise<Json> {
  return callJson(`${client.sandbox.bases.wechatApi}/cgi-bin/stable_token`, {
    grant_type: 'client_credential', appid: credentials.mpAppId, secret: credentials.mpSecret, force_refresh: isForced,
  })
}

async function isAccepted(token: unknown): Promise<unknown> {
  return (await client.corp('/cgi-bin/getcallbackip', { access_token: String(token) }))['errcode']
}

async function isAcceptedByWechat(token: unknown): Promise<unknown> {
  return (await client.wechat('/wxa/generate_urllink', { access_token: String(token) }, {}))['errcode']
}

describe('§1.1 the corp token', () => {
  it('§1.1 gives a token of at most 512 bytes that lives 7200 s', async () => {
    const answer = await getToken(credentials.agentSecret)
    expect(answer).toMatchObject({ errcode: 0, errmsg: 'ok', expires_in: 7200 })
    expect(String(answer['access_token']).length).toBeLessThanOrEqual(512)
  })

  it('§1.1 repeats the same token while it lives, and a new one each time behind the switch', async () => {
    const first = await getToken(credentials.agentSecret)
    await client.sandbox.clock.advance(1_000_000)
    expect(await getToken(credentials.agentSecret)).toMatchObject({ access_token: first['access_token'], expires_in: 6200 })
    client.sandbox.settings.switches.isGettokenRepeatable = false
    expect((await getToken(credentials.agentSecret))['access_token']).not.toBe(first['access_token'])
    client.sandbox.settings.switches.isGettokenRepeatable = true
  })

  it('§1.1 answers 42001 after 7200 s and 40014 to a made-up or a WeChat token', async () => {
    const { access_token: token } = await getToken(credentials.agentSecret)
    expect(await isAccepted(token)).toBe(0)
    await client.sandbox.clock.advance(7_200_000)
    expect(await isAccepted(token)).toBe(42001)
    expect(await isAccepted('made-up')).toBe(40014)
    expect(await isAccepted((await stableToken())['access_token'])).toBe(40014)
  })

  it('§1.1 voids a token early: 40014 on use, and gettoken gives another', async () => {
    const { access_token: token } = await getToken(credentials.agentSecret)
    client.sandbox.killToken('wecom')
    expect(await isAccepted(token)).toBe(40014)
    const { access_token: next } = await getToken(credentials.agentSecret)
    expect(next).not.toBe(token)
    expect(await isAccepted(next)).toBe(0)
  })

  it('§1.1 answers 40013 to another corpid', async () => {
    expect(await getToken(credentials.agentSecret, 'ww0123456789abcdef')).toMatchObject({ errcode: 40013 })
  })

  it('§1.1 answers 40001 to a wrong secret and bans the IP for one hour (45009) after many', async () => {
    client.sandbox.settings.wrongSecretsBeforeBan = 3
    const codes = []
    for (let attempt = 0; attempt < 4; attempt += 1) codes.push((await getToken('wrong'))['errcode'])
    expect(codes).toEqual([40001, 40001, 40001, 45009])
    expect(await getToken(credentials.agentSecret)).toMatchObject({ errcode: 45009 })
    await client.sandbox.clock.advance(HOUR_MS)
    expect(await getToken(credentials.agentSecret)).toMatchObject({ errcode: 0 })
  })
})

describe('§1.2 tokens of api.weixin.qq.com', () => {
  beforeEach(() => client.sandbox.clock.advance(24 * HOUR_MS))

  it('§1.2 has no errcode in a success body', async () => {
    expect(Object.keys(await plainToken()).sort()).toEqual(['access_token', 'expires_in'])
    expect(Object.keys(await stableToken()).sort()).toEqual(['access_token', 'expires_in'])
  })

  it('§1.2 replaces the plain token by each fetch after the overlap', async () => {
    const first = await plainToken()
    const second = await plainToken()
    expect(second['access_token']).not.toBe(first['access_token'])
    expect(await isAcceptedByWechat(first['access_token'])).toBe(0)
    await client.sandbox.clock.advance(300_000)
    expect(await isAcceptedByWechat(first['access_token'])).toBe(42001)
    expect(await isAcceptedByWechat(second['access_token'])).toBe(0)
  })

  it('§1.2 returns the same stable token with its remaining life, isolated from the plain one', async () => {
    const first = await stableToken()
    await client.sandbox.clock.advance(6_855_000)
    expect(await stableToken()).toEqual({ access_token: first['access_token'], expires_in: 345 })
    await plainToken()
    expect(await isAcceptedByWechat(first['access_token'])).toBe(0)
  })

  it('§1.2 renews the stable token 5 minutes before its end and both work meanwhile', async () => {
    const first = await stableToken()
    await client.sandbox.clock.advance(6_900_000)
    const second = await stableToken()
    expect(second['access_token']).not.toBe(first['access_token'])
    expect(await isAcceptedByWechat(first['access_token'])).toBe(0)
    expect(await isAcceptedByWechat(second['access_token'])).toBe(0)
  })

  it('§1.2 voids the old stable token at once when forced, at most every 30 s and 20 times a day', async () => {
    const first = await stableToken()
    const forced = await stableToken(true)
    expect(forced['access_token']).not.toBe(first['access_token'])
    expect(await isAcceptedByWechat(first['access_token'])).toBe(42001)
    expect(await stableToken(true)).toMatchObject({ errcode: 45009 })
    for (let count = 1; count < 20; count += 1) {
      await client.sandbox.clock.advance(30_000)
      expect(await stableToken(true)).toHaveProperty('access_token')
    }
    await client.sandbox.clock.advance(30_000)
    expect(await stableToken(true)).toMatchObject({ errcode: 45009 })
  })

  it('§1.2 answers 43002 to GET on stable_token', async () => {
    expect(await callJson(`${client.sandbox.bases.wechatApi}/cgi-bin/stable_token`)).toMatchObject({ errcode: 43002 })
  })

  it.each([
    ['40013 another appid', { appid: 'wx0123456789abcdef' }, 40013],
    ['40125 a wrong secret', { secret: 'wrong' }, 40125],
    ['40002 another grant type', { grant_type: 'password' }, 40002],
    ['41002 no appid', { appid: '' }, 41002],
    ['41004 no secret', { secret: '' }, 41004],
  ])('§1.2 answers %s', async (_name, change, errcode) => {
    const query = { grant_type: 'client_credential', appid: credentials.mpAppId, secret: credentials.mpSecret, ...change }
    expect(await callJson(`${client.sandbox.bases.wechatApi}/cgi-bin/token?${new URLSearchParams(query)}`)).toMatchObject({ errcode })
  })

  it('§1.2 answers 40164 to an IP that is not whitelisted and 40001 to a voided token', async () => {
    const { access_token: token } = await stableToken()
    client.sandbox.settings.wechatTrustedIps = ['203.0.113.9']
    expect(await isAcceptedByWechat(token)).toBe(40164)
    client.sandbox.settings.wechatTrustedIps = null
    client.sandbox.killToken('wechat')
    expect(await isAcceptedByWechat(token)).toBe(40001)
  })
})
