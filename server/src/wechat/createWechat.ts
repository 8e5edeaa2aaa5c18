import type { Env } from '../env.ts'
import type { KeeperServices } from '../vendor/tokenKeeper.ts'
import { createTransport, type VendorJson } from '../vendor/transport.ts'
import { withToken } from '../vendor/withToken.ts'
import { keepAccessToken } from './accessTokens.ts'
import { phoneWire, readWire, riskRankWire, sessionWire, urlLinkWire } from './answers.wire.ts'
import { officialAccountCalls } from './officialAccountCalls.ts'
import { probeWechat } from './probe.ts'
import { wechatErrcode } from './refusals.ts'
import { translated } from './translated.ts'
import type { Wechat } from './wechat.ts'

/** Links live 30 days at most; a day is kept back so that none dies in somebody's hand (platform 8.1, MPS 2026). */
const urlLinkDays = 29
const dayMs = 86_400_000
/** Width of a code image, 280 to 1280 px. */
const codeImageWidth = 430
/** The scene of `getuserriskrank` that asks about registrations. */
const registrationScene = 0

/** The WeChat mini-program edge over HTTP, with the stable token (platform 1.2). */
export function createWechat(services: KeeperServices & { readonly env: Pick<Env, 'wechat'> }): Wechat {
  const { env, now, log, sightings, callMeter } = services
  const transport = createTransport({ vendor: 'wechat', vendorName: '微信', base: env.wechat.apiBase, now, log, sightings, ...(callMeter ? { meter: callMeter } : {}) })
  const { mpAppId, mpSecret } = env.wechat
  const accessToken = keepAccessToken({ appId: mpAppId, secret: mpSecret, settings: 'WECHAT_MP_APPID 与 WECHAT_MP_SECRET' }, transport, services)
  const post = (path: string, body: unknown): Promise<VendorJson> =>
    withToken(accessToken, (token) => transport.json({ method: 'POST', path, query: { access_token: token }, body }))
  const loginMeanings = {
    [wechatErrcode.invalidCode]: 'login.codeInvalid',
    [wechatErrcode.codeUsed]: 'login.codeInvalid',
    [wechatErrcode.highRiskUser]: 'login.blocked',
  } as const
  const phoneMeanings = {
    [wechatErrcode.invalidCode]: 'phone.codeInvalid',
    [wechatErrcode.codeUsed]: 'phone.codeInvalid',
    // The call checks its token before; a bad app id here means a code of another app's button.
    [wechatErrcode.badAppId]: 'phone.codeInvalid',
    [wechatErrcode.quotaExhausted]: 'phone.quotaExhausted',
  } as const
  return {
    ...officialAccountCalls({ env, transport, log, services }),
    codeToSession: (code) =>
      translated(log, loginMeanings, async () => {
        const query = { appid: mpAppId, secret: mpSecret, js_code: code, grant_type: 'authorization_code' }
        const wire = readWire(sessionWire, await transport.json({ method: 'GET', path: '/sns/jscode2session', query }))
        return { openId: wire.openid, unionId: wire.unionid === '' ? null : wire.unionid }
      }),
    phoneOfCode: (code) =>
      translated(log, phoneMeanings, async () => {
        const { phone_info: phone } = readWire(phoneWire, await post('/wxa/business/getuserphonenumber', { code }))
        return { phoneNumber: phone.purePhoneNumber, countryCode: phone.countryCode }
      }),
    makeMiniProgramCode: (scene, page) =>
      translated(log, {}, () => {
        const call = { method: 'POST', path: '/wxa/getwxacodeunlimit', body: { scene, page, width: codeImageWidth } } as const
        return withToken(accessToken, (token) => transport.bytes({ ...call, query: { access_token: token } }))
      }),
    makeUrlLink: (path, query) =>
      translated(log, {}, async () => {
        const body = { path, query, expire_type: 1, expire_interval: urlLinkDays }
        const wire = readWire(urlLinkWire, await post('/wxa/generate_urllink', body))
        return { url: wire.url_link, expiresAt: new Date(now().getTime() + urlLinkDays * dayMs) }
      }),
    probe: () => probeWechat({ env, now, log }),
    async riskRank({ openId, phone, ip }) {
      if (!env.wechat.isRiskRankOn) return null
      const body = { appid: mpAppId, openid: openId, scene: registrationScene, client_ip: ip, ...(phone === null ? {} : { mobile_no: phone.replace(/^\+86/, '') }) }
      return translated(log, {}, async () => readWire(riskRankWire, await post('/wxa/getuserriskrank', body)).risk_rank)
    },
  }
}
