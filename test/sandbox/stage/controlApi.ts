import Router from '@koa/router'
import type { Context, Middleware } from 'koa'
import type { ChatMessage, SandboxCode, SandboxPerson, StageContext, WireLog } from '../types.ts'
import { ControlError, optionalText, readJson, text, wholeNumber } from './readJson.ts'
import { addPlaces } from './placeApi.ts'
import { payOrder } from './shop.ts'
import { canMoveTime, moveTime } from './timeControl.ts'
import { streamWire } from './streamWire.ts'

/** Errno of the phone button when the quota is used up [8.1]. */
const phoneQuotaErrno = 1400001
const oneYearMs = 31_536_000_000

function presentPerson(person: SandboxPerson) {
  const { personId, name, type, externalUserId, phone, unionId, corpName, email } = person
  return { personId, name, type, externalUserId, corpName, email, hasUnionId: unionId !== null, phoneMasked: phone === null ? null : `${phone.slice(0, 3)}****${phone.slice(-4)}` }
}

/** A mini-program code carries only a token; the contact way with the same token knows the channel's name. Channels without one are numbered. */
function presentCodes(codes: readonly SandboxCode[]) {
  const channelNames = new Map(codes.filter(({ kind }) => kind === 'contactWay').map(({ token, label }) => [token, label.replace(/^联系我\s*/, '')]))
  const withoutAdviser = [...new Set(codes.map(({ token }) => token))].filter((token) => !channelNames.has(token))
  for (const [index, token] of withoutAdviser.entries()) channelNames.set(token, `不带顾问的渠道 ${index + 1}`)
  return codes.map(({ codeId, kind, token, createdAt }) => ({
    codeId, kind, createdAt, imageUrl: `/_sandbox/codes/${codeId}.png`, invitePath: `/i/${token}`,
    label: `${kind === 'miniProgram' ? '入会码' : '加顾问'} · ${channelNames.get(token)}`,
  }))
}

/** The session of whoever sits at the desktop. Everybody has a desk of their own: who comes back to it is still logged in. */
const staffCookie = 'qihui_staff'
const deskCookieOf = (staffUserId: string): string => `sandbox_desk_${staffUserId}`
const ownToDesk = { httpOnly: true, sameSite: 'lax' } as const

/** Who is logged in to the desktop client, from the cookie the authorise page reads. */
function currentStaff(koa: Context): string | null {
  const identity = koa.cookies.get('sandbox_identity')
  return identity?.startsWith('staff:') === true ? identity.slice('staff:'.length) : null
}

function addReads(router: Router, context: StageContext): void {
  const { world, wire, clock } = context
  router.get('/state', (koa) => {
    koa.body = {
      now: clock.now(),
      currentStaff: currentStaff(koa),
      staff: world.staff,
      people: world.people.map((person) => ({ ...presentPerson(person), isSnapshot: world.isSnapshot(person.personId) })),
      relations: world.relations().map((relation) => ({ ...relation, tagNames: world.tagNames(relation.tagIds) })),
      codes: presentCodes(world.codes()),
      canMoveTime: canMoveTime(context),
      canPay: context.options.integrationKey !== undefined,
    }
  })
  router.get('/people/:personId', (koa) => {
    koa.body = presentPerson(world.person(koa.params['personId'] ?? ''))
  })
  router.get('/codes/:file', (koa) => {
    const code = world.codes().find(({ codeId }) => `${codeId}.png` === koa.params['file'])
    if (code === undefined) throw new ControlError(404, '没有这张码')
    koa.type = 'image/png'
    koa.body = code.image
  })
  router.get('/chats/:staffUserId/:personId', (koa) => {
    koa.body = { messages: world.chat(koa.params['staffUserId'] ?? '', koa.params['personId'] ?? '') }
  })
  router.get('/wire', (koa) => {
    koa.body = { entries: wire.entries() }
  })
  router.get('/wire/stream', (koa) => streamWire(koa, wire))
}

