import QRCode from 'qrcode'
import { addContact, requirePerson } from './relations.ts'
import { WorldError } from './errors.ts'
import { findStaff } from './state.ts'
import { credentials } from './credentials.ts'
import type { ContactWayState, MiniProgramCodeState, WorldState } from './state.ts'
import type { SandboxCode, SandboxPerson, ScanResult } from '../types.ts'

/** Launch scene of a scanned mini-program code [8.2]. */
const SCENE_SCAN_CODE = 1047
const SCAN_ADD_WAY = 1
const CONTACT_WAY_IMAGE_PX = 430

/** What a scanner reads from a mini-program code of the sandbox. */
export function miniProgramCodeContent(page: string, scene: string): string {
  return `wxacode:${credentials.mpAppId}:${page}:${scene}`
}

/** What a scanner reads from a contact-way code of the sandbox. */
export function contactWayContent(configId: string): string {
  return `contactway:${credentials.corpId}:${configId}`
}

/** A PNG that scans. @param width pixels */
export function drawCode(content: string, width: number): Promise<Buffer> {
  return QRCode.toBuffer(content, { type: 'png', width, margin: 2, errorCorrectionLevel: 'M' })
}

/** Same page and scene give the same code; codes live for ever [8.1]. */
export async function ensureMiniProgramCode(state: WorldState, page: string, scene: string, width: number): Promise<Buffer> {
  const content = miniProgramCodeContent(page, scene)
  const known = state.miniProgramCodes.get(content)
  const image = await drawCode(content, width)
  if (!known) {
    const codeId = `mp-${state.nextHex('miniProgramCode', 12)}`
    state.miniProgramCodes.set(content, { codeId, page, scene, image, createdAt: state.clock.now() })
  }
  return image
}

function presentMiniProgramCode(code: MiniProgramCodeState): SandboxCode {
  const { codeId, scene, image, createdAt } = code
  return { codeId, kind: 'miniProgram', token: scene, label: `小程序码 ${scene}`, image, createdAt }
}

function presentContactWay(state: WorldState, way: ContactWayState): SandboxCode {
  const names = way.user.map((userId) => findStaff(state, userId)?.name ?? userId).join('、')
  const label = `联系我 ${way.remark || names || '多人'}`
  const image = state.contactWayImages.get(way.configId) ?? Buffer.alloc(0)
  return { codeId: way.configId, kind: 'contactWay', token: way.state, label, image, createdAt: way.createdAt }
}

export async function drawContactWay(state: WorldState, configId: string): Promise<void> {
  state.contactWayImages.set(configId, await drawCode(contactWayContent(configId), CONTACT_WAY_IMAGE_PX))
}

/** Every picture that exists, oldest first. Plug-in contact ways (scene 1) have no picture [4.4]. */
export function listCodes(state: WorldState): SandboxCode[] {
  const miniProgram = [...state.miniProgramCodes.values()].map(presentMiniProgramCode)
  const contactWays = [...state.contactWays.values()].filter((way) => way.scene === 2).map((way) => presentContactWay(state, way))
  return [...miniProgram, ...contactWays].sort((a, b) => a.createdAt - b.createdAt)
}

/** Members behind a contact way: its users and the members of its departments that may serve customers. */
function membersOf(state: WorldState, way: ContactWayState): string[] {
  const parties = new Set(way.party)
  const fromParties = state.staff.filter((member) => member.departmentIds.some((id) => parties.has(id))).map((member) => member.userId)
  const users = way.user.map((userId) => findStaff(state, userId)?.userId).filter((userId) => userId !== undefined)
  return [...new Set([...users, ...fromParties])].filter((userId) => findStaff(state, userId)?.hasContactRight)
}

/** A way of several members gives the customer to the one who serves the fewest; ties go to the first. */
function chooseMember(state: WorldState, way: ContactWayState): string {
  const load = (userId: string): number => [...state.relations.values()].filter((relation) => relation.staffUserId === userId).length
  const [best] = membersOf(state, way).map((userId) => ({ userId, load: load(userId) })).sort((a, b) => a.load - b.load)
  if (!best) throw new WorldError('这个联系我二维码没有可以添加的员工')
  return best.userId
}

function scanContactWay(state: WorldState, person: SandboxPerson, way: ContactWayState): ScanResult {
  const staffUserId = chooseMember(state, way)
  const changeType = way.skipVerify ? state.settings.switches.skipVerifyEvent : 'add_external_contact'
  addContact(state, {
    personId: person.personId, staffUserId, addWay: SCAN_ADD_WAY, changeType, ...(way.state ? { state: way.state } : {}),
  })
  return { kind: 'contactAdded', staffUserId }
}

function openMiniProgram(person: SandboxPerson, code: { page: string; scene: string }): ScanResult {
  if (person.type === 2) throw new WorldError(`${person.name}是其他企业的企业微信用户，不能打开这个小程序`)
  return { kind: 'miniProgram', path: code.page, query: { scene: encodeURIComponent(code.scene) }, scene: SCENE_SCAN_CODE }
}

/** Scans by content: what a picture on a screen or on paper says. */
export function scanContent(state: WorldState, personId: string, content: string): ScanResult {
  const person = requirePerson(state, personId)
  const code = state.miniProgramCodes.get(content)
  if (code) return openMiniProgram(person, code)
  const way = [...state.contactWays.values()].find(({ configId }) => contactWayContent(configId) === content)
  if (way) return scanContactWay(state, person, way)
  if (!/^https?:\/\//.test(content)) throw new WorldError('微信不认识这个二维码')
  return { kind: 'page', url: content }
}

/** The page arrives without a leading slash and the scene percent-encoded once: `a=1` as `a%3D1` [8.2]. */
export function scanCode(state: WorldState, personId: string, codeId: string): ScanResult {
  const person = requirePerson(state, personId)
  const way = state.contactWays.get(codeId)
  if (way) return scanContactWay(state, person, way)
  const code = [...state.miniProgramCodes.values()].find((candidate) => candidate.codeId === codeId)
  if (!code) throw new WorldError('这个二维码不存在或已被删除')
  return openMiniProgram(person, code)
}
