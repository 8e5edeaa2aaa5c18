// @vitest-environment node
import { fileURLToPath } from 'node:url'
import type { FormField } from '@qihui/shared/form'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MemberServer } from './host/MemberServer.ts'
import { phoneField, smsCode } from './host/MemberWorld.ts'
import { MiniProgramHost } from './host/MiniProgramHost.ts'
import { measure } from './host/tree.ts'

const dist = fileURLToPath(new URL('../dist', import.meta.url))
const landing = 'pages/landing/index'
const token = 'Scan0Token0Scan0Token0'
const consents = 'POST /api/consents'
const drafts = 'PUT /api/registrations/draft'
const registrations = 'POST /api/members/registrations'
const consent = '我已阅读并同意'
const phoneButton = '微信手机号一键入会'

const base = { class: 'N', purpose: '为您挑选合适的礼遇', legalBasis: 'consent', retentionDays: 365, isRequired: false, step: 1, confirmation: 'none' } as const
const nickname: FormField = { ...base, key: 'nickname', label: '称呼', type: 'text', isRequired: true, maxLength: 20, hint: '我们怎么称呼您' }
const birthday: FormField = { ...base, key: 'birthday', label: '生日', type: 'date', class: 'S', assessmentId: 'PIA-1', confirmation: 'echo' }
const hasChild: FormField = { ...base, key: 'hasChild', label: '是否有孩子', type: 'yesNo', step: 2 }
const children: FormField = { ...base, key: 'children', label: '孩子数量', type: 'number', min: 0, isRequired: true, step: 2, visibleIf: { kind: 'equals', field: 'hasChild', value: true } }
const size: FormField = { ...base, key: 'size', label: '衣服尺码', type: 'choice', step: 3, options: [{ value: 's', label: '小码' }, { value: 'l', label: '大码' }] }
const home: FormField = { ...base, key: 'home', label: '所在地区', type: 'region', step: 3 }
const email: FormField = { ...base, key: 'email', label: '邮箱', type: 'email', step: 3 }
const spare: FormField = { ...base, key: 'spare', label: '备用电话', type: 'phone', step: 3 }

let server: MemberServer
let phone: MiniProgramHost

const screen = (words: string) => expect.poll(() => phone.text, { message: `waiting for “${words}”` }).toContain(words)
const gone = (words: string) => expect.poll(() => phone.text).not.toContain(words)
const isTicked = (words: string) => phone.find(words).some(({ attributes }) => attributes['aria-checked'] === 'true')
const bodies = (route: string) => server.bodiesOf(route).map(({ body }) => body)

async function tick(words: string): Promise<void> {
  expect(isTicked(words)).toBe(false)
  phone.tap(words)
  await expect.poll(() => isTicked(words)).toBe(true)
}

async function open(query: Record<string, string> = { scene: token }): Promise<void> {
  phone.launch(landing, query)
  await screen('免费入会')
  phone.tap('免费入会')
}

/** Swipes the mini-program away and opens it from the recent list. */
function reopen(): void {
  phone.kill()
  phone = new MiniProgramHost(dist, () => server.url, phone.storage)
  phone.launch(landing)
}

async function fillFirstStep(): Promise<void> {
  await screen('完善入会资料')
  phone.type('称呼', '小林')
  await tick(consent)
  phone.tap('下一步')
}

async function authorise(): Promise<void> {
  phone.tap(phoneButton)
  phone.answerPhone({ code: 'phone-code-1', errMsg: 'getPhoneNumber:ok' })
}

beforeEach(async () => {
  server = new MemberServer()
  server.world.fields = [phoneField, nickname, birthday, hasChild, children, size, home, email, spare]
  await server.start()
  phone = new MiniProgramHost(dist, () => server.url)
})

afterEach(async () => {
  phone.kill()
  await server.stop()
})

