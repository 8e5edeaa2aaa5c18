import { drawContactWay } from '../../world/codes.ts'
import { DEPARTMENTS } from '../../world/seedStaff.ts'
import { findStaff, toSeconds } from '../../world/state.ts'
import {
  integerList, limitCharacters, optionalBoolean, optionalInteger, optionalString, readCursor, requiredString, stringList, writeCursor,
} from '../readBody.ts'
import { VendorError } from '../endpoint.ts'
import type { ContactWayState } from '../../world/state.ts'
import type { Endpoint, VendorAnswer, VendorCall } from '../endpoint.ts'

/** 500,000 ways per corp (41045); 100 members each (41041) [4.4]. */
const MAX_WAYS = 500_000
const MAX_MEMBERS = 100
const MAX_TEXT = 30
const DEFAULT_LIMIT = 100
const MAX_LIMIT = 1_000
/** Without a start the list covers 90 days [4.4]. */
const DEFAULT_WINDOW_S = 90 * 86_400

function oneOrTwo(call: VendorCall, key: 'type' | 'scene', missing: number, bad: number): 1 | 2 {
  const value = optionalInteger(call, key)
  if (value === undefined) throw new VendorError(missing, `missing ${key}`)
  if (value !== 1 && value !== 2) throw new VendorError(bad, `invalid ${key}`)
  return value
}

/** Members after expanding departments. Each must exist, be visible and have the customer-contact right (41054) [4.4, 4.1]. */
function checkMembers(call: VendorCall, type: 1 | 2, user: readonly string[], party: readonly number[]): void {
  if (type === 1 && user.length !== 1) throw new VendorError(call.state.settings.switches.codes.badArgument, 'type 1 takes exactly one user')
  if (user.length + party.length === 0) throw new VendorError(40063, 'missing user and party')
  for (const userId of user) {
    const member = findStaff(call.state, userId)
    if (!member) throw new VendorError(60111, 'userid not found')
    if (!member.isVisible) throw new VendorError(60021, 'userid not in app visible scope')
    if (!member.hasContactRight) throw new VendorError(41054, 'user not activated or not real-name')
  }
  if (party.some((id) => !DEPARTMENTS.some((department) => department.id === id))) throw new VendorError(60011, 'no privilege to party')
  const inParties = call.state.staff.filter((member) => member.departmentIds.some((id) => party.includes(id)))
  if (new Set([...user, ...inParties.map((member) => member.userId)]).size > MAX_MEMBERS) throw new VendorError(41041, 'too many users')
}

function readTexts(call: VendorCall): { remark: string | undefined; state: string | undefined } {
  const remark = optionalString(call, 'remark')
  const state = optionalString(call, 'state')
  limitCharacters(call, 'remark', remark, MAX_TEXT)
  limitCharacters(call, 'state', state, MAX_TEXT)
  return { remark, state }
}

function pictureUrl(call: VendorCall, configId: string): string {
  return `${call.publicUrl}/_vendor/pictures/contact-way/${configId}.png`
}

async function addContactWay(call: VendorCall): Promise<VendorAnswer> {
  const type = oneOrTwo(call, 'type', 41037, 41039)
  const scene = oneOrTwo(call, 'scene', 41038, 41040)
  const user = stringList(call, 'user')
  const party = integerList(call, 'party')
  const { remark, state } = readTexts(call)
  const style = optionalInteger(call, 'style')
  if (style !== undefined && style < 0) throw new VendorError(41042, 'invalid style')
  checkMembers(call, type, user, party)
  const isTemp = optionalBoolean(call, 'is_temp') ?? false
  if (isTemp && type !== 1) throw new VendorError(41039, 'temporary ways are of type 1')
  const { contactWays } = call.state
  if (contactWays.size >= MAX_WAYS) throw new VendorError(41045, 'too many contact ways')
  const configId = call.state.nextHex('contactWay', 32)
  contactWays.set(configId, {
    configId, type, scene, isTemp, user, party, style: style ?? 1, remark: remark ?? '', state: state ?? '',
    skipVerify: optionalBoolean(call, 'skip_verify') ?? true, createdAt: call.state.clock.now(),
  })
  if (scene === 1) return { config_id: configId }
  await drawContactWay(call.state, configId)
  return { config_id: configId, qr_code: pictureUrl(call, configId) }
}

