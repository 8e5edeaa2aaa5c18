import { AppError, type ErrorCode } from '@qihui/shared/errors'
import type { Logger } from 'pino'
import * as v from 'valibot'
import type { Env } from '../env.ts'
import { createTokenKeeper, type KeeperServices, type TokenKeeper } from '../vendor/tokenKeeper.ts'
import { createTransport, type Transport, type VendorJson } from '../vendor/transport.ts'
import { VendorRefusal } from '../vendor/VendorRefusal.ts'
import { withToken } from '../vendor/withToken.ts'
import { accessTokenWire, phoneWire, sessionWire, urlLinkWire } from './answers.wire.ts'
import { toAppError, wechatErrcode } from './refusals.ts'
import type { Wechat } from './wechat.ts'

/** Links live 30 days at most; a day is kept back so that none dies in somebody's hand (platform 8.1, MPS 2026). */
const urlLinkDays = 29
const dayMs = 86_400_000
/** Width of a code image, 280 to 1280 px. */
const codeImageWidth = 430

const wrongSecretErrcodes: readonly number[] = [wechatErrcode.badCredential, wechatErrcode.badAppId, wechatErrcode.badSecret, wechatErrcode.secretFrozen]

function readWire<Schema extends v.GenericSchema>(schema: Schema, json: VendorJson): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, json)
  if (!parsed.success) throw new AppError('vendor.unavailable')
  return parsed.output
}

function keepAccessToken(env: Pick<Env, 'wechat'>, transport: Transport, services: KeeperServices): TokenKeeper {
  const { mpAppId, mpSecret } = env.wechat
  const fetchStable = async (isForced: boolean): Promise<{ value: string; expiresInSeconds: number }> => {
    const body = { grant_type: 'client_credential', appid: mpAppId, secret: mpSecret, force_refresh: isForced }
    const wire = readWire(accessTokenWire, await transport.json({ method: 'POST', path: '/cgi-bin/stable_token', body }))
    return { value: wire.access_token, expiresInSeconds: wire.expires_in }
  }
  return createTokenKeeper(
    {
      vendor: 'wechat',
      app: mpAppId,
      kind: 'accessToken',
      secret: mpSecret,
      wrongSecretDetail: '微信拒绝了小程序密钥，请检查 WECHAT_MP_APPID 与 WECHAT_MP_SECRET；60 分钟内或修改配置前不再重试',
      isWrongSecret: (refusal) => wrongSecretErrcodes.includes(refusal.errcode),
      async fetch(refused) {
        const fetched = await fetchStable(false)
        // The normal mode repeats the token in force. Only when that one was refused is it worth one of the 20 forced refreshes a day.
        return fetched.value === refused ? fetchStable(true) : fetched
      },
    },
    services,
  )
}

/** Runs a call; `meanings` gives single error numbers their own code. @throws AppError */
async function translated<T>(log: Logger, meanings: Readonly<Record<number, ErrorCode>>, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof VendorRefusal)) throw error
    const meaning = meanings[error.errcode]
    if (meaning !== undefined) throw new AppError(meaning)
    const appError = toAppError(error)
    const level = appError.code === 'vendor.configuration' ? 'error' : 'warn'
    log[level]({ vendor: 'wechat', path: error.path, errcode: error.errcode, detail: appError.detail }, 'WeChat refused a call')
    throw appError
  }
}

/** The WeChat mini-program edge over HTTP, with the stable token (platform 1.2). */
export function createWechat(services: KeeperServices & { readonly env: Pick<Env, 'wechat'> }): Wechat {
  const { env, now, log } = services
  const transport = createTransport({ vendor: 'wechat', vendorName: '微信', base: env.wechat.apiBase, now, log })
  const accessToken = keepAccessToken(env, transport, services)
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
    codeToSession: (code) =>
      translated(log, loginMeanings, async () => {
        const query = { appid: env.wechat.mpAppId, secret: env.wechat.mpSecret, js_code: code, grant_type: 'authorization_code' }
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
  }
}
