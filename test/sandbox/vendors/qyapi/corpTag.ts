import { addTag, countTags, ensureGroup, findTag, removeTag } from '../../world/corpTags.ts'
import { toSeconds } from '../../world/state.ts'
import { limitCharacters, optionalInteger, optionalString, recordList, requiredString, stringList } from '../readBody.ts'
import { VendorError } from '../endpoint.ts'
import type { CorpTagGroupState, CorpTagState } from '../../world/state.ts'
import type { Endpoint, VendorAnswer, VendorCall } from '../endpoint.ts'

const MAX_NAME = 30

/** Larger `order` first, then the older one [5]. */
function byOrder(a: { order: number; createdAt: number }, b: { order: number; createdAt: number }): number {
  return b.order - a.order || a.createdAt - b.createdAt
}

function presentTag(tag: CorpTagState): Record<string, unknown> {
  return { id: tag.tagId, name: tag.name, create_time: toSeconds(tag.createdAt), order: tag.order, deleted: false }
}

function presentGroup(group: CorpTagGroupState, tags: readonly CorpTagState[]): Record<string, unknown> {
  return {
    group_id: group.groupId,
    group_name: group.name,
    create_time: toSeconds(group.createdAt),
    order: group.order,
    deleted: false,
    tag: [...tags].sort(byOrder).map(presentTag),
  }
}

/** Both filters given: `group_id` wins; none: everything [5]. */
function listTags(call: VendorCall): VendorAnswer {
  const groupIds = stringList(call, 'group_id')
  const tagIds = stringList(call, 'tag_id')
  const groups = [...call.state.tagGroups].sort(byOrder)
  if (groupIds.length > 0) {
    return { tag_group: groups.filter((group) => groupIds.includes(group.groupId)).map((group) => presentGroup(group, group.tags)) }
  }
  if (tagIds.length === 0) return { tag_group: groups.map((group) => presentGroup(group, group.tags)) }
  const chosen = groups.map((group) => ({ group, tags: group.tags.filter((tag) => tagIds.includes(tag.tagId)) }))
  return { tag_group: chosen.filter(({ tags }) => tags.length > 0).map(({ group, tags }) => presentGroup(group, tags)) }
}

interface NewTag {
  readonly name: string
  readonly order: number
}

/** The same name twice in one call is created once [5]. */
function readNewTags(call: VendorCall): NewTag[] {
  const rows = recordList(call, 'tag')
  if (rows.length === 0) throw new VendorError(40063, 'missing tag')
  const byName = new Map<string, NewTag>()
  for (const row of rows) {
    const name = row['name']
    if (typeof name !== 'string' || name === '') throw new VendorError(40063, 'missing tag.name')
    limitCharacters(call, 'tag.name', name, MAX_NAME)
    if (!byName.has(name)) byName.set(name, { name, order: typeof row['order'] === 'number' ? row['order'] : 0 })
  }
  return [...byName.values()]
}

function addTags(call: VendorCall): VendorAnswer {
  const { state } = call
  const { codes } = state.settings.switches
  const groupId = optionalString(call, 'group_id')
  const groupName = groupId ? undefined : requiredString(call, 'group_name')
  limitCharacters(call, 'group_name', groupName, MAX_NAME)
  const tags = readNewTags(call)
  const known = state.tagGroups.find((group) => (groupId ? group.groupId === groupId : group.name === groupName))
  if (groupId && !known) throw new VendorError(codes.unknownGroup, 'invalid group_id')
  if (known && tags.some(({ name }) => known.tags.some((tag) => tag.name === name))) throw new VendorError(40071, 'tag name already exists')
  if (countTags(state) + tags.length > state.settings.corpTagCap) throw new VendorError(codes.corpTagCap, 'too many tags')
  const group = known ?? ensureGroup(state, groupName as string, optionalInteger(call, 'order') ?? 0, true)
  const created = tags.map(({ name, order }) => addTag(state, group, name, order, true))
  return { tag_group: presentGroup(group, created) }
}

/** An app edits and deletes only what it made [5]. */
function requireOwned(call: VendorCall, thing: { isMadeByApp: boolean }): void {
  if (!thing.isMadeByApp) throw new VendorError(call.state.settings.switches.codes.tagNotOwned, 'no privilege to operate the tag')
}

function editTag(call: VendorCall): VendorAnswer {
  const id = requiredString(call, 'id')
  const name = optionalString(call, 'name')
  const order = optionalInteger(call, 'order')
  limitCharacters(call, 'name', name, MAX_NAME)
  const found = findTag(call.state, id)
  const group = call.state.tagGroups.find((candidate) => candidate.groupId === id)
  const thing = found?.tag ?? group
  if (!thing) throw new VendorError(40068, 'invalid tagid')
  requireOwned(call, thing)
  const siblings: ReadonlyArray<{ name: string }> = found ? found.group.tags : call.state.tagGroups
  if (name && siblings.some((other) => other !== thing && other.name === name)) throw new VendorError(40071, 'name already exists')
  if (name) thing.name = name
  if (order !== undefined) thing.order = order
  return {}
}

function deleteTags(call: VendorCall): VendorAnswer {
  const groupIds = stringList(call, 'group_id')
  const tagIds = stringList(call, 'tag_id')
  if (groupIds.length + tagIds.length === 0) throw new VendorError(40063, 'missing tag_id and group_id')
  const groups = groupIds.map((groupId) => call.state.tagGroups.find((group) => group.groupId === groupId))
  const tags = [...groups.flatMap((group) => group?.tags ?? []), ...tagIds.map((tagId) => findTag(call.state, tagId)?.tag)]
  if (groups.includes(undefined) || tags.includes(undefined)) throw new VendorError(40068, 'invalid tagid')
  const known = tags.filter((tag) => tag !== undefined)
  for (const thing of [...groups.filter((group) => group !== undefined), ...known]) requireOwned(call, thing)
  for (const tag of known) removeTag(call.state, tag.tagId)
  return {}
}

const BASE = '/cgi-bin/externalcontact'
const SHARED = { method: 'POST', token: 'access', needsContactApi: true } as const

/** Changes by API raise no callback [7.1]. */
export const corpTagEndpoints: readonly Endpoint[] = [
  { ...SHARED, path: `${BASE}/get_corp_tag_list`, meaning: '读取企业标签库', empty: { tag_group: [] }, handle: listTags },
  { ...SHARED, path: `${BASE}/add_corp_tag`, meaning: '新建企业标签', empty: { tag_group: {} }, handle: addTags },
  { ...SHARED, path: `${BASE}/edit_corp_tag`, meaning: '修改企业标签', handle: editTag },
  { ...SHARED, path: `${BASE}/del_corp_tag`, meaning: '删除企业标签', handle: deleteTags },
]
