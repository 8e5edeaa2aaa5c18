import { createTokenKeeper, type KeeperServices, type TokenKeeper } from '../vendor/tokenKeeper.ts'
import type { Transport } from '../vendor/transport.ts'
import { accessTokenWire, readWire } from './answers.wire.ts'
import { wechatErrcode } from './refusals.ts'

const wrongSecretErrcodes: readonly number[] = [wechatErrcode.badCredential, wechatErrcode.badAppId, wechatErrcode.badSecret, wechatErrcode.secretFrozen]

/** One app of the company on api.weixin.qq.com: the mini-program or the official account. */
export interface WechatApp {
  readonly appId: string
  readonly secret: string
  /** Names of the settings to check when WeChat refuses the secret. */
  readonly settings: string
}

/** Keeps the stable token of one app (platform 1.2). */
export function keepAccessToken({ appId, secret, settings }: WechatApp, transport: Transport, services: KeeperServices): TokenKeeper {
  const fetchStable = async (isForced: boolean): Promise<{ value: string; expiresInSeconds: number }> => {
    const body = { grant_type: 'client_credential', appid: appId, secret, force_refresh: isForced }
    const wire = readWire(accessTokenWire, await transport.json({ method: 'POST', path: '/cgi-bin/stable_token', body }))
    return { value: wire.access_token, expiresInSeconds: wire.expires_in }
  }
  return createTokenKeeper(
    {
      vendor: 'wechat',
      app: appId,
      kind: 'accessToken',
      secret,
      wrongSecretDetail: `微信拒绝了应用密钥，请检查 ${settings}；60 分钟内或修改配置前不再重试`,
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
