// @vitest-environment node
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MemberServer } from './host/MemberServer.ts'
import { MiniProgramHost } from './host/MiniProgramHost.ts'

const dist = fileURLToPath(new URL('../dist', import.meta.url))
const landing = 'pages/landing/index'
const token = 'Scan0Token0Scan0Token0'
const visits = 'POST /api/registrations/visits'
const registrations = 'POST /api/members/registrations'
const consents = 'POST /api/consents'
const keyActs = 'POST /api/members/key-acts'
const consent = '我已阅读并同意'

let server: MemberServer
let phone: MiniProgramHost

const screen = (words: string) => expect.poll(() => phone.text, { message: `waiting for “${words}”` }).toContain(words)
const gone = (words: string) => expect.poll(() => phone.text).not.toContain(words)
const isTicked = (words: string) => phone.find(words).some(({ attributes }) => attributes['aria-checked'] === 'true')
const bodies = (route: string) => server.bodiesOf(route).map(({ body }) => body)
const channel = (change: object) => Object.assign(server.world.channel ?? {}, change)

async function tick(words: string): Promise<void> {
  expect(isTicked(words)).toBe(false)
  phone.tap(words)
  await expect.poll(() => isTicked(words)).toBe(true)
}

async function register(action: string, button = '微信手机号一键入会'): Promise<void> {
  await screen(action)
  phone.tap(action)
  await screen(button)
  await tick(consent)
  phone.tap(button)
  phone.answerPhone({ code: 'phone-code-1', errMsg: 'getPhoneNumber:ok' })
}

function reopen(query: Record<string, string> = {}): void {
  phone.kill()
  phone = new MiniProgramHost(dist, () => server.url, phone.storage)
  phone.launch(landing, query)
}

beforeEach(async () => {
  server = new MemberServer()
  await server.start()
  phone = new MiniProgramHost(dist, () => server.url)
})

afterEach(async () => {
  phone.kill()
  await server.stop()
})

describe('the shipped build, where somebody came from', () => {
  const closed = [
    ['used', '这个邀请已经用过了'],
    ['expired', '这个邀请已过期'],
    ['revoked', '这个邀请已停用'],
    ['overQuota', '这个邀请的名额已满'],
  ] as const
  it.each(closed)('stays calm about a channel that is %s, and lets the person join', async (state, words) => {
    channel({ state })
    phone.launch(landing, { scene: token })
    await screen(words)
    expect(phone.text).toContain('仍可直接入会')
    await register('免费入会')
    await screen('入会成功')
  })

  it('keeps other services for later when the channel binds at once, and opens them otherwise', async () => {
    channel({ bindingMode: 'forced' })
    phone.launch(landing, { scene: token })
    await screen('完成入会后即可使用')
    expect(phone.text).not.toContain('在线咨询 ')
    channel({ bindingMode: 'progressive' })
    reopen({ scene: token })
    await screen('在线咨询')
    expect(phone.text).not.toContain('完成入会后即可使用')
  })

  it('counts a visit once it is open, keeps its id over a kill, and ends it with the registration', async () => {
    phone.launch(landing, { scene: token })
    await expect.poll(() => bodies(visits)).toHaveLength(1)
    const [visit] = bodies(visits)
    expect(visit).toMatchObject({ channelToken: token })
    reopen()
    await register('免费入会')
    await screen('入会成功')
    expect(bodies(registrations)[0]?.['visitId']).toBe(visit?.['visitId'])
    reopen({ scene: token })
    await screen('欢迎回来')
    expect(new Set(bodies(visits).map(({ visitId }) => visitId)).size).toBe(1)
  })

  it('counts no visit without a channel', async () => {
    server.world.channel = null
    phone.launch(landing)
    await register('免费入会')
    await screen('入会成功')
    expect(bodies(visits)).toEqual([])
    expect(bodies(registrations)[0]).not.toHaveProperty('channelToken')
  })
})

