import { addMemberByStaff } from '@qihui/shared/member'
import { getRegistrationEntry } from '@qihui/shared/registration'
import { tiers } from '@qihui/shared/tier'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { MemberEntry } from '../../../api/sidebarApi.ts'
import { refusing, type Refusal } from '../../../testing/contractServer.ts'
import { openSidebar } from '../../../testing/openSidebar.ts'
import { enteredMember, formFields, memberCard, notRegisteredCard } from '../../../testing/samples.ts'
import { WecomError } from '../../../wecom/WecomError.ts'

let page: ReturnType<typeof openSidebar>
let bodies: MemberEntry[]
let refusals: Refusal[]
let answer = enteredMember

const seen = (words: string) => expect.poll(() => page.text(), { timeout: 2_000 }).toContain(words)
const input = (label: string) => {
  const id = Array.from(document.querySelectorAll('label')).find((one) => one.textContent?.startsWith(label))?.htmlFor
  const found = document.getElementById(id ?? '')
  if (!found) throw new Error(`No input ${label}`)
  return found as HTMLInputElement
}

function fill(label: string, value: string): void {
  const element = input(label)
  element.value = value
  element.dispatchEvent(new Event(element.tagName === 'SELECT' ? 'change' : 'input'))
}

async function openSheet(settings: Parameters<typeof openSidebar>[0] = {}): Promise<void> {
  page = openSidebar({
    card: notRegisteredCard,
    ...settings,
    prepare(server) {
      server.on(getRegistrationEntry, () => ({
        brandName: '企会', channel: null, tiers: tiers.map((tier) => ({ ...tier, benefits: [...tier.benefits] })), registrationGrowth: 100,
        policy: { version: '2026-01', title: '会员隐私政策', summary: ['一'] }, form: { version: 'default.2', fields: formFields },
      }))
      server.on(addMemberByStaff, ({ body }) => {
        bodies.push(body)
        const refusal = refusals.shift()
        if (refusal) refusing(refusal)
        page.world.card = memberCard
        return answer
      })
    },
  })
  await seen('未入会')
  page.press('代客建档')
  await seen('衣服尺码')
}

function complete(): void {
  fill('手机号', '138 0000 1111')
  page.press('电话中同意')
  fill('同意的经过', '来电时同意登记会员')
}

const sends = () => page.wecom.calls.filter(({ name }) => name.startsWith('send'))

describe('entering a member by hand', () => {
  beforeEach(() => {
    sessionStorage.clear()
    bodies = []
    refusals = []
    answer = enteredMember
  })
  afterEach(() => page.close())

  it('says what is missing and asks the server nothing', async () => {
    await openSheet()
    page.press('登记')
    for (const words of ['请填写手机号', '请选择客户以什么方式同意', '请写明客户同意的经过']) await seen(words)
    expect(bodies).toEqual([])
  })

  it('sends the phone, the answers and the basis, and shows the link before it goes into the chat', async () => {
    await openSheet()
    complete()
    fill('衣服尺码', 'l')
    page.press('登记')
    await seen('等待客户确认')
    expect(bodies).toEqual([{ phone: '138 0000 1111', answers: { size: 'l' }, basis: { kind: 'phoneCall', at: '2026-11-21T16:00:00.000Z', note: '来电时同意登记会员' } }])
    expect(page.text()).toContain(enteredMember.confirmation?.text)
    expect(page.text()).not.toContain('客户已成为会员')
    expect(sends()).toEqual([])
    page.press('发送到聊天')
    await seen('确认链接已发送')
    expect(sends()).toEqual([{ name: 'sendText', value: enteredMember.confirmation?.text }])
  })

  it('leaves sensitive questions to the person', async () => {
    await openSheet()
    expect(page.text()).not.toContain('生日')
  })

  it('puts what the server refuses beside its input and keeps what was typed', async () => {
    await openSheet()
    refusals = [{ kind: 'problem', code: 'phone.invalid' }]
    complete()
    page.press('登记')
    await seen('手机号格式无法识别')
    expect(input('同意的经过').value).toBe('来电时同意登记会员')
    fill('手机号', '13800001111')
    await expect.poll(() => page.text()).not.toContain('手机号格式无法识别')
    page.press('登记')
    await seen('等待客户确认')
    expect(new Set(page.server.keys).size).toBe(2)
  })

  it('repeats a lost request with the same key', async () => {
    await openSheet()
    refusals = [{ kind: 'unreachable' }]
    complete()
    page.press('登记')
    await seen('网络连接不上')
    page.press('登记')
    await seen('等待客户确认')
    expect(page.server.keys).toHaveLength(2)
    expect(new Set(page.server.keys).size).toBe(1)
  })

  it('refuses a day that has not come', async () => {
    await openSheet()
    complete()
    fill('同意的日期', '2026-11-23')
    page.press('登记')
    await seen('日期不能晚于今天')
    expect(bodies).toEqual([])
  })

  it('says that somebody is a member already, with nothing to send', async () => {
    answer = { ...enteredMember, outcome: 'recovered', confirmation: null }
    await openSheet()
    complete()
    page.press('登记')
    await seen('已经是会员')
    expect(() => page.button('发送到聊天')).toThrow()
    page.press('完成')
  })

  it('offers to copy where the client cannot send', async () => {
    await openSheet({ wecom: { entry: 'contact_profile' } })
    complete()
    page.press('登记')
    await seen('请复制后发给客户')
    expect(() => page.button('发送到聊天')).toThrow()
  })

  it('keeps the link when the client did not send it', async () => {
    await openSheet({ wecom: { failures: { sendText: new WecomError('cancelled', 'sendChatMessage') } } })
    complete()
    page.press('登记')
    await seen('等待客户确认')
    page.press('发送到聊天')
    await seen('已取消发送')
    expect(page.text()).toContain(enteredMember.confirmation?.text)
  })
})
