import { findTag } from '../../world/corpTags.ts'
import { findStaff, toSeconds } from '../../world/state.ts'
import { limitCharacters, optionalInteger, optionalString, readCursor, requiredQuery, stringList, writeCursor } from '../readBody.ts'
import { VendorError } from '../endpoint.ts'
import { requireCustomer, withPair } from './pair.ts'
import type { RelationState } from '../../world/state.ts'
import type { Endpoint, VendorAnswer, VendorCall } from '../endpoint.ts'
import type { SandboxPerson, SandboxStaff } from '../../types.ts'

/** Batch reads take at most 100 members and give 50 (default) to 100 rows a page [4.2]. */
const MAX_BATCH_USERS = 100
const DEFAULT_BATCH_LIMIT = 50
const MAX_BATCH_LIMIT = 100
const FOLLOWERS_PER_PAGE = 500

function presentContact(call: VendorCall, person: SandboxPerson): Record<string, unknown> {
  const { settings } = call.state
  const isUnionIdShown = person.type === 1 && person.unionId !== null && settings.isDeveloperIdBound && settings.isOpenPlatformBound
  const corp = person.corpName ?? ''
  return {
    external_userid: person.externalUserId,
    name: person.name,
    avatar: `${call.publicUrl}/_vendor/pictures/avatar/${person.personId}.svg`,
    type: person.type,
    gender: person.gender,
    ...(isUnionIdShown ? { unionid: person.unionId } : {}),
    ...(person.type === 2 ? { position: '经理', corp_name: corp, corp_full_name: corp, external_profile: { external_attr: [] } } : {}),
  }
}

function presentRelation(relation: RelationState): Record<string, unknown> {
  return {
    userid: relation.staffUserId,
    remark: relation.remark,
    description: relation.description,
    createtime: toSeconds(relation.createdAt),
    ...(relation.remarkCompany ? { remark_corp_name: relation.remarkCompany } : {}),
    remark_mobiles: relation.remarkMobiles,
    oper_userid: relation.staffUserId,
    add_way: relation.addWay,
    ...(relation.state ? { state: relation.state } : {}),
  }
}

function presentFollowUser(call: VendorCall, relation: RelationState): Record<string, unknown> {
  const tags = relation.tagIds.flatMap((tagId) => {
    const found = findTag(call.state, tagId)
    return found ? [{ group_name: found.group.name, tag_name: found.tag.name, tag_id: tagId, type: 1 }] : []
  })
  return { ...presentRelation(relation), tags }
}

/** `follow_info` is one object with tag ids only [4.2]. */
function presentFollowInfo(relation: RelationState): Record<string, unknown> {
  return { ...presentRelation(relation), tag_id: relation.tagIds }
}

function relationsOf(call: VendorCall, member: SandboxStaff): RelationState[] {
  return [...call.state.relations.values()].filter((relation) => relation.staffUserId === member.userId && !relation.isDeletedByMember)
}

/** 40003 empty, 60111 unknown, 60021 outside the app's visibility, 84061 no customer-contact right [4.1, 4.2]. */
function requireServingMember(call: VendorCall, userId: string): SandboxStaff {
  if (!userId) throw new VendorError(40003, 'invalid userid')
  const member = findStaff(call.state, userId)
  if (!member) throw new VendorError(60111, 'userid not found')
  if (!member.isVisible) throw new VendorError(60021, 'userid not in app visible scope')
  if (!member.hasContactRight) throw new VendorError(84061, 'not external contact')
  return member
}

function listCustomers(call: VendorCall): VendorAnswer {
  const rows = relationsOf(call, requireServingMember(call, call.query['userid'] ?? ''))
  if (rows.length === 0 && call.state.settings.switches.emptyContactList === 84061) throw new VendorError(84061, 'not external contact')
  return { external_userid: rows.map((relation) => call.state.peopleById.get(relation.personId)?.externalUserId) }
}

