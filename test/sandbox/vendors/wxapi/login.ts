import { createHash } from 'node:crypto'
import { credentials } from '../../world/credentials.ts'
import { requirePerson } from '../../world/relations.ts'
import { toSeconds } from '../../world/state.ts'
import { requiredString } from '../readBody.ts'
import { checkAppSecret } from './token.ts'
import { VendorError } from '../endpoint.ts'
import type { Endpoint, VendorAnswer, VendorCall } from '../endpoint.ts'

/** A session key is 16 bytes in base64; each login makes a new one [8.1]. */
function sessionKeyFor(code: string): string {
  return createHash('sha256').update(`session ${code}`).digest().subarray(0, 16).toString('base64')
}

function codeToSession(call: VendorCall): VendorAnswer {
  const appId = checkAppSecret(call.query['appid'], call.query['secret'])
  if (appId !== credentials.mpAppId) throw new VendorError(40013, 'invalid appid')
  if (call.query['grant_type'] !== 'authorization_code') throw new VendorError(40002, 'invalid grant_type')
  const { grants, settings } = call.state
  const grant = grants.find('jsLogin', call.query['js_code'] ?? '')
  if (!grant || grants.isExpired(grant)) throw new VendorError(40029, 'invalid code')
  if (grant.isUsed) throw new VendorError(settings.switches.reusedJsCode, 'code been used')
  grant.isUsed = true
  const person = requirePerson(call.state, grant.personId ?? '')
  return {
    openid: person.mpOpenId,
    session_key: sessionKeyFor(grant.code),
    ...(settings.isOpenPlatformBound && person.unionId !== null ? { unionid: person.unionId } : {}),
  }
}

/** The newer `openid` parameter is checked against the code when it is sent [8.1]. Each success costs one of the quota. */
function phoneNumber(call: VendorCall): VendorAnswer {
  const { grants, clock } = call.state
  const grant = grants.find('phone', requiredString(call, 'code', 40029))
  if (!grant || grant.isUsed || grants.isExpired(grant)) throw new VendorError(40029, 'invalid code')
  const person = requirePerson(call.state, grant.personId ?? '')
  const openid = call.body['openid']
  if (openid !== undefined && openid !== person.mpOpenId) throw new VendorError(40029, 'code does not belong to the openid')
  grant.isUsed = true
  if (call.state.phoneQuota !== null) call.state.phoneQuota = Math.max(0, call.state.phoneQuota - 1)
  return {
    phone_info: {
      phoneNumber: person.phone,
      purePhoneNumber: person.phone,
      countryCode: '86',
      watermark: { timestamp: toSeconds(clock.now()), appid: credentials.mpAppId },
    },
  }
}

export const loginEndpoints: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/sns/jscode2session',
    meaning: '用登录码换取顾客身份',
    token: 'none',
    isBareOnSuccess: true,
    handle: codeToSession,
  },
  {
    method: 'POST',
    path: '/wxa/business/getuserphonenumber',
    meaning: '用手机号凭证换取手机号',
    token: 'access',
    handle: phoneNumber,
  },
]
