import { createInvitation, recordInvitationSent } from '@qihui/shared/channel'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { refusing } from '../../../testing/contractServer.ts'
import { openSidebar } from '../../../testing/openSidebar.ts'
import { invitation, memberCard, notRegisteredCard } from '../../../testing/samples.ts'
import { WecomError } from '../../../wecom/WecomError.ts'

let page: ReturnType<typeof openSidebar>
const seen = (words: string) => expect.poll(() => page.text(), { timeout: 2_000 }).toContain(words)
const sends = () => page.wecom.calls.filter(({ name }) => name.startsWith('send'))
const recorded = () => page.server.asked.filter((line) => line.endsWith('/sent'))

async function openSheet(settings: Parameters<typeof openSidebar>[0] = {}): Promise<void> {
  page = openSidebar({ card: notRegisteredCard, ...settings })
  await seen('未入会')
  page.press('邀请入会')
  await seen('发送到当前聊天')
}

describe('inviting a customer', () => {
  beforeEach(() => sessionStorage.clear())
  afterEach(() => page.close())

  it('makes no invitation until somebody wants one', async () => {
    page = openSidebar({ card: notRegisteredCard })
    await seen('邀请 TA 成为会员')
    expect(page.server.asked.some((line) => line.includes('/invitations'))).toBe(false)
  })

  it('shows what will be sent, sends exactly that, and records it after the client said so', async () => {
    let form: unknown
    await openSheet({
      prepare: (server) =>
        server.on(recordInvitationSent, ({ body }) => {
          form = body.form
          return { isRecorded: true }
        }),
    })
    expect(page.text()).toContain(invitation.title)
    expect(recorded()).toEqual([])
    page.press('发送到聊天')
    await seen('邀请已发送')
    expect(sends()).toEqual([
      { name: 'sendMiniProgram', value: { title: invitation.title, imageUrl: invitation.imageUrl, ...invitation.miniProgram } },
    ])
    expect(form).toBe('miniProgram')
  })

  it('steps down to the link and then to the text, each shown before it is sent', async () => {
    await openSheet({
      wecom: { failures: { sendMiniProgram: new WecomError('failed', 'sendChatMessage'), sendLink: new WecomError('failed', 'sendChatMessage') } },
    })
    page.press('发送到聊天')
    await seen('小程序卡片没有发出，已换成链接')
    expect(sends()).toHaveLength(1)
    page.press('发送到聊天')
    await seen('链接没有发出，已换成文字消息')
    expect(page.text()).toContain(invitation.text)
    page.press('发送到聊天')
    await seen('邀请已发送')
    expect(sends().map(({ name }) => name)).toEqual(['sendMiniProgram', 'sendLink', 'sendText'])
    expect(recorded()).toHaveLength(1)
  })

  it('starts with the link on a client that cannot send cards, and with the text when there is no link', async () => {
    const oldMac = { platform: { isWecom: true, os: 'mac', version: '4.1.20' } } as const
    await openSheet({ wecom: oldMac })
    expect(page.text()).toContain('将以链接发送')
    page.close()
    await openSheet({ wecom: oldMac, prepare: (server) => server.on(createInvitation, () => ({ ...invitation, linkUrl: null })) })
    expect(page.text()).toContain('将以文字消息发送')
  })

  const undecided: [WecomError['kind'], string][] = [
    ['cancelled', '已取消发送'],
    ['timeout', '没有收到发送结果'],
  ]
  it.each(undecided)('records nothing and changes nothing when the send is %s', async (kind, words) => {
    await openSheet({ wecom: { failures: { sendMiniProgram: new WecomError(kind, 'sendChatMessage') } } })
    page.press('发送到聊天')
    await seen(words)
    expect(page.text()).toContain('将以小程序卡片发送')
    expect(recorded()).toEqual([])
  })

  it('says that the message went out when only the record failed, and records it again with the same key', async () => {
    let isDown = true
    await openSheet({
      prepare: (server) => server.on(recordInvitationSent, () => (isDown ? refusing({ kind: 'unreachable' }) : { isRecorded: true })),
    })
    page.press('发送到聊天')
    await seen('邀请已发出，但暂未记入动态')
    isDown = false
    page.press('重新记录')
    await expect.poll(() => page.text()).not.toContain('暂未记入动态')
    const [first, second] = page.server.keys.slice(-2)
    expect(first).toBe(second)
    expect(sends()).toHaveLength(1)
  })

  it('keeps an unsent invitation when the sheet is opened again', async () => {
    await openSheet()
    page.press('取消')
    await expect.poll(() => document.querySelector('[role=dialog]')).toBeNull()
    page.press('邀请入会')
    await seen('发送到当前聊天')
    expect(page.server.asked.filter((line) => line.endsWith('/invitations'))).toHaveLength(1)
  })

  it('offers a retry with the same key when the invitation could not be made', async () => {
    let isDown = true
    page = openSidebar({
      card: notRegisteredCard,
      prepare: (server) => server.on(createInvitation, () => (isDown ? refusing({ kind: 'problem', code: 'vendor.unavailable' }) : invitation)),
    })
    await seen('未入会')
    page.press('邀请入会')
    await seen('企业微信服务暂时不可用')
    isDown = false
    page.press('重试')
    await seen('发送到当前聊天')
    expect(new Set(page.server.keys).size).toBe(1)
  })

  it('hides the invitation where the client cannot send, and says where to go', async () => {
    page = openSidebar({ card: notRegisteredCard, wecom: { entry: 'contact_profile' } })
    await seen('请在与客户的聊天窗口里打开侧边栏发送邀请')
    expect(() => page.button('邀请入会')).toThrow('No button')
  })

  it('never offers an invitation to a member', async () => {
    page = openSidebar({ card: memberCard })
    await seen('银卡会员')
    expect(() => page.button('邀请入会')).toThrow('No button')
  })
})
