import * as channel from '@qihui/shared/channel'
import * as consent from '@qihui/shared/consent'
import * as contact from '@qihui/shared/contact'
import * as corpTag from '@qihui/shared/corp-tag'
import * as delivery from '@qihui/shared/delivery'
import * as form from '@qihui/shared/form'
import * as growth from '@qihui/shared/growth'
import type { Contract } from '@qihui/shared/http'
import * as identity from '@qihui/shared/identity'
import * as member from '@qihui/shared/member'
import * as registration from '@qihui/shared/registration'
import * as risk from '@qihui/shared/risk'
import * as staff from '@qihui/shared/staff'
import * as tier from '@qihui/shared/tier'

function isContract(value: unknown): value is Contract {
  return typeof value === 'object' && value !== null && 'path' in value && 'audience' in value
}

const contracts = [channel, consent, contact, corpTag, delivery, form, growth, identity, member, registration, risk, staff, tier].flatMap((noun) => Object.values(noun).filter(isContract))
const routes = contracts.map((contract) => ({ contract, pattern: new RegExp(`^${contract.path.replace(/:[A-Za-z]+/g, '[^/]+')}$`) }))

const others: Readonly<Record<string, string>> = {
  '/api/staff/oauth/start': '员工登录：去企业微信授权',
  '/api/staff/oauth/callback': '员工登录：授权完成，建立会话',
  '/api/invites/oauth/start': '邀请页登录：去微信或企业微信授权',
  '/api/invites/oauth/callback': '邀请页登录：授权完成，建立会话',
}

/**
 * What a request to the product means, for the wire list. Parameters of the path are shown by name, so that no id, token or
 * code appears there.
 */
export function meaningOfRoute(method: string, path: string): { what: string; meaning: string } {
  const known = routes.find(({ contract, pattern }) => contract.method === method && pattern.test(path))
  if (known !== undefined) return { what: `${method} ${known.contract.path}`, meaning: known.contract.summary }
  return { what: `${method} ${path in others ? path : path.split('/').slice(0, 3).join('/')}`, meaning: others[path] ?? '产品接口' }
}
