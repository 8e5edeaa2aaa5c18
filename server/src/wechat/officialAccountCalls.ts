import { AppError } from '@qihui/shared/errors'
import type { Logger } from 'pino'
import type { Env } from '../env.ts'
import { createTokenKeeper, type KeeperServices } from '../vendor/tokenKeeper.ts'
import type { Transport } from '../vendor/transport.ts'
import { withToken } from '../vendor/withToken.ts'
import { keepAccessToken } from './accessTokens.ts'
import { officialAccountWire, readWire, ticketWire } from './answers.wire.ts'
import { wechatErrcode } from './refusals.ts'
import { translated } from './translated.ts'
import type { Wechat } from './wechat.ts'

const settings = 'WECHAT_OA_APPID 与 WECHAT_OA_SECRET'

interface OfficialAccountParts {
  readonly env: Pick<Env, 'wechat'>
  readonly transport: Transport
  readonly log: Logger
  readonly services: KeeperServices
}

/** The official account: login of a page inside WeChat, and the ticket that signs such a page (platform 9). */
export function officialAccountCalls({ env, transport, log, services }: OfficialAccountParts): Pick<Wechat, 'officialAccountUserOf' | 'getOfficialAccountTicket'> {
  const { oaAppId, oaSecret } = env.wechat
  const accessToken = keepAccessToken({ appId: oaAppId, secret: oaSecret, settings }, transport, services)
  const ticket = createTokenKeeper(
    {
      vendor: 'wechat',
      app: oaAppId,
      kind: 'jsapiTicket',
      secret: '',
      wrongSecretDetail: '',
      isWrongSecret: () => false,
      async fetch() {
        const query = { type: 'jsapi' }
        const json = await withToken(accessToken, (token) => transport.json({ method: 'GET', path: '/cgi-bin/ticket/getticket', query: { access_token: token, ...query } }))
        const wire = readWire(ticketWire, json)
        return { value: wire.ticket, expiresInSeconds: wire.expires_in }
      },
    },
    services,
  )
  const requireAccount = (): void => {
    if (oaAppId === '' || oaSecret === '') throw new AppError('vendor.configuration', `尚未配置公众号，请设置 ${settings}`)
  }
  const loginMeanings = { [wechatErrcode.invalidCode]: 'oauth.codeInvalid', [wechatErrcode.codeUsed]: 'oauth.codeInvalid', [wechatErrcode.highRiskUser]: 'login.blocked' } as const
  return {
    officialAccountUserOf: (code) =>
      translated(log, loginMeanings, async () => {
        requireAccount()
        const query = { appid: oaAppId, secret: oaSecret, code, grant_type: 'authorization_code' }
        const wire = readWire(officialAccountWire, await transport.json({ method: 'GET', path: '/sns/oauth2/access_token', query }))
        if (wire.is_snapshotuser === 1) throw new AppError('login.snapshotUser')
        return { openId: wire.openid, unionId: wire.unionid === '' ? null : wire.unionid }
      }),
    getOfficialAccountTicket: () =>
      translated(log, {}, async () => {
        requireAccount()
        const { value, expiresAt } = await ticket.get()
        return { ticket: value, expiresAt }
      }),
  }
}
