import { USER_TICKET_TTL_MS } from '../../world/grants.ts'
import { stableId } from '../../world/random.ts'
import { findRelation, requirePerson } from '../../world/relations.ts'
import { findStaff } from '../../world/state.ts'
import { requiredString } from '../readBody.ts'
import { VendorError } from '../endpoint.ts'
import type { Endpoint, VendorAnswer, VendorCall } from '../endpoint.ts'
import type { Grant } from '../../world/grants.ts'

const PRIVATE_SCOPE = 'snsapi_privateinfo'

/** A code works once; unknown, expired and consumed codes are all 40029 unless a switch says otherwise [3.2]. */
function takeCode(call: VendorCall): Grant {
  const { grants, settings } = call.state
  const code = call.query['code'] ?? ''
  const grant = grants.find('corpOauth', code)
  if (!grant) throw new VendorError(40029, 'invalid code')
  if (grant.isUsed) throw new VendorError(settings.switches.reusedCorpCode, 'invalid code')
  if (grants.isExpired(grant)) throw new VendorError(settings.switches.expiredCorpCode, 'invalid code')
  grant.isUsed = true
  return grant
}

function presentMember(call: VendorCall, userId: string, scope: string): VendorAnswer {
  const member = findStaff(call.state, userId)
  if (!member) throw new VendorError(40029, 'invalid code')
  if (scope !== PRIVATE_SCOPE || !member.isVisible) return { userid: member.userId }
  const ticket = call.state.grants.issue('userTicket', USER_TICKET_TTL_MS, { staffUserId: member.userId, scope })
  return { userid: member.userId, user_ticket: ticket }
}

/** `external_userid` only when the person is a customer of somebody inside the app's visibility [3.2]. */
function presentOutsider(call: VendorCall, personId: string): VendorAnswer {
  const person = requirePerson(call.state, personId)
  const openid = `o${stableId(call.state.seed, 'corpOpenId', personId, 27)}`
  const isCustomer = call.state.staff.some((member) => member.isVisible && findRelation(call.state, member.userId, personId))
  return isCustomer ? { openid, external_userid: person.externalUserId } : { openid }
}

function presentDetail(call: VendorCall, grant: Grant): VendorAnswer {
  const member = findStaff(call.state, grant.staffUserId ?? '')
  if (!member) throw new VendorError(84015, 'user_ticket invalid')
  const number = stableId(call.state.seed, 'staffMobile', member.userId, 40).replace(/\D/g, '').padEnd(8, '7').slice(0, 8)
  return {
    userid: member.userId,
    gender: '2',
    avatar: `${call.publicUrl}/_vendor/pictures/avatar/${encodeURIComponent(member.userId)}.svg`,
    qr_code: '',
    mobile: `138${number}`,
    email: '',
    biz_mail: `${member.userId}@corp.example`,
    address: '',
  }
}

export const oauthEndpoints: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/cgi-bin/auth/getuserinfo',
    meaning: '用授权码换取登录人身份',
    token: 'access',
    isExempt(call) {
      const grant = call.state.grants.find('corpOauth', call.query['code'] ?? '')
      return grant !== undefined && !grant.isUsed && !call.state.grants.isExpired(grant)
    },
    handle(call) {
      const grant = takeCode(call)
      if (grant.staffUserId !== null) return presentMember(call, grant.staffUserId, grant.scope)
      return presentOutsider(call, grant.personId ?? '')
    },
  },
  {
    method: 'POST',
    path: '/cgi-bin/auth/getuserdetail',
    meaning: '读取员工授权的敏感信息',
    token: 'access',
    handle(call) {
      const grant = call.state.grants.find('userTicket', requiredString(call, 'user_ticket', 84015))
      if (!grant) throw new VendorError(84015, 'user_ticket invalid')
      if (call.state.grants.isExpired(grant)) throw new VendorError(84014, 'user_ticket expired')
      return presentDetail(call, grant)
    },
  },
]