describe('the shipped build, for somebody a rep has entered', () => {
  beforeEach(() => channel({ kind: 'confirmation' }))

  async function confirm(): Promise<void> {
    await screen('同意并确认')
    phone.tap('同意并确认')
    await screen('请先阅读并勾选同意')
    await tick(consent)
    phone.tap('同意并确认')
    await screen('会员资料已确认')
    expect(phone.phoneSheets).toBe(0)
  }

  it('greets with the confirmation and ends with it, also for a member already known', async () => {
    server.world.isMember = true
    server.world.member = { ...server.world.member, isConfirmed: false }
    server.world.outcome = 'recovered'
    phone.launch(landing, { scene: token })
    await screen('请确认您的会员资料')
    expect(phone.text).toContain('李敏已为您登记会员')
    phone.tap('确认会员资料')
    await confirm()
    expect(bodies(registrations)[0]).toMatchObject({ channelToken: token })
  })

  it('registers as anybody else through a confirmation link that is used up', async () => {
    channel({ state: 'used' })
    phone.launch(landing, { scene: token })
    await register('免费入会')
    await screen('入会成功')
    expect(bodies(registrations)[0]).not.toHaveProperty('channelToken')
  })

  it('lets a member who waits for the confirmation do it in the member centre', async () => {
    server.world.isMember = true
    server.world.channel = null
    server.world.member = { ...server.world.member, isConfirmed: false, phoneMasked: null }
    phone.launch('pages/member/index')
    await screen('会员资料等待您确认')
    expect(phone.text).toContain('未提供')
    phone.tap('确认会员资料')
    await confirm()
  })
})

describe('the shipped build, when a registration is looked at', () => {
  it('says so calmly on the last page and in the member centre', async () => {
    server.world.member = { ...server.world.member, isHeld: true }
    phone.launch(landing, { scene: token })
    await register('免费入会')
    await screen('正在核对')
    expect(phone.text).toContain('24 小时内完成')
    expect(phone.text).not.toContain('已到账')
    phone.tap('进入会员中心')
    await screen('正在核对您的会员申请')
  })
})

describe('the shipped build, optional consent', () => {
  it('offers marketing unticked beside the membership; left empty it counts as a no', async () => {
    phone.launch(landing, { scene: token })
    await screen('免费入会')
    phone.tap('免费入会')
    await screen('我同意“活动与优惠推送”（可选）')
    expect(isTicked('我同意“活动与优惠推送”（可选）')).toBe(false)
    phone.back()
    await register('免费入会')
    await screen('入会成功')
    expect(bodies(consents)).toEqual([expect.objectContaining({ purposes: ['membership'] })])
    await expect.poll(() => bodies('POST /api/consents/refusals')).toEqual([expect.objectContaining({ purposes: ['marketing'] })])
  })

  it('records a ticked marketing box on its own row', async () => {
    phone.launch(landing, { scene: token })
    await screen('免费入会')
    phone.tap('免费入会')
    await screen('我同意“活动与优惠推送”（可选）')
    await tick('我同意“活动与优惠推送”（可选）')
    await tick(consent)
    phone.tap('微信手机号一键入会')
    phone.answerPhone({ code: 'phone-code-1', errMsg: 'getPhoneNumber:ok' })
    await screen('入会成功')
    expect(bodies(consents)).toEqual([expect.objectContaining({ purposes: ['membership', 'marketing'] })])
    expect(bodies('POST /api/consents/refusals')).toEqual([])
  })

  it('does not offer what the server says may not be asked', async () => {
    server.world.mayAskOptional = false
    phone.launch(landing, { scene: token })
    await screen('免费入会')
    phone.tap('免费入会')
    await screen(consent)
    expect(phone.text).not.toContain('（可选）')
  })
})

