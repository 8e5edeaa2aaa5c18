// @vitest-environment node
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MemberServer } from './host/MemberServer.ts'
import { MiniProgramHost } from './host/MiniProgramHost.ts'
import { measure } from './host/tree.ts'

const dist = fileURLToPath(new URL('../dist', import.meta.url))
const landing = 'pages/landing/index'
const token = 'Scan0Token0Scan0Token0'
const registrations = 'POST /api/members/registrations'
const consents = 'POST /api/consents'
const phoneGranted = { code: 'phone-code-1', errMsg: 'getPhoneNumber:ok' }

let server: MemberServer
let phone: MiniProgramHost

const screen = (words: string) => expect.poll(() => phone.text, { message: `waiting for “${words}”` }).toContain(words)
const primary = '微信手机号一键入会'
const consent = '我已阅读并同意'
const isTicked = () => phone.find(consent).some(({ attributes }) => attributes['aria-checked'] === 'true')

function newPhone(storage?: Map<string, unknown>): MiniProgramHost {
  return new MiniProgramHost(dist, () => server.url, storage)
}

async function openRegister(): Promise<void> {
  phone.launch(landing, { scene: encodeURIComponent(token) })
  await screen('免费入会')
  phone.tap('免费入会')
  await screen(primary)
}

async function authorise(): Promise<void> {
  phone.tap(consent)
  await expect.poll(isTicked).toBe(true)
  phone.tap(primary)
  phone.answerPhone(phoneGranted)
}

beforeEach(async () => {
  server = new MemberServer()
  await server.start()
  phone = newPhone()
})

afterEach(async () => {
  phone.kill()
  await server.stop()
})