/** 41043 missing, 41044 unknown [4.4]. */
function requireWay(call: VendorCall): ContactWayState {
  const way = call.state.contactWays.get(requiredString(call, 'config_id', 41043))
  if (!way) throw new VendorError(41044, 'invalid config_id')
  return way
}

function getContactWay(call: VendorCall): VendorAnswer {
  const way = requireWay(call)
  return {
    contact_way: {
      config_id: way.configId, type: way.type, scene: way.scene, style: way.style, remark: way.remark, skip_verify: way.skipVerify,
      state: way.state, ...(way.scene === 2 ? { qr_code: pictureUrl(call, way.configId) } : {}), user: way.user, party: way.party,
      is_temp: way.isTemp,
    },
  }
}

function listContactWays(call: VendorCall): VendorAnswer {
  const limit = optionalInteger(call, 'limit') ?? DEFAULT_LIMIT
  if (limit < 1 || limit > MAX_LIMIT) throw new VendorError(call.state.settings.switches.codes.badArgument, 'invalid limit')
  const end = optionalInteger(call, 'end_time') ?? toSeconds(call.state.clock.now())
  const start = optionalInteger(call, 'start_time') ?? end - DEFAULT_WINDOW_S
  const ways = [...call.state.contactWays.values()].filter((way) => toSeconds(way.createdAt) >= start && toSeconds(way.createdAt) <= end)
  const position = readCursor(call)
  return {
    contact_way: ways.slice(position, position + limit).map((way) => ({ config_id: way.configId })),
    next_cursor: position + limit < ways.length ? writeCursor(position + limit) : '',
  }
}

/** Type and scene stay; `user` and `party` replace [4.4]. */
function updateContactWay(call: VendorCall): VendorAnswer {
  const way = requireWay(call)
  const user = call.body['user'] === undefined ? way.user : stringList(call, 'user')
  const party = call.body['party'] === undefined ? way.party : integerList(call, 'party')
  const { remark, state } = readTexts(call)
  checkMembers(call, way.type, user, party)
  Object.assign(way, {
    user, party, remark: remark ?? way.remark, state: state ?? way.state, style: optionalInteger(call, 'style') ?? way.style,
    skipVerify: optionalBoolean(call, 'skip_verify') ?? way.skipVerify,
  })
  return {}
}

function deleteContactWay(call: VendorCall): VendorAnswer {
  const way = requireWay(call)
  call.state.contactWays.delete(way.configId)
  call.state.contactWayImages.delete(way.configId)
  return {}
}

const BASE = '/cgi-bin/externalcontact'
const SHARED = { method: 'POST', token: 'access', needsContactApi: true } as const

export const contactWayEndpoints: readonly Endpoint[] = [
  { ...SHARED, path: `${BASE}/add_contact_way`, meaning: '新建“联系我”二维码', effectKey: (call) => optionalString(call, 'state') ?? '', handle: addContactWay },
  { ...SHARED, path: `${BASE}/get_contact_way`, meaning: '读取“联系我”配置', empty: { contact_way: {} }, handle: getContactWay },
  { ...SHARED, path: `${BASE}/list_contact_way`, meaning: '读取“联系我”列表', empty: { contact_way: [], next_cursor: '' }, handle: listContactWays },
  { ...SHARED, path: `${BASE}/update_contact_way`, meaning: '更新“联系我”配置', handle: updateContactWay },
  { ...SHARED, path: `${BASE}/del_contact_way`, meaning: '删除“联系我”配置', handle: deleteContactWay },
]
