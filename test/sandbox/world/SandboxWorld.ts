import { CODE_TTL_MS } from './grants.ts'
import { checkJssdk } from './checkJssdk.ts'
import { checkWechatJssdk } from './checkWechatJssdk.ts'
import { createTagByConsole, deleteTagByConsole, findTag, renameTagByConsole } from './corpTags.ts'
import { listCodes, scanCode, scanContent } from './codes.ts'
import { NoPhoneError, WorldError } from './errors.ts'
import { addContact, editContactByHand, removeContact, requirePerson, requireStaff } from './relations.ts'
import { pairKey } from './state.ts'
import type { WorldState } from './state.ts'
import type {
  ChatMessage, FollowRelation, JssdkCheck, OutboxMessage, SandboxCode, SandboxPerson, SandboxStaff, ScanResult, WechatJssdkCheck, World,
} from '../types.ts'

/** What people can do, over the memory of the platform. Every method is a human action or a look; API calls go through `vendors/`. */
export class SandboxWorld implements World {
  readonly #state: WorldState

  constructor(state: WorldState) {
    this.#state = state
  }

  get staff(): readonly SandboxStaff[] {
    return this.#state.staff
  }

  get people(): readonly SandboxPerson[] {
    return this.#state.people
  }

  person(personId: string): SandboxPerson {
    return requirePerson(this.#state, personId)
  }

  relations(): readonly FollowRelation[] {
    return [...this.#state.relations.values()].filter((relation) => !relation.isDeletedByMember).map((relation) => ({
      staffUserId: relation.staffUserId,
      personId: relation.personId,
      createdAt: relation.createdAt,
      addWay: relation.addWay,
      state: relation.state,
      remark: relation.remark,
      tagIds: [...relation.tagIds],
      isDeletedByCustomer: relation.isDeletedByCustomer,
    }))
  }

  codes(): readonly SandboxCode[] {
    return listCodes(this.#state)
  }

  chat(staffUserId: string, personId: string): readonly ChatMessage[] {
    return [...(this.#state.chats.get(pairKey(staffUserId, personId)) ?? [])]
  }

  tagNames(tagIds: readonly string[]): readonly string[] {
    return tagIds.map((tagId) => findTag(this.#state, tagId)?.tag.name).filter((name) => name !== undefined)
  }

  loginCode(personId: string): string {
    this.#requireWechat(personId)
    return this.#state.grants.issue('jsLogin', CODE_TTL_MS, { personId })
  }

  phoneCode(personId: string): string {
    const person = this.#requireWechat(personId)
    if (person.phone === null) throw new NoPhoneError('notBound')
    if (this.#state.phoneQuota !== null && this.#state.phoneQuota <= 0) throw new NoPhoneError('quotaUsedUp')
    return this.#state.grants.issue('phone', CODE_TTL_MS, { personId })
  }

  setPhoneQuota(remaining: number): void {
    this.#state.phoneQuota = remaining
  }

  async scan(personId: string, codeId: string): Promise<ScanResult> {
    return scanCode(this.#state, personId, codeId)
  }

  async scanContent(personId: string, content: string): Promise<ScanResult> {
    return scanContent(this.#state, personId, content)
  }

  openUrlLink(url: string): { path: string; query: Readonly<Record<string, string>> } | null {
    const link = this.#state.urlLinks.get(url.split('?')[0] ?? '')
    if (!link || link.expiresAt <= this.#state.clock.now()) return null
    return { path: link.path, query: Object.fromEntries(new URLSearchParams(link.query)) }
  }

  async addContact(input: { personId: string; staffUserId: string; state?: string; addWay?: number }): Promise<void> {
    addContact(this.#state, input)
  }

  async removeContact(input: { personId: string; staffUserId: string; by: 'member' | 'customer' }): Promise<void> {
    removeContact(this.#state, input)
  }

  async editContactByHand(
    input: { personId: string; staffUserId: string; remark?: string; addTagIds?: string[]; removeTagIds?: string[] },
  ): Promise<void> {
    editContactByHand(this.#state, input)
  }

  say(input: { staffUserId: string; personId: string; message: Omit<ChatMessage, 'at'> }): void {
    const member = requireStaff(this.#state, input.staffUserId)
    const person = requirePerson(this.#state, input.personId)
    const key = pairKey(member.userId, person.personId)
    const messages = this.#state.chats.get(key) ?? []
    messages.push({ at: this.#state.clock.now(), ...input.message })
    this.#state.chats.set(key, messages)
  }

  async setStaffVisible(staffUserId: string, isVisible: boolean): Promise<void> {
    const member = requireStaff(this.#state, staffUserId)
    if (member.isVisible === isVisible) return
    this.#state.staff[this.#state.staff.indexOf(member)] = { ...member, isVisible }
    const changeType = isVisible ? 'update_user' : this.#state.settings.switches.hiddenStaffEvent
    const fields = { UserID: member.userId, Department: member.departmentIds.join(',') }
    this.#state.raise({ event: 'change_contact', changeType, fields })
  }

  async createTagByConsole(groupName: string, tagName: string): Promise<string> {
    return createTagByConsole(this.#state, groupName, tagName)
  }

  async renameTagByConsole(tagId: string, name: string): Promise<void> {
    renameTagByConsole(this.#state, tagId, name)
  }

  async deleteTagByConsole(tagId: string): Promise<void> {
    deleteTagByConsole(this.#state, tagId)
  }

  async sendWelcomeByOtherApp(input: { personId: string; staffUserId: string; text: string }): Promise<void> {
    this.say({ ...input, message: { from: 'staff', kind: 'text', text: input.text, target: null, imageUrl: null } })
  }

  checkJssdk(check: JssdkCheck): { isAccepted: boolean; errMsg: string } {
    return checkJssdk(this.#state, check)
  }

  checkWechatJssdk(check: WechatJssdkCheck): { isAccepted: boolean; errMsg: string } {
    return checkWechatJssdk(this.#state, check)
  }

  setSnapshot(personId: string, isSnapshot: boolean): void {
    const { snapshotPeople } = this.#state
    if (isSnapshot) snapshotPeople.add(requirePerson(this.#state, personId).personId)
    else snapshotPeople.delete(personId)
  }

  isSnapshot(personId: string): boolean {
    return this.#state.snapshotPeople.has(personId)
  }

  setRiskRank(personId: string, rank: number): void {
    if (!Number.isInteger(rank) || rank < 0 || rank > 4) throw new WorldError('风险等级是 0 到 4 的整数')
    this.#state.riskRanks.set(requirePerson(this.#state, personId).personId, rank)
  }

  outbox(personId?: string): readonly OutboxMessage[] {
    return this.#state.outbox.filter((message) => personId === undefined || message.personId === personId)
  }

  authorizeCode(identity: { staffUserId: string } | { personId: string }, scope: string): string {
    if ('staffUserId' in identity) requireStaff(this.#state, identity.staffUserId)
    else requirePerson(this.#state, identity.personId)
    return this.#state.grants.issue('corpOauth', CODE_TTL_MS, { ...identity, scope })
  }

  #requireWechat(personId: string): SandboxPerson {
    const person = requirePerson(this.#state, personId)
    if (person.type === 2) throw new WorldError(`${person.name}是其他企业的企业微信用户，不能打开这个小程序`)
    return person
  }
}