describe('the shipped build, from a scanned code to a member', () => {
  it('becomes a member with three taps and nothing typed', async () => {
    await openRegister()
    expect(phone.text).not.toContain('undefined')
    await authorise()
    await screen('入会成功')
    expect(phone.text).toContain('M2026000001')
    expect(phone.text).toContain('100 成长值已到账')
    expect(phone.phoneSheets).toBe(1)
    expect(server.bodiesOf(registrations)[0]?.body).toMatchObject({ phoneCode: 'phone-code-1', channelToken: token, policyVersion: '2026-11', formVersion: '1' })
  })

  it('shows value, store and adviser first, and asks for nothing while somebody browses', async () => {
    phone.launch(landing, { scene: token })
    await screen('金卡会员')
    for (const words of ['南京西路店 · 顾问 李敏', '入会即赠 100 成长值', '再积 900 成长值，即可升级银卡会员', '绿色通道优先服务']) expect(phone.text).toContain(words)
    await expect.poll(() => [...new Set(server.routes())].sort()).toEqual(['GET /api/registrations/entry', 'POST /api/members/session', 'POST /api/registrations/visits'])
    const asked = phone.calls.map(({ name }) => name)
    expect(asked.filter((name) => /privacy(?!Auth)|clipboard|phone/i.test(name))).toEqual([])
    expect(phone.phoneSheets).toBe(0)
  })

  it('says what is missing and opens no phone sheet without the tick', async () => {
    await openRegister()
    phone.tap(primary)
    await screen('请先阅读并勾选同意')
    expect(phone.find('请先阅读并勾选同意').some(({ attributes }) => attributes['aria-live'] === 'assertive')).toBe(true)
    expect(phone.phoneSheets).toBe(0)
    expect(server.bodiesOf(consents)).toEqual([])
  })

  it('unticks on each showing: opening, coming back from the policy, entering again', async () => {
    await openRegister()
    expect(isTicked()).toBe(false)
    phone.tap(consent)
    await expect.poll(isTicked).toBe(true)
    phone.tap('隐私政策全文')
    await screen('入会时收集您的手机号')
    phone.back()
    await expect.poll(isTicked).toBe(false)
    phone.tap(consent)
    await expect.poll(isTicked).toBe(true)
    phone.back()
    await screen('免费入会')
    phone.tap('免费入会')
    await screen(primary)
    expect(isTicked()).toBe(false)
  })

  it('lets somebody who refuses the phone go on browsing, and does not ask again by itself', async () => {
    await openRegister()
    phone.tap(consent)
    await expect.poll(isTicked).toBe(true)
    phone.tap(primary)
    phone.answerPhone({ errMsg: 'getPhoneNumber:fail user deny' })
    await screen('您没有授权手机号')
    expect(phone.text).toContain('再试一次')
    phone.tap('继续浏览')
    await screen('会员等级与礼遇')
    expect(phone.phoneSheets).toBe(1)
    expect(server.routes()).not.toContain(registrations)
    phone.tap('免费入会')
    await screen('无需重复勾选')
    expect(server.bodiesOf(consents)).toHaveLength(1)
  })

  it('sends the very same request after a lost answer, without a second phone sheet', async () => {
    server.failNext(registrations, 'drop')
    await openRegister()
    await authorise()
    await screen('网络不太顺畅')
    phone.tap('重试')
    await screen('入会成功')
    const [first, second] = server.bodiesOf(registrations)
    expect(second).toEqual(first)
    expect(server.bodiesOf(consents)).toHaveLength(1)
    expect(phone.phoneSheets).toBe(1)
  })

  it('sends one request for two quick taps', async () => {
    server.failNext(registrations, 'hang')
    await openRegister()
    await authorise()
    await screen('正在办理入会…')
    phone.tap('正在办理入会…')
    await expect.poll(() => server.bodiesOf(registrations)).toHaveLength(1)
    server.release()
    await screen('入会成功')
    expect(server.bodiesOf(registrations)).toHaveLength(1)
  })

  it('asks for consent again when the policy changed meanwhile, and keeps the authorised phone', async () => {
    await openRegister()
    server.world.policyVersion = '2026-12'
    await authorise()
    await screen('隐私政策刚刚更新了')
    await screen('版本 2026-12')
    expect(isTicked()).toBe(false)
    phone.tap(consent)
    await expect.poll(isTicked).toBe(true)
    phone.tap('同意并继续入会')
    await screen('入会成功')
    expect(phone.phoneSheets).toBe(1)
    expect(server.bodiesOf(consents).map(({ body }) => body['policyVersion'])).toEqual(['2026-11', '2026-12'])
  })

  it('opens an ended session again without a word', async () => {
    await openRegister()
    server.expireSession()
    await authorise()
    await screen('入会成功')
    expect(server.bodiesOf('POST /api/members/session')).toHaveLength(2)
  })

  it('takes up the registration where a killed mini-program left it, without the tick and with its channel', async () => {
    await openRegister()
    phone.tap(consent)
    await expect.poll(isTicked).toBe(true)
    phone.kill()
    phone = newPhone(phone.storage)
    phone.launch(landing)
    await screen(primary)
    expect(phone.route).toBe('pages/register/index')
    expect(isTicked()).toBe(false)
    await authorise()
    await screen('入会成功')
    expect(server.bodiesOf(registrations)[0]?.body['channelToken']).toBe(token)
  })

  it('finds the member after a kill in the middle of the request, without a second phone sheet', async () => {
    server.failNext(registrations, 'hang')
    await openRegister()
    await authorise()
    await expect.poll(() => server.bodiesOf(registrations)).toHaveLength(1)
    phone.kill()
    phone = newPhone(phone.storage)
    phone.launch(landing)
    await screen('欢迎回来')
    expect(phone.route).toBe('pages/member/index')
    expect(phone.phoneSheets).toBe(0)
  })
})

describe('the shipped build, when the server says no', () => {
  const refusals = [
    ['phone.codeInvalid', '手机号授权已过期', '重新授权手机号'],
    ['phone.quotaExhausted', '手机号验证暂时不可用', '再试一次'],
    ['phone.invalid', '这个手机号暂时不支持', '换个手机号'],
    ['form.outdated', '入会所需信息有更新', '继续入会'],
    ['invite.closed', '这个邀请刚刚失效了', '继续入会'],
    ['risk.denied', '暂时无法完成入会', '再试一次'],
    ['phone.required', '还需要验证手机号', '授权手机号'],
    ['request.rateLimited', '操作有点频繁', '再试一次'],
    ['vendor.unavailable', '服务暂时繁忙', '重试'],
    ['html', '服务暂时繁忙', '重试'],
    ['idempotency.inProgress', '正在为您办理', '查看结果'],
  ] as const
  it.each(refusals)('explains %s in plain words with one action', async (fault, words, action) => {
    server.failNext(registrations, fault)
    await openRegister()
    await authorise()
    await screen(words)
    await screen(action)
    expect(phone.text).not.toMatch(/[a-z]+\.[a-z]+[A-Z]|\b[45]\d\d\b|undefined/)
  })

  it('treats somebody who was a member all along as recovered, not as an error', async () => {
    server.world.outcome = 'recovered'
    await openRegister()
    await authorise()
    await screen('您已经是会员，欢迎回来')
    expect(phone.route).toBe('pages/member/index')
  })

  it('offers to load again when the landing page cannot be read', async () => {
    server.failNext('GET /api/registrations/entry', 'html')
    phone.launch(landing)
    await screen('页面没有加载出来')
    phone.tap('重新加载')
    await screen('免费入会')
  })
})