describe('the shipped build, consent in the member centre', () => {
  beforeEach(() => {
    server.world.isMember = true
  })

  async function agreeOnce(): Promise<void> {
    server.world.answer(consents, { policyVersion: server.world.policyVersion, purposes: ['membership'] }, '')
  }

  it('gives and withdraws with the same two taps, each box unticked', async () => {
    await agreeOnce()
    server.world.mayAskOptional = false
    phone.launch('pages/member/index')
    await screen('隐私与同意')
    phone.tap('隐私与同意')
    await screen('尚未同意')
    await tick('我同意“活动与优惠推送”')
    phone.tap('同意：活动与优惠推送')
    await screen('我要撤回“活动与优惠推送”的同意')
    await tick('我要撤回“活动与优惠推送”的同意')
    phone.tap('撤回同意：活动与优惠推送')
    await screen('已撤回')
    expect(bodies('POST /api/consents/withdrawals')).toEqual([{ purposes: ['marketing'] }])
    expect(isTicked('我同意“活动与优惠推送”')).toBe(false)
  })

  it('does nothing for a button without its tick', async () => {
    await agreeOnce()
    server.world.mayAskOptional = false
    phone.launch('pages/consents/index')
    await screen('尚未同意')
    phone.tap('撤回同意：会员服务')
    await expect.poll(() => phone.calls.filter(({ name }) => name === 'showToast').map(({ options }) => options['title'])).toEqual(['请先勾选左侧方框'])
    expect(bodies('POST /api/consents/withdrawals')).toEqual([])
  })

  it('asks again after a material change, unticked, and not after a minor one', async () => {
    await agreeOnce()
    server.world.mayAskOptional = false
    server.world.policyVersion = '2026-12'
    phone.launch('pages/member/index')
    await screen('我的权益')
    expect(phone.text).not.toContain('隐私政策有重要更新')
    server.world.materialVersions = ['2026-12']
    phone.pullDown()
    await screen('隐私政策有重要更新')
    expect(isTicked(consent)).toBe(false)
    phone.tap('同意并继续使用')
    await screen('请先阅读并勾选同意')
    await tick(consent)
    phone.tap('同意并继续使用')
    await gone('隐私政策有重要更新')
    expect(bodies(consents)).toEqual([{ policyVersion: '2026-12', purposes: ['membership'] }])
  })

  it('asks about one optional purpose, at most once in 30 days, also when nobody answers', async () => {
    await agreeOnce()
    phone.launch('pages/member/index')
    await screen('我同意活动与优惠推送')
    expect(isTicked('我同意活动与优惠推送')).toBe(false)
    reopen()
    await screen('我的权益')
    expect(phone.text).not.toContain('我同意活动与优惠推送')
    expect(JSON.stringify([...phone.storage.values()])).not.toContain('marketing')
  })

  it('remembers a no with the server and asks nothing else in the same opening', async () => {
    await agreeOnce()
    phone.launch('pages/member/index')
    await screen('不用了')
    phone.tap('不用了')
    await gone('不用了')
    expect(bodies('POST /api/consents/refusals')).toEqual([{ policyVersion: '2026-11', purposes: ['marketing'] }])
    expect(phone.text).not.toContain('我同意个性化推荐')
  })

  it('shows what proves each consent, and copies it as text', async () => {
    await agreeOnce()
    phone.launch('pages/consent-history/index')
    await screen('政策版本：2026-11')
    expect(phone.text).toContain('文本校验：b5bb9d8014a0f9b1')
    phone.tap('复制全部记录')
    const copied = phone.calls.find(({ name }) => name === 'setClipboardData')?.options['data']
    expect(copied).toContain('会员服务：已同意')
    expect(copied).toContain('方式：小程序（收银台海报）')
  })

  it('has a calm page of its own when consents cannot be read', async () => {
    server.failNext('GET /api/consents/me', 'html')
    phone.launch('pages/consents/index')
    await screen('页面没有加载出来')
    phone.tap('重新加载')
    await screen('当前版本')
  })
})

describe('the shipped build, key acts', () => {
  it('tells the server of a payment and an enquiry, and goes on when that fails', async () => {
    server.world.isMember = true
    server.failNext(keyActs, 'server.internal')
    phone.launch('pages/member/index')
    await screen('出示会员码')
    phone.tap('出示会员码')
    await screen('880012345678')
    phone.tap('收起')
    await gone('880012345678')
    phone.tap('联系顾问')
    await expect.poll(() => bodies(keyActs)).toEqual([{ act: 'payment' }, { act: 'serviceEnquiry' }])
  })

  it('tells nothing of somebody who is no member', async () => {
    phone.launch(landing, { scene: token })
    await screen('在线咨询')
    phone.tap('在线咨询')
    await register('免费入会')
    await screen('入会成功')
    expect(bodies(keyActs)).toEqual([])
  })
})
