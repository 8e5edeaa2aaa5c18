import { WorldError } from './errors.ts'
import { toSeconds } from './state.ts'
import type { CorpTagGroupState, CorpTagState, WorldState } from './state.ts'

export function findTag(state: WorldState, tagId: string): { group: CorpTagGroupState; tag: CorpTagState } | undefined {
  for (const group of state.tagGroups) {
    const tag = group.tags.find((candidate) => candidate.tagId === tagId)
    if (tag) return { group, tag }
  }
  return undefined
}

export function countTags(state: WorldState): number {
  return state.tagGroups.reduce((sum, group) => sum + group.tags.length, 0)
}

/** Finds the group by name or makes it: a duplicate group name reuses the existing group [5]. */
export function ensureGroup(state: WorldState, name: string, order: number, isMadeByApp: boolean): CorpTagGroupState {
  const existing = state.tagGroups.find((group) => group.name === name)
  if (existing) return existing
  const group: CorpTagGroupState = {
    groupId: `et${state.nextId('corpTagGroup', 30)}`, name, order, isMadeByApp, createdAt: toSeconds(state.clock.now()) * 1000, tags: [],
  }
  state.tagGroups.push(group)
  return group
}

export function addTag(state: WorldState, group: CorpTagGroupState, name: string, order: number, isMadeByApp: boolean): CorpTagState {
  const tag: CorpTagState = {
    tagId: `et${state.nextId('corpTag', 30)}`, name, order, isMadeByApp, createdAt: toSeconds(state.clock.now()) * 1000,
  }
  group.tags.push(tag)
  return tag
}

/** Takes the tag out of the library and off every customer; removing the last tag removes the group [5]. */
export function removeTag(state: WorldState, tagId: string): void {
  const found = findTag(state, tagId)
  if (!found) return
  found.group.tags.splice(found.group.tags.indexOf(found.tag), 1)
  if (found.group.tags.length === 0) state.tagGroups.splice(state.tagGroups.indexOf(found.group), 1)
  for (const relation of state.relations.values()) relation.tagIds = relation.tagIds.filter((id) => id !== tagId)
}

/** An admin changes the tag library in the console: readable and markable for the app, never editable, and it raises events [5, 7.4]. */
export function createTagByConsole(state: WorldState, groupName: string, tagName: string): string {
  const isNewGroup = !state.tagGroups.some((group) => group.name === groupName)
  const group = ensureGroup(state, groupName, 0, false)
  if (group.tags.some((tag) => tag.name === tagName)) throw new WorldError(`标签组“${groupName}”里已经有“${tagName}”`)
  const tag = addTag(state, group, tagName, 0, false)
  if (isNewGroup) raiseTagEvent(state, 'create', group.groupId, 'tag_group')
  raiseTagEvent(state, 'create', tag.tagId, 'tag')
  return tag.tagId
}

export function renameTagByConsole(state: WorldState, tagId: string, name: string): void {
  const found = findTag(state, tagId)
  if (!found) throw new WorldError(`没有编号为 ${tagId} 的企业标签`)
  found.tag.name = name
  raiseTagEvent(state, 'update', tagId, 'tag')
}

export function deleteTagByConsole(state: WorldState, tagId: string): void {
  const found = findTag(state, tagId)
  if (!found) throw new WorldError(`没有编号为 ${tagId} 的企业标签`)
  removeTag(state, tagId)
  raiseTagEvent(state, 'delete', tagId, 'tag')
  if (found.group.tags.length === 0) raiseTagEvent(state, 'delete', found.group.groupId, 'tag_group')
}

function raiseTagEvent(state: WorldState, changeType: string, id: string, tagType: 'tag' | 'tag_group'): void {
  state.raise({ event: 'change_external_tag', changeType, fields: { Id: id, TagType: tagType } })
}