describe('the shipped build, for a member', () => {
  beforeEach(() => {
    server.world.isMember = true
  })

  it('greets a recognised member who scans, without any question', async () => {
    phone.launch(landing, { scene: token })
    await screen('欢迎回来')
    for (const words of ['普通会员', '再得 900 成长值，升级银卡会员', '138****1111', '李敏']) expect(phone.text).toContain(words)
    expect(phone.phoneSheets).toBe(0)
  })

  it('shows the member code on a bright screen and undoes that when closed', async () => {
    phone.launch('pages/member/index')
    await screen('出示会员码')
    phone.tap('出示会员码')
    await screen('880012345678')
    expect(phone.calls.filter(({ name }) => name === 'setScreenBrightness').map(({ options }) => options['value'])).toEqual([1])
    phone.tap('收起')
    await expect.poll(() => phone.text).not.toContain('880012345678')
    expect(phone.calls.filter(({ name }) => name === 'setScreenBrightness').map(({ options }) => options['value'])).toEqual([1, 0.4])
  })

  it('shows the privacy question only when an API needs it, and passes the answer on', async () => {
    phone.launch('pages/member/index')
    await screen('我的资料')
    expect(phone.text).not.toContain('用户隐私保护提示')
    phone.tap('复制会员号')
    await screen('用户隐私保护提示')
    phone.tap('同意并继续')
    await expect.poll(() => phone.text).not.toContain('用户隐私保护提示')
  })

  it('reads the member anew when pulled down', async () => {
    phone.launch('pages/member/index')
    await screen('我的权益')
    await expect.poll(() => server.bodiesOf('GET /api/members/me')).toHaveLength(1)
    phone.pullDown()
    await expect.poll(() => server.bodiesOf('GET /api/members/me')).toHaveLength(2)
    await expect.poll(() => phone.calls.some(({ name }) => name === 'stopPullDownRefresh')).toBe(true)
  })

  it('sends somebody who is no member to the way in', async () => {
    server.world.isMember = false
    phone.launch('pages/member/index')
    await screen('您还不是会员')
    phone.tap('去入会')
    await screen('免费入会')
  })
})

describe('the shipped build, what it leaves behind', () => {
  it('stores no phone, session or code, prints nothing, and forgets the visit once it is over', async () => {
    await openRegister()
    expect([...phone.storage.keys()]).toEqual(['qihui.visit'])
    await authorise()
    await screen('入会成功')
    const kept = JSON.stringify(phone.calls.filter(({ name }) => name === 'setStorageSync'))
    expect(kept).not.toMatch(/session-token|phone-code|login-code|1\d{10}\b(?!\d)/)
    expect([...phone.storage.keys()]).toEqual(['qihui.lastAsked'])
    expect(phone.printed).toEqual([])
  })

  it('keeps every page small enough for the experience score', async () => {
    await openRegister()
    const pages = [measure(phone.tree)]
    await authorise()
    await screen('入会成功')
    pages.push(measure(phone.tree))
    phone.tap('进入会员中心')
    await screen('我的权益')
    pages.push(measure(phone.tree))
    for (const { nodes, depth, widest } of pages) {
      expect(nodes).toBeLessThan(1000)
      expect(depth).toBeLessThan(30)
      expect(widest).toBeLessThanOrEqual(60)
    }
    expect(phone.largestSetData).toBeLessThan(64 * 1024)
  })
})