function getContact(call: VendorCall): VendorAnswer {
  const { state } = call
  const person = state.peopleByExternalUserId.get(requiredQuery(call, 'external_userid'))
  const isListed = (relation: RelationState): boolean =>
    !relation.isDeletedByMember || state.settings.switches.isDeletedByMemberStillListed
  const followers = [...state.relations.values()].filter(
    (relation) => relation.personId === person?.personId && isListed(relation) && findStaff(state, relation.staffUserId)?.isVisible,
  )
  if (!person || followers.length === 0) throw new VendorError(state.settings.switches.unknownContactCode, 'not external contact')
  return {
    external_contact: presentContact(call, person),
    follow_user: followers.slice(0, FOLLOWERS_PER_PAGE).map((relation) => presentFollowUser(call, relation)),
  }
}

function batchGet(call: VendorCall): VendorAnswer {
  const userIds = stringList(call, 'userid_list')
  if (userIds.length === 0) throw new VendorError(40063, 'missing userid_list')
  const limit = optionalInteger(call, 'limit') ?? DEFAULT_BATCH_LIMIT
  if (userIds.length > MAX_BATCH_USERS || limit < 1 || limit > MAX_BATCH_LIMIT) {
    throw new VendorError(call.state.settings.switches.codes.badArgument, 'invalid userid_list or limit')
  }
  const rows = userIds.flatMap((userId) => relationsOf(call, requireServingMember(call, userId)))
  const start = readCursor(call)
  const page = rows.slice(start, start + limit)
  return {
    external_contact_list: page.map((relation) => ({
      external_contact: presentContact(call, call.state.peopleById.get(relation.personId) as SandboxPerson),
      follow_info: presentFollowInfo(relation),
    })),
    next_cursor: start + limit < rows.length ? writeCursor(start + limit) : '',
    fail_info: { unlicensed_userid_list: [] },
  }
}

/** `remark_mobiles` replaces the list and `[""]` clears it; `remark_company` only for type 1 [4.3]. Raises no callback [7.1]. */
async function editRemark(call: VendorCall): Promise<VendorAnswer> {
  const { relation, person } = requireCustomer(call)
  const remark = optionalString(call, 'remark')
  const description = optionalString(call, 'description')
  const company = optionalString(call, 'remark_company')
  const mobiles = call.body['remark_mobiles'] === undefined ? undefined : stringList(call, 'remark_mobiles')
  const picture = optionalString(call, 'remark_pic_mediaid')
  if ([remark, description, company, mobiles, picture].every((value) => value === undefined)) {
    throw new VendorError(40063, 'nothing to change')
  }
  limitCharacters(call, 'remark', remark, 20)
  limitCharacters(call, 'description', description, 150)
  limitCharacters(call, 'remark_company', company, 20)
  return withPair(call, relation, () => {
    if (remark !== undefined) relation.remark = remark
    if (description !== undefined) relation.description = description
    if (company !== undefined && person.type === 1) relation.remarkCompany = company
    if (mobiles !== undefined) relation.remarkMobiles = mobiles.filter((mobile) => mobile !== '')
    return {}
  })
}

const BASE = '/cgi-bin/externalcontact'

export const externalContactEndpoints: readonly Endpoint[] = [
  {
    method: 'GET',
    path: `${BASE}/get_follow_user_list`,
    meaning: '读取可服务客户的员工',
    token: 'access',
    needsContactApi: true,
    empty: { follow_user: [] },
    handle: (call) => ({
      follow_user: call.state.staff.filter((member) => member.isVisible && member.hasContactRight).map((member) => member.userId),
    }),
  },
  {
    method: 'GET',
    path: `${BASE}/list`,
    meaning: '读取员工的客户名单',
    token: 'access',
    needsContactApi: true,
    empty: { external_userid: [] },
    handle: listCustomers,
  },
  {
    method: 'GET',
    path: `${BASE}/get`,
    meaning: '读取客户详情',
    token: 'access',
    needsContactApi: true,
    empty: { external_contact: {}, follow_user: [] },
    handle: getContact,
  },
  {
    method: 'POST',
    path: `${BASE}/batch/get_by_user`,
    meaning: '批量读取客户详情',
    token: 'access',
    needsContactApi: true,
    empty: { external_contact_list: [], next_cursor: '', fail_info: { unlicensed_userid_list: [] } },
    handle: batchGet,
  },
  {
    method: 'POST',
    path: `${BASE}/remark`,
    meaning: '修改客户备注',
    token: 'access',
    needsContactApi: true,
    handle: editRemark,
  },
]
