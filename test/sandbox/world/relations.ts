import { WELCOME_TTL_MS } from './grants.ts'
import { findStaff, pairKey, toSeconds } from './state.ts'
import { WorldError } from './errors.ts'
import type { RelationState, WorldState } from './state.ts'
import type { CallbackEvent, SandboxPerson, SandboxStaff } from '../types.ts'

/** `add_way` of a scanned QR code [4.2]. */
const ADD_WAY_SCAN = 1

export function requirePerson(state: WorldState, personId: string): SandboxPerson {
  const person = state.peopleById.get(personId)
  if (!person) throw new WorldError(`没有编号为 ${personId} 的客户`)
  return person
}

export function requireStaff(state: WorldState, staffUserId: string): SandboxStaff {
  const member = findStaff(state, staffUserId)
  if (!member) throw new WorldError(`没有账号为 ${staffUserId} 的员工`)
  return member
}

/** The relation when the platform still knows it; a customer who deleted the member stays [4.2]. */
export function findRelation(state: WorldState, staffUserId: string, personId: string): RelationState | undefined {
  const relation = state.relations.get(pairKey(staffUserId, personId))
  return relation && !relation.isDeletedByMember ? relation : undefined
}

/** Raises an event about one pair. Only members inside the app's visibility reach our callback [4.1]. */
export function raisePairEvent(
  state: WorldState, changeType: string, member: SandboxStaff, person: SandboxPerson, more: Record<string, string | undefined> = {},
): void {
  if (!member.isVisible) return
  const event: CallbackEvent = {
    event: 'change_external_contact',
    changeType,
    fields: { UserID: member.userId, ExternalUserID: person.externalUserId, ...more },
  }
  state.raise(event)
}

/**
 * No code for WeCom users of another corp, when the console has its own welcome, or when the two are already chatting [4.5].
 */
function welcomeCodeFor(state: WorldState, member: SandboxStaff, person: SandboxPerson): string | undefined {
  const isChatting = (state.chats.get(pairKey(member.userId, person.personId)) ?? []).length > 0
  if (person.type === 2 || isChatting || state.settings.consoleWelcomeStaff.has(member.userId)) return undefined
  return state.grants.issue('welcome', WELCOME_TTL_MS, { staffUserId: member.userId, personId: person.personId })
}

export interface AddContactInput {
  readonly personId: string
  readonly staffUserId: string
  readonly state?: string
  readonly addWay?: number
  readonly changeType?: 'add_external_contact' | 'add_half_external_contact'
}

/**
 * The customer adds the member. Adding twice changes nothing and raises nothing. A member without the customer-contact right gets
 * no customer and no event [4.1].
 */
export function addContact(world: WorldState, input: AddContactInput): void {
  const person = requirePerson(world, input.personId)
  const member = requireStaff(world, input.staffUserId)
  if (!member.hasContactRight) return
  const key = pairKey(member.userId, person.personId)
  const known = world.relations.get(key)
  if (known && !known.isDeletedByCustomer && !known.isDeletedByMember) return
  world.relations.delete(key)
  world.relations.set(key, {
    staffUserId: member.userId,
    personId: person.personId,
    createdAt: toSeconds(world.clock.now()) * 1000,
    addWay: input.addWay ?? ADD_WAY_SCAN,
    state: input.state ?? null,
    remark: known?.remark ?? person.name,
    description: known?.description ?? '',
    remarkCompany: '',
    remarkMobiles: known?.remarkMobiles ?? [],
    tagIds: known?.isDeletedByMember === false ? known.tagIds : [],
    isDeletedByCustomer: false,
    isDeletedByMember: false,
  })
  raisePairEvent(world, input.changeType ?? 'add_external_contact', member, person, {
    State: input.state,
    WelcomeCode: welcomeCodeFor(world, member, person),
  })
}

/** `del_external_contact` when the member deleted the customer, `del_follow_user` when the customer deleted the member [12.16]. */
export function removeContact(state: WorldState, input: { personId: string; staffUserId: string; by: 'member' | 'customer' }): void {
  const person = requirePerson(state, input.personId)
  const member = requireStaff(state, input.staffUserId)
  const relation = findRelation(state, member.userId, person.personId)
  if (!relation) throw new WorldError(`${member.name}与${person.name}不是好友，无法删除`)
  if (input.by === 'member') {
    relation.isDeletedByMember = true
    raisePairEvent(state, 'del_external_contact', member, person)
    return
  }
  if (relation.isDeletedByCustomer) return
  relation.isDeletedByCustomer = true
  raisePairEvent(state, 'del_follow_user', member, person)
}

export interface EditByHandInput {
  readonly personId: string
  readonly staffUserId: string
  readonly remark?: string
  readonly addTagIds?: readonly string[]
  readonly removeTagIds?: readonly string[]
}

/** A hand edit in the client raises `edit_external_contact`; the same edit by API would not [7.4]. */
export function editContactByHand(state: WorldState, input: EditByHandInput): void {
  const person = requirePerson(state, input.personId)
  const member = requireStaff(state, input.staffUserId)
  const relation = findRelation(state, member.userId, person.personId)
  if (!relation) throw new WorldError(`${member.name}与${person.name}不是好友，无法编辑`)
  const known = new Set(state.tagGroups.flatMap((group) => group.tags.map((tag) => tag.tagId)))
  const unknown = [...(input.addTagIds ?? []), ...(input.removeTagIds ?? [])].find((tagId) => !known.has(tagId))
  if (unknown) throw new WorldError(`没有编号为 ${unknown} 的企业标签`)
  if (input.remark !== undefined) relation.remark = input.remark
  relation.tagIds = changeTags(relation.tagIds, input.addTagIds ?? [], input.removeTagIds ?? [])
  raisePairEvent(state, 'edit_external_contact', member, person)
}

/** Adds first, then removes; keeps the order of marking. */
export function changeTags(current: readonly string[], add: readonly string[], remove: readonly string[]): string[] {
  const removed = new Set(remove)
  return [...new Set([...current, ...add])].filter((tagId) => !removed.has(tagId))
}