function readMessage(body: Record<string, unknown>): Omit<ChatMessage, 'at'> {
  const from = text(body, 'from')
  const kind = optionalText(body, 'kind') ?? 'text'
  if (from !== 'staff' && from !== 'person') throw new ControlError(400, 'from 只能是 staff 或 person')
  if (kind !== 'text' && kind !== 'link' && kind !== 'miniProgram') throw new ControlError(400, 'kind 只能是 text、link 或 miniProgram')
  return { from, kind, text: text(body, 'text'), target: optionalText(body, 'target') ?? null, imageUrl: optionalText(body, 'imageUrl') ?? null }
}

/** What a person does on the phone that no call of ours shows. */
function notePhone(wire: WireLog, to: 'wechat' | 'wecom', what: string, meaning: string): void {
  wire.add({ from: 'phone', to, what, meaning, status: null, errcode: 0, durationMs: null })
}

function addContacts(router: Router, { world, wire }: StageContext): void {
  router.post('/scan', async (koa) => {
    const body = await readJson(koa)
    const result = await world.scan(text(body, 'personId'), text(body, 'codeId'))
    if (result.kind === 'miniProgram') notePhone(wire, 'wechat', '扫一扫', '客户扫小程序码，打开入会页')
    else notePhone(wire, 'wecom', '扫一扫', '客户扫“联系我”二维码，添加员工')
    koa.body = result
  })
  router.post('/contacts', async (koa) => {
    const body = await readJson(koa)
    const state = optionalText(body, 'state')
    const added = { personId: text(body, 'personId'), staffUserId: text(body, 'staffUserId'), ...(state === undefined ? {} : { state }) }
    await world.addContact(added)
    notePhone(wire, 'wecom', '添加到通讯录', '客户添加员工为好友')
    koa.body = { isAdded: true }
  })
  router.post('/contacts/remove', async (koa) => {
    const body = await readJson(koa)
    const by = text(body, 'by')
    if (by !== 'member' && by !== 'customer') throw new ControlError(400, 'by 只能是 member 或 customer')
    await world.removeContact({ personId: text(body, 'personId'), staffUserId: text(body, 'staffUserId'), by })
    koa.body = { isRemoved: true }
  })
  router.post('/messages', async (koa) => {
    const body = await readJson(koa)
    world.say({ staffUserId: text(body, 'staffUserId'), personId: text(body, 'personId'), message: readMessage(body) })
    koa.body = { isSent: true }
  })
}

function addPhone(router: Router, context: StageContext): void {
  const { world, wire } = context
  router.post('/phone/login-code', async (koa) => {
    koa.body = { code: world.loginCode(text(await readJson(koa), 'personId')) }
    notePhone(wire, 'wechat', 'wx.login', '小程序向微信要一次性登录凭证')
  })
  router.post('/phone/phone-code', async (koa) => {
    koa.body = { code: world.phoneCode(text(await readJson(koa), 'personId')) }
    notePhone(wire, 'wechat', 'getPhoneNumber', '客户允许提供手机号，微信给出一次性凭证')
  })
  router.post('/phone/quota', async (koa) => {
    world.setPhoneQuota(wholeNumber(await readJson(koa), 'remaining', 0, 1_000_000))
    koa.body = { isSet: true }
  })
  router.post('/phone/open-link', async (koa) => {
    const target = world.openUrlLink(text(await readJson(koa), 'url'))
    if (target === null) throw new ControlError(404, '链接不存在或已过期')
    koa.body = target
  })
  router.post('/shop/orders', async (koa) => {
    const body = await readJson(koa)
    koa.body = await payOrder(context, text(body, 'personId'), wholeNumber(body, 'amountFen', 1, 100_000_000))
  })
}