describe('the shipped build, a form in steps', () => {
  it('asks one step at a time, every kind of field, and sends what was answered', async () => {
    await open()
    await fillFirstStep()
    await screen('第 2 步，共 3 步')
    phone.tap('是否有孩子：是')
    await screen('孩子数量')
    phone.type('孩子数量', '2')
    phone.tap('下一步')
    await screen('第 3 步，共 3 步')
    phone.pick('衣服尺码', { value: '1' })
    phone.pick('所在地区', { value: ['广东省', '深圳市', '南山区'], code: ['440000', '440300', '440305'] })
    await screen('广东省 深圳市 南山区')
    phone.type('邮箱', 'lin@example.com')
    phone.type('备用电话', '138 0000 1111')
    phone.tap('下一步')
    await screen(phoneButton)
    await authorise()
    await screen('入会成功')
    const answers = { nickname: '小林', hasChild: true, children: '2', size: 'l', home: '440305', email: 'lin@example.com', spare: '138 0000 1111' }
    expect(bodies(registrations)[0]).toMatchObject({ answers, channelToken: token })
    expect(bodies(consents)).toHaveLength(1)
  })

  it('says what is missing at the field, and sends nothing before the tick', async () => {
    await open()
    await screen('完善入会资料')
    phone.tap('下一步')
    await screen('请填写称呼')
    await screen('请先阅读并勾选同意')
    expect(server.routes()).not.toContain(drafts)
    expect(server.routes()).not.toContain(consents)
  })

  it('shows and hides a field by the shared rules, and does not send what is hidden again', async () => {
    await open()
    await fillFirstStep()
    await screen('第 2 步')
    expect(phone.text).not.toContain('孩子数量')
    phone.tap('是否有孩子：是')
    await screen('孩子数量')
    phone.type('孩子数量', '2')
    phone.tap('是否有孩子：否')
    await gone('孩子数量')
    phone.tap('下一步')
    await screen('第 3 步')
    expect(bodies(drafts).at(-1)?.['answers']).toEqual({ nickname: '小林', hasChild: false })
  })

  it('lets a step of optional fields be skipped, and goes back with the values kept', async () => {
    await open()
    await fillFirstStep()
    await screen('第 2 步')
    phone.tap('上一步')
    await screen('第 1 步')
    expect(phone.valueOf('称呼')).toBe('小林')
    expect(phone.text).not.toContain('跳过这一步')
    phone.tap('下一步')
    await screen('第 2 步')
    phone.tap('跳过这一步')
    await screen('第 3 步')
    phone.type('邮箱', 'not an address')
    phone.tap('跳过这一步')
    await screen(phoneButton)
    expect(bodies(drafts).at(-1)?.['answers']).toEqual({ nickname: '小林' })
  })

  it('asks for a sensitive answer its own consent, unticked, before the answer leaves the phone', async () => {
    await open()
    await screen('完善入会资料')
    expect(phone.text).not.toContain('单独同意收集')
    phone.type('称呼', '小林')
    phone.pick('生日', { value: '1990-05-01' })
    await screen('单独同意收集')
    await tick(consent)
    phone.tap('下一步')
    await screen('请单独勾选同意，或清空这一项')
    expect(server.routes()).not.toContain(drafts)
    await tick('我单独同意收集“生日”')
    phone.tap('下一步')
    await screen('第 2 步')
    expect(bodies(consents)).toEqual([expect.objectContaining({ purposes: ['membership', 'sensitive:birthday'] })])
    expect(server.routes().indexOf(consents)).toBeLessThan(server.routes().indexOf(drafts))
  })

  it('repeats critical answers as they were understood and sends back what was confirmed', async () => {
    server.world.fields = [phoneField, { ...nickname, confirmation: 'echo' }]
    await open()
    await fillFirstStep()
    await screen('请核对填写的内容')
    expect(phone.text).toContain('小林')
    phone.tap('返回修改')
    await screen('完善入会资料')
    phone.type('称呼', '小林林')
    phone.tap('下一步')
    await screen('请核对填写的内容')
    phone.tap('确认无误')
    await gone('请核对填写的内容')
    await authorise()
    await screen('入会成功')
    expect(bodies(registrations)[0]).toMatchObject({ answers: { nickname: '小林林' }, confirmed: { nickname: '小林林' } })
  })

  it('returns to the field the server refused at the very end, with the reason', async () => {
    server.world.fields = [phoneField, nickname]
    await open()
    await fillFirstStep()
    await screen(phoneButton)
    server.world.fields = [phoneField, { ...nickname, maxLength: 1 }]
    await authorise()
    await screen('最多 1 个字')
    expect(phone.text).toContain('有内容需要修改')
    phone.type('称呼', '林')
    phone.tap('下一步')
    await screen('继续入会')
    phone.tap('继续入会')
    await screen('入会成功')
    expect(phone.phoneSheets).toBe(1)
  })

  it('keeps the answers when the form changes in the middle', async () => {
    server.world.fields = [phoneField, nickname]
    await open()
    await screen('完善入会资料')
    server.world.formVersion = '2'
    server.world.fields = [phoneField, nickname, { ...email, step: 1 }]
    await fillFirstStep()
    await screen('入会所需信息有更新')
    await screen('邮箱')
    expect(phone.valueOf('称呼')).toBe('小林')
    phone.tap('下一步')
    await screen(phoneButton)
    await authorise()
    await screen('入会成功')
    expect(bodies(registrations)[0]).toMatchObject({ formVersion: '2', answers: { nickname: '小林' } })
    expect(bodies(consents)).toHaveLength(1)
  })

  it('stores no answer on the phone and stays within the limits of the experience score', async () => {
    await open()
    await fillFirstStep()
    await screen('第 2 步')
    const kept = JSON.stringify(phone.calls.filter(({ name }) => name === 'setStorageSync'))
    expect(kept).toContain('qihui.visit')
    expect(kept).not.toMatch(/小林|nickname/)
    const { nodes, depth, widest } = measure(phone.tree)
    expect(nodes).toBeLessThan(1000)
    expect(depth).toBeLessThan(30)
    expect(widest).toBeLessThanOrEqual(60)
    expect(phone.printed).toEqual([])
  })
})

