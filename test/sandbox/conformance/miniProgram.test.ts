import jsQR from 'jsqr'
import { PNG } from 'pngjs'
import { describe, expect, it } from 'vitest'
import { useSandbox } from './client.ts'
import { credentials } from '../world/credentials.ts'
import { NoPhoneError } from '../world/errors.ts'
import type { Json } from './client.ts'

const client = useSandbox()
const FIVE_MINUTES_MS = 300_000
const DAY_S = 86_400

function session(code: string, change: Record<string, string> = {}): Promise<Json> {
  const query = { appid: credentials.mpAppId, secret: credentials.mpSecret, js_code: code, grant_type: 'authorization_code', ...change }
  return client.wechat('/sns/jscode2session', { access_token: '', ...query })
}

const phone = (code: string, more: Json = {}): Promise<Json> => client.wechat('/wxa/business/getuserphonenumber', {}, { code, ...more })

async function codeImage(body: Json): Promise<Response> {
  const url = `${client.sandbox.bases.wechatApi}/wxa/getwxacodeunlimit?access_token=${await client.wechatToken()}`
  return fetch(url, { method: 'POST', body: JSON.stringify(body) })
}

describe('§8.1 jscode2session', () => {
  it('§8.1 gives openid, a 16-byte session_key and unionid, without errcode', async () => {
    const person = client.sandbox.world.person('p001')
    const answer = await session(client.sandbox.world.loginCode('p001'))
    expect(answer).toEqual({ openid: person.mpOpenId, session_key: expect.any(String), unionid: person.unionId })
    expect(Buffer.from(String(answer['session_key']), 'base64')).toHaveLength(16)
  })

  it('§8.1 makes a new session_key at each login', async () => {
    const first = await session(client.sandbox.world.loginCode('p001'))
    const second = await session(client.sandbox.world.loginCode('p001'))
    expect(second['session_key']).not.toBe(first['session_key'])
    expect(second['openid']).toBe(first['openid'])
  })

  it('§8.1 leaves unionid out when the mini-program is not bound to the open platform', async () => {
    client.sandbox.settings.isOpenPlatformBound = false
    expect(await session(client.sandbox.world.loginCode('p001'))).not.toHaveProperty('unionid')
    client.sandbox.settings.isOpenPlatformBound = true
  })

  it('§8.1 takes a code once (40029, or 40163 by switch) and for 5 minutes', async () => {
    const code = client.sandbox.world.loginCode('p001')
    await session(code)
    expect(await session(code)).toMatchObject({ errcode: 40029 })
    client.sandbox.settings.switches.reusedJsCode = 40163
    expect(await session(code)).toMatchObject({ errcode: 40163 })
    const late = client.sandbox.world.loginCode('p001')
    await client.sandbox.clock.advance(FIVE_MINUTES_MS + 1)
    expect(await session(late)).toMatchObject({ errcode: 40029 })
  })

  it.each([
    ['40029 a made-up code', { js_code: 'made-up' }, 40029],
    ['40013 another appid', { appid: 'wx0123456789abcdef' }, 40013],
    ['40125 a wrong secret', { secret: 'wrong' }, 40125],
    ['40002 another grant type', { grant_type: 'password' }, 40002],
  ])('§8.1 answers %s', async (_name, change, errcode) => {
    expect(await session(client.sandbox.world.loginCode('p001'), change)).toMatchObject({ errcode })
  })
})

describe('§8.1 getuserphonenumber', () => {
  it('§8.1 gives the number with country code and watermark', async () => {
    expect(await phone(client.sandbox.world.phoneCode('p001'))).toEqual({
      errcode: 0, errmsg: 'ok',
      phone_info: {
        phoneNumber: '13800001111', purePhoneNumber: '13800001111', countryCode: '86',
        watermark: { timestamp: Math.floor(client.sandbox.clock.now() / 1000), appid: credentials.mpAppId },
      },
    })
  })

  it('§12.18 takes the code of the button, not the one of wx.login', async () => {
    expect(await phone(client.sandbox.world.loginCode('p001'))).toMatchObject({ errcode: 40029 })
    expect(await session(client.sandbox.world.phoneCode('p001'))).toMatchObject({ errcode: 40029 })
  })

  it('§8.1 takes a code once and for 5 minutes', async () => {
    const code = client.sandbox.world.phoneCode('p001')
    await phone(code)
    expect(await phone(code)).toMatchObject({ errcode: 40029 })
    const late = client.sandbox.world.phoneCode('p001')
    await client.sandbox.clock.advance(FIVE_MINUTES_MS + 1)
    expect(await phone(late)).toMatchObject({ errcode: 40029 })
  })

  it('§8.1 checks the optional openid against the code', async () => {
    const { mpOpenId } = client.sandbox.world.person('p001')
    expect(await phone(client.sandbox.world.phoneCode('p001'), { openid: 'oSomebodyElse' })).not.toMatchObject({ errcode: 0 })
    expect(await phone(client.sandbox.world.phoneCode('p001'), { openid: mpOpenId })).toMatchObject({ errcode: 0 })
  })

  it('§8.1 has no code for people without a phone and when the quota is used up', async () => {
    const noPhone = client.sandbox.world.people.find((person) => person.type === 1 && person.phone === null)
    expect(() => client.sandbox.world.phoneCode(noPhone?.personId ?? '')).toThrow(NoPhoneError)
    client.sandbox.world.setPhoneQuota(1)
    await phone(client.sandbox.world.phoneCode('p001'))
    expect(() => client.sandbox.world.phoneCode('p001')).toThrow('额度')
    client.sandbox.world.setPhoneQuota(1_000)
  })
})

