import { toSeconds } from '../../world/state.ts'
import { VendorError } from '../endpoint.ts'
import { isBanned, tokenEndpoints } from './token.ts'
import { ticketEndpoints } from './ticket.ts'
import { oauthEndpoints } from './oauth.ts'
import { behaviourEndpoints } from './behaviour.ts'
import { directoryEndpoints } from './directory.ts'
import { externalContactEndpoints } from './externalContact.ts'
import { appMessageEndpoints } from './appMessage.ts'
import { contactWayEndpoints } from './contactWay.ts'
import { welcomeEndpoints } from './welcome.ts'
import { corpTagEndpoints } from './corpTag.ts'
import { markTagEndpoints } from './markTag.ts'
import type { VendorHost } from '../pipeline.ts'

const ENDPOINTS = [
  ...tokenEndpoints, ...ticketEndpoints, ...oauthEndpoints, ...directoryEndpoints, ...behaviourEndpoints, ...externalContactEndpoints,
  ...contactWayEndpoints, ...welcomeEndpoints, ...corpTagEndpoints, ...markTagEndpoints, ...appMessageEndpoints,
]

/** qyapi.weixin.qq.com. The token is read from the query only; anywhere else it counts as missing [0.1]. */
export const qyapiHost: VendorHost = {
  name: 'qyapi',
  endpoints: new Map(ENDPOINTS.map((endpoint) => [endpoint.path, endpoint])),
  checkIp(call, endpoint) {
    const { settings } = call.state
    if (isBanned(call)) throw new VendorError(45009, 'api freq out of limit')
    if (endpoint.path === '/cgi-bin/gettoken' && !settings.switches.isIpCheckedAtGettoken) return
    if (settings.trustedIps && !settings.trustedIps.includes(call.ip)) throw new VendorError(60020, 'not allow to access from your ip')
  },
  checkToken(call) {
    const value = call.query['access_token']
    if (!value) throw new VendorError(41001, 'access_token missing')
    const token = call.tokens.find(value)
    if (!token || token.kind !== 'corp') throw new VendorError(40014, 'invalid access_token')
    if (token.verdict === 'expired') throw new VendorError(42001, 'access_token expired')
    if (token.verdict === 'dead') throw new VendorError(call.state.settings.switches.deadCorpToken, 'invalid access_token')
  },
  describe(error, call) {
    const hint = `${toSeconds(call.state.clock.now())}${call.state.nextHex('hint', 14).replace(/[a-f]/g, '7')}`
    const more = `https://open.work.weixin.qq.com/devtool/query?e=${error.errcode}`
    return `${error.message}, hint: [${hint}], from ip: ${call.ip}, more info at ${more}`
  },
}