describe('the shipped build, killed and opened again', () => {
  it('comes back to the first step without anything recorded', async () => {
    await open()
    await screen('完善入会资料')
    phone.type('称呼', '小林')
    reopen()
    await screen('完善入会资料')
    expect(phone.valueOf('称呼')).toBe('')
    expect(isTicked(consent)).toBe(false)
  })

  it('comes back to the same step, with the answers and without a second consent', async () => {
    await open()
    await fillFirstStep()
    await screen('第 2 步')
    reopen()
    await screen('第 2 步')
    expect(phone.text).not.toContain(consent)
    phone.tap('上一步')
    await screen('第 1 步')
    expect(phone.valueOf('称呼')).toBe('小林')
    expect(bodies(consents)).toHaveLength(1)
  })

  it('shows the echo again after a kill before it was confirmed', async () => {
    server.world.fields = [phoneField, { ...nickname, confirmation: 'echo' }]
    await open()
    await fillFirstStep()
    await screen('请核对填写的内容')
    reopen()
    await screen('请核对填写的内容')
    phone.tap('确认无误')
    await gone('请核对填写的内容')
    await authorise()
    await screen('入会成功')
    expect(bodies(registrations)[0]).toMatchObject({ confirmed: { nickname: '小林' } })
    expect(bodies(consents)).toHaveLength(1)
  })

  it('asks for no second consent after a kill while the phone sheet was open', async () => {
    server.world.fields = [phoneField]
    await open()
    await screen(phoneButton)
    await tick(consent)
    phone.tap(phoneButton)
    await expect.poll(() => bodies(consents)).toHaveLength(1)
    reopen()
    await screen('无需重复勾选')
    expect(phone.text).not.toContain(consent)
    await authorise()
    await screen('入会成功')
    expect(bodies(consents)).toHaveLength(1)
  })

  it('opens no second phone sheet once the server has the phone', async () => {
    server.world.fields = [phoneField]
    server.world.isRisky = true
    await open()
    await screen(phoneButton)
    await tick(consent)
    server.failNext(registrations, 'drop')
    await authorise()
    await screen('网络不太顺畅')
    server.world.isRisky = false
    reopen()
    await screen('请输入短信验证码')
    expect(phone.phoneSheets).toBe(0)
    expect(server.world.phoneCharges).toBe(1)
  })

  it('says 继续入会 when the phone waits in the draft, and registers without a sheet and without a second consent', async () => {
    server.world.fields = [phoneField, nickname]
    await open()
    await fillFirstStep()
    await screen(phoneButton)
    server.world.fields = [phoneField, nickname, { ...email, isRequired: true, step: 1 }]
    server.world.formVersion = '2'
    server.world.keepPhone()
    reopen()
    await screen('完善入会资料')
    phone.type('邮箱', 'lin@example.com')
    phone.tap('下一步')
    await screen('继续入会')
    expect(phone.text).not.toContain(phoneButton)
    phone.tap('继续入会')
    await screen('入会成功')
    expect(phone.phoneSheets).toBe(0)
    expect(bodies(registrations)[0]).not.toHaveProperty('phoneCode')
    expect(bodies(consents)).toHaveLength(1)
  })
})

describe('the shipped build, asked for a code by SMS', () => {
  beforeEach(async () => {
    server.world.fields = [phoneField]
    server.world.isRisky = true
    await open()
    await screen(phoneButton)
    await tick(consent)
    await authorise()
    await screen('请输入短信验证码')
  })

  it('takes a pasted code and registers with the phone the server has', async () => {
    expect(phone.text).toContain('138****1111')
    expect(phone.text).toMatch(/\d+ 秒后可重新获取/)
    phone.type('短信验证码', `【企会】验证码 ${smsCode.slice(0, 3)} ${smsCode.slice(3)}`)
    await expect.poll(() => phone.valueOf('短信验证码')).toBe(smsCode)
    phone.tap('完成验证')
    await screen('入会成功')
    expect(bodies(registrations).at(-1)).toMatchObject({ challengeCode: smsCode })
    expect(bodies(registrations).at(-1)).not.toHaveProperty('phoneCode')
    expect(server.world.phoneCharges).toBe(1)
  })

  it('has one clear error for a code that is wrong, and none for one that is not complete but a hint', async () => {
    phone.type('短信验证码', '12')
    phone.tap('完成验证')
    await screen('请输入短信中的 6 位数字')
    expect(bodies(registrations)).toHaveLength(1)
    phone.type('短信验证码', '111111')
    phone.tap('完成验证')
    await screen('验证码不正确或已过期')
    phone.type('短信验证码', smsCode)
    phone.tap('完成验证')
    await screen('入会成功')
  })

  it('comes back to the code after a kill, and asks for a new one by registering again', async () => {
    reopen()
    await screen('请输入短信验证码')
    await screen('重新获取验证码')
    phone.tap('重新获取验证码')
    await screen('秒后可重新获取')
    expect(server.world.smsSent).toBe(2)
    phone.type('短信验证码', smsCode)
    phone.tap('完成验证')
    await screen('入会成功')
    expect(bodies(consents)).toHaveLength(1)
    expect(server.world.phoneCharges).toBe(1)
  })
})
