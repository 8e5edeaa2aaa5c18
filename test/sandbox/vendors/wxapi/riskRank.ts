import { credentials } from '../../world/credentials.ts'
import { optionalInteger, requiredString } from '../readBody.ts'
import { VendorError } from '../endpoint.ts'
import type { Endpoint } from '../endpoint.ts'

/** `scene`: 0 registration, 1 marketing. */
const SCENES = new Set([0, 1])

/** Risk rank of one user of the mini-program: 0 nothing known, 4 the worst. The misspelt `unoin_id` is the platform's. */
export const riskRankEndpoints: readonly Endpoint[] = [
  {
    method: 'POST',
    path: '/wxa/getuserriskrank',
    meaning: '查询用户的安全风险等级',
    token: 'access',
    handle(call) {
      if (requiredString(call, 'appid', 40013) !== credentials.mpAppId) throw new VendorError(40013, 'invalid appid')
      const openid = requiredString(call, 'openid', 40003)
      const person = call.state.people.find(({ mpOpenId }) => mpOpenId === openid)
      if (!person) throw new VendorError(40003, 'invalid openid')
      if (!SCENES.has(optionalInteger(call, 'scene') ?? -1)) throw new VendorError(40129, 'invalid scene')
      requiredString(call, 'client_ip', 40097)
      return { risk_rank: call.state.riskRanks.get(person.personId) ?? 0, unoin_id: Number.parseInt(call.state.nextHex('riskRank', 8), 16) }
    },
  },
]