describe('§8.1 getwxacodeunlimit', () => {
  it('§8.1 answers image bytes that scan', async () => {
    const answer = await codeImage({ scene: 'inv_7F3K', page: 'pages/index/index' })
    expect(answer.headers.get('content-type')).toBe('image/png')
    const png = PNG.sync.read(Buffer.from(await answer.arrayBuffer()))
    const text = jsQR(new Uint8ClampedArray(png.data), png.width, png.height)?.data
    expect(text).toBe(`wxacode:${credentials.mpAppId}:pages/index/index:inv_7F3K`)
    expect(png.width).toBe(430)
  })

  it.each([
    ['40169 a scene of 33 characters', { scene: 'a'.repeat(33) }, 40169],
    ['40169 no scene', {}, 40169],
    ['40129 a percent sign', { scene: 'a%3D1' }, 40129],
    ['40129 Chinese', { scene: '门店' }, 40129],
    ['40097 a bad env_version', { scene: 'a', env_version: 'beta' }, 40097],
    ['41030 a page with a leading slash', { scene: 'a', page: '/pages/index/index' }, 41030],
    ['41030 a page with a query', { scene: 'a', page: 'pages/index/index?x=1' }, 41030],
  ])('§8.1 answers %s', async (_name, body, errcode) => {
    expect(await (await codeImage(body)).json()).toMatchObject({ errcode })
  })

  it('§8.1 takes every allowed character in the scene', async () => {
    for (const scene of ["!#$&'()*+,/:;=?@-._~", '0123456789ABCDEFGHIJKLMNOPQRSTUV']) {
      expect((await codeImage({ scene })).headers.get('content-type')).toBe('image/png')
    }
  })

  it('§8.1 wants a published page unless check_path is false', async () => {
    client.sandbox.settings.publishedPages = ['pages/home/index']
    expect(await (await codeImage({ scene: 'a', page: 'pages/other/index' })).json()).toMatchObject({ errcode: 41030 })
    expect((await codeImage({ scene: 'a', page: 'pages/other/index', check_path: false })).headers.get('content-type')).toBe('image/png')
    client.sandbox.settings.publishedPages = null
  })

  it('§8.2 hands the scene over percent-encoded once, launch scene 1047', async () => {
    await codeImage({ scene: 'a=1', page: 'pages/index/index' })
    const code = client.sandbox.world.codes().find((candidate) => candidate.token === 'a=1')
    expect(await client.sandbox.world.scan('p001', code?.codeId ?? '')).toEqual({
      kind: 'miniProgram', path: 'pages/index/index', query: { scene: 'a%3D1' }, scene: 1047,
    })
  })
})

describe('§8.1 generate_urllink', () => {
  const link = (body: Json): Promise<Json> => client.wechat('/wxa/generate_urllink', {}, body)
  const nowS = (): number => Math.floor(client.sandbox.clock.now() / 1000)

  it('§8.1 opens path and query for at most 30 days', async () => {
    const { url_link: url, errcode } = await link({ path: 'pages/index/index', query: 'a=1&b=2', expire_type: 1, expire_interval: 30 })
    expect(errcode).toBe(0)
    expect(url).toMatch(/^https:\/\/wxaurl\.cn\/\w+$/)
    expect(client.sandbox.world.openUrlLink(String(url))).toEqual({ path: 'pages/index/index', query: { a: '1', b: '2' } })
    await client.sandbox.clock.advance(30 * DAY_S * 1000)
    expect(client.sandbox.world.openUrlLink(String(url))).toBeNull()
  })

  it('§8.1 answers 85401 outside one minute to 30 days', async () => {
    expect(await link({ expire_type: 1, expire_interval: 31 })).toMatchObject({ errcode: 85401, url_link: '' })
    expect(await link({ expire_time: nowS() + 59 })).toMatchObject({ errcode: 85401 })
    expect(await link({ expire_time: nowS() + 30 * DAY_S + 1 })).toMatchObject({ errcode: 85401 })
    expect(await link({ expire_time: nowS() + 60 })).toMatchObject({ errcode: 0 })
  })

  it('§8.1 answers 40212 to a query above 1024, 85402 to a bad env_version, 40165 to an unknown page', async () => {
    expect(await link({ query: 'a'.repeat(1025) })).toMatchObject({ errcode: 40212 })
    expect(await link({ env_version: 'beta' })).toMatchObject({ errcode: 85402 })
    client.sandbox.settings.publishedPages = ['pages/home/index']
    expect(await link({ path: 'pages/other/index' })).toMatchObject({ errcode: 40165 })
    client.sandbox.settings.publishedPages = null
  })

  it('§8.1 answers 44990 above 100 a second', async () => {
    await client.sandbox.clock.advance(1_000)
    const token = await client.wechatToken()
    const codes = []
    for (let count = 0; count < 101; count += 1) {
      codes.push((await client.wechat('/wxa/generate_urllink', { access_token: token }, {}))['errcode'])
    }
    expect([codes.filter((code) => code === 0).length, codes.at(-1)]).toEqual([100, 44990])
  })
})
