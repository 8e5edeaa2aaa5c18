import { VendorError } from '../endpoint.ts'
import { wxTokenEndpoints } from './token.ts'
import { loginEndpoints } from './login.ts'
import { codeImageEndpoints } from './codeImage.ts'
import { urlLinkEndpoints } from './urlLink.ts'
import { officialAccountEndpoints } from './officialAccount.ts'
import { riskRankEndpoints } from './riskRank.ts'
import type { VendorHost } from '../pipeline.ts'

const ENDPOINTS = [...wxTokenEndpoints, ...loginEndpoints, ...codeImageEndpoints, ...urlLinkEndpoints, ...officialAccountEndpoints, ...riskRankEndpoints]

/** api.weixin.qq.com: another error table than WeCom's; numbers clash [1.2]. */
export const wxapiHost: VendorHost = {
  name: 'wxapi',
  endpoints: new Map(ENDPOINTS.map((endpoint) => [endpoint.path, endpoint])),
  checkIp(call) {
    const allowed = call.state.settings.wechatTrustedIps
    if (allowed && !allowed.includes(call.ip)) throw new VendorError(40164, `invalid ip ${call.ip}, not in whitelist`)
  },
  checkToken(call) {
    const value = call.query['access_token']
    if (!value) throw new VendorError(41001, 'access_token missing')
    const token = call.tokens.find(value)
    if (!token || token.kind === 'corp' || token.verdict === 'dead') {
      throw new VendorError(40001, 'invalid credential, access_token is invalid or not latest')
    }
    if (token.verdict === 'expired') throw new VendorError(42001, 'access_token expired')
  },
  describe: (error, call) => `${error.message} rid: ${call.state.nextHex('rid', 24)}`,
}