function addDesktop(router: Router, { world, wire, clock }: StageContext): void {
  router.post('/identity', async (koa) => {
    const staffUserId = optionalText(await readJson(koa), 'staffUserId')
    if (staffUserId !== undefined && !world.staff.some((staff) => staff.userId === staffUserId)) throw new ControlError(404, `没有 userid 为 ${staffUserId} 的成员`)
    const before = currentStaff(koa)
    const session = koa.cookies.get(staffCookie)
    if (before !== null && session !== undefined) koa.cookies.set(deskCookieOf(before), session, ownToDesk)
    koa.cookies.set('sandbox_identity', staffUserId === undefined ? null : `staff:${staffUserId}`, { httpOnly: false, sameSite: 'lax' })
    koa.cookies.set(staffCookie, (staffUserId === undefined ? undefined : koa.cookies.get(deskCookieOf(staffUserId))) ?? null, ownToDesk)
    koa.body = { staffUserId: staffUserId ?? null }
  })
  router.post('/jssdk/check', async (koa) => {
    const body = await readJson(koa)
    const identity = text(body, 'identity')
    if (identity !== 'corp' && identity !== 'agent') throw new ControlError(400, 'identity 只能是 corp 或 agent')
    const startedAt = performance.now()
    const result = world.checkJssdk({
      identity, corpId: text(body, 'corpId'), agentId: optionalText(body, 'agentId') ?? null, timestamp: text(body, 'timestamp'),
      nonceStr: text(body, 'nonceStr'), signature: text(body, 'signature'), url: text(body, 'url'),
    })
    const meaning = result.isAccepted ? '客户端校验页面签名：通过' : '客户端校验页面签名：拒绝'
    wire.add({ from: 'desktop', to: 'wecom', what: `JSSDK ${identity === 'agent' ? 'agentConfig' : 'config'}`, meaning, status: null, errcode: result.isAccepted ? 0 : 40093, durationMs: Math.round(performance.now() - startedAt) })
    koa.body = result
  })
  router.post('/jssdk/called', async (koa) => {
    const body = await readJson(koa)
    wire.add({ from: 'desktop', to: 'wecom', what: `JSSDK ${text(body, 'name').slice(0, 40)}`, meaning: text(body, 'meaning').slice(0, 80), status: null, errcode: body['isOk'] === true ? 0 : -1, durationMs: null })
    koa.body = { isLogged: true }
  })
  router.post('/clock/advance', async (koa) => {
    await clock.advance(wholeNumber(await readJson(koa), 'milliseconds', 1, oneYearMs))
    koa.body = { now: clock.now() }
  })
}

function addTime(router: Router, context: StageContext): void {
  router.post('/clock/forward', async (koa) => {
    const body = await readJson(koa)
    const count = (field: string, most: number) => (body[field] === undefined ? null : wholeNumber(body, field, 1, most))
    koa.body = await moveTime(context, { days: count('days', 366), months: count('months', 12), date: optionalText(body, 'date') ?? null })
  })
}

/** Errors of the world become answers a person can read; they never end the process. */
const answerErrors: Middleware = async (koa, next) => {
  try {
    await next()
  } catch (error) {
    if (error instanceof ControlError) {
      koa.status = error.status
      koa.body = { message: error.message, ...(error.errno === undefined ? {} : { errno: error.errno }) }
      return
    }
    const isQuota = error instanceof Error && 'reason' in error && error.reason === 'quotaUsedUp'
    koa.status = error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : 422
    koa.body = { message: error instanceof Error ? error.message : String(error), ...(isQuota ? { errno: phoneQuotaErrno } : {}) }
  }
}

/** Only pages of this very address (and programs) may steer the sandbox. */
const refuseOtherSites: Middleware = async (koa, next) => {
  const site = koa.get('sec-fetch-site')
  if (site === 'cross-site' || site === 'same-site') throw new ControlError(403, '只接受本机舞台页面的请求')
  await next()
}

/** `/_sandbox/*`: what the stage page and the tests can do to the world. */
export function createControlApi(context: StageContext): Router {
  const router = new Router({ prefix: '/_sandbox' })
  router.use(answerErrors, refuseOtherSites)
  addReads(router, context)
  addContacts(router, context)
  addPhone(router, context)
  addDesktop(router, context)
  addPlaces(router, context)
  addTime(router, context)
  return router
}
