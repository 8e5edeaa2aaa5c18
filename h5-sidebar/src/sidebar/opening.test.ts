import { listApprovals } from '@qihui/shared/approval'
import { getSidebarContact } from '@qihui/shared/contact'
import { getAgentConfigSignature, getStaffSelf } from '@qihui/shared/staff'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { waitingApproval } from '../testing/approvalSamples.ts'
import { openSidebar } from '../testing/openSidebar.ts'
import { refusing } from '../testing/contractServer.ts'
import { memberCard, sampleContact, staffSelf } from '../testing/samples.ts'
import { WecomError } from '../wecom/WecomError.ts'

let page: ReturnType<typeof openSidebar>
const seen = (words: string) => expect.poll(() => page.text(), { timeout: 2_000 }).toContain(words)

describe('opening the sidebar', () => {
  beforeEach(() => sessionStorage.clear())
  afterEach(() => page.close())

  it('shows the member of the chat', async () => {
    page = openSidebar()
    await seen('银卡会员')
    expect(page.text()).toContain('陈**')
    expect(page.text()).toContain('还差 240 成长值升级金卡会员')
    await seen('138****1111')
    expect(page.text()).toContain('2026-11-21')
    expect(page.router.currentRoute.value.params['externalUserId']).toBe('wmSIMcustomer01')
  })

  it('asks for the signature once, while it still asks who is logged in', async () => {
    page = openSidebar()
    await seen('银卡会员')
    expect(page.server.asked.slice(0, 2)).toEqual(['GET /api/staff/me', 'GET /api/jssdk/agent-config-signature'])
    expect(page.server.asked.filter((line) => line.includes('jssdk'))).toHaveLength(1)
  })

  const entries: [string, string][] = [
    ['group_chat_tools', '请在单聊中打开'],
    ['normal', '您好，李明'],
    ['chat_attachment', '请从单聊工具栏打开'],
    ['an entry of tomorrow', '请从单聊工具栏打开'],
  ]
  it.each(entries)('from %s it says %s and reads no contact', async (entry, words) => {
    page = openSidebar({ wecom: { entry } })
    await seen(words)
    expect(page.server.asked.some((line) => line.includes('/contacts/'))).toBe(false)
  })

  it('from an app message about a request shows what is to be decided, whatever the client says about chats', async () => {
    page = openSidebar({
      query: '?approval=0190aaaa-0000-7000-8000-00000000000a',
      prepare: (server) => {
        server.on(getStaffSelf, () => ({ ...staffSelf, readable: [...staffSelf.readable, 'Approval'] }))
        server.on(listApprovals, () => ({ forMe: [{ ...waitingApproval, canDecide: true }], mine: [] }))
      },
    })
    await seen('待我审批（1）')
    expect(page.wecom.calls).toEqual([])
    expect(page.server.asked.some((line) => line.includes('/contacts/'))).toBe(false)
  })

  it('in a plain browser asks nothing of anybody', async () => {
    page = openSidebar({ wecom: { platform: { isWecom: false, os: 'windows', version: null } } })
    await seen('请在企业微信中打开')
    expect(page.server.asked).toEqual([])
    expect(page.wecom.calls).toEqual([])
  })

  it('asks for a newer client when this one cannot say where it was opened', async () => {
    page = openSidebar({ wecom: { platform: { isWecom: true, os: 'windows', version: '3.0.23' } } })
    await seen('请升级企业微信')
  })

  it('leaves for the login without a session, and stops after one bounce', async () => {
    const loggedOut = (server: typeof page.server) => {
      server.on(getStaffSelf, () => refusing({ kind: 'problem', code: 'session.missing' }))
      server.on(getAgentConfigSignature, () => refusing({ kind: 'problem', code: 'session.missing' }))
    }
    page = openSidebar({ prepare: loggedOut })
    await expect.poll(() => page.visited).toEqual(['/api/staff/oauth/start?returnTo=%2Fsidebar%2F%23%2Fhome'])
    page.close()
    page = openSidebar({ prepare: loggedOut })
    await seen('登录没有成功')
    expect(page.visited).toEqual([])
    page.press('重新登录')
    expect(page.visited).toHaveLength(1)
  })

  it('knows the app from the last opening but never who is logged in', async () => {
    page = openSidebar()
    await seen('银卡会员')
    page.close()
    page = openSidebar({
      card: { ...memberCard, contact: { ...sampleContact, name: '赵**' } },
      prepare: (server) => server.on(getStaffSelf, () => ({ ...staffSelf, staffUserId: 'rep.wang', name: '王思远' })),
    })
    await seen('赵**')
    expect(page.text()).not.toContain('陈**')
  })

  it('says that the client did not accept the page, and tries again on request', async () => {
    page = openSidebar({ wecom: { failures: { entry: new WecomError('signatureRefused', 'getContext') } } })
    await seen('企业微信未能验证本页面')
    delete page.wecom.failures.entry
    page.press('重试')
    await seen('银卡会员')
  })

  const refusals: [Parameters<typeof refusing>[0], string][] = [
    [{ kind: 'problem', code: 'contact.notFollowing' }, '您没有查看这位客户的权限'],
    [{ kind: 'problem', code: 'request.rateLimited', headers: { 'retry-after': '9' } }, '请等待 9 秒'],
    [{ kind: 'problem', code: 'session.expired' }, '登录已过期'],
    [{ kind: 'foreign', status: 502, data: '<h1>502</h1>' }, '服务暂时不可用'],
    [{ kind: 'timeout' }, '网络有点慢'],
    [{ kind: 'unreachable' }, '网络连接不上'],
  ]
  it.each(refusals)('a card refused with %j says %s', async (refusal, words) => {
    page = openSidebar({ prepare: (server) => server.on(getSidebarContact, () => refusing(refusal)) })
    await seen(words)
  })

  it('shows the last known card at once, says how old it is, and keeps it when the network fails', async () => {
    page = openSidebar()
    await seen('银卡会员')
    const { now } = page.world
    page.close()
    let isDown = true
    page = openSidebar({
      prepare: (server) => server.on(getSidebarContact, () => (isDown ? refusing({ kind: 'unreachable' }) : { ...memberCard, timeline: [] })),
    })
    page.world.now = now + 5 * 60_000
    await seen('5 分钟前的资料，网络连接不上')
    expect(page.text()).toContain('陈**')
    isDown = false
    page.press('重试')
    await seen('还没有动态')
    expect(page.text()).not.toContain('分钟前的资料')
  })

  it('drops the last known card of a contact that may no longer be seen', async () => {
    page = openSidebar()
    await seen('银卡会员')
    page.close()
    page = openSidebar({ prepare: (server) => server.on(getSidebarContact, () => refusing({ kind: 'problem', code: 'contact.notFollowing' })) })
    await seen('您没有查看这位客户的权限')
    expect(page.text()).not.toContain('陈**')
    page.close()
    page = openSidebar({ prepare: (server) => server.on(getSidebarContact, () => refusing({ kind: 'unreachable' })) })
    await seen('网络连接不上')
    expect(page.text()).not.toContain('陈**')
  })
})

describe('a contact that is not mirrored yet', () => {
  beforeEach(() => {
    sessionStorage.clear()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  })
  afterEach(() => {
    vi.useRealTimers()
    page.close()
  })

  it('is asked for and appears by itself', async () => {
    const { notMirroredCard } = await import('../testing/samples.ts')
    page = openSidebar({ card: notMirroredCard })
    await vi.waitFor(() => expect(page.server.asked).toContain('POST /api/sidebar/contacts/wmSIMcustomer01/refresh'))
    expect(page.text()).toContain('正在同步客户资料')
    page.world.card = memberCard
    await vi.advanceTimersByTimeAsync(1_000)
    await vi.waitFor(() => expect(page.text()).toContain('银卡会员'))
  })

  it('is looked for five times, then a person has to ask', async () => {
    const { notMirroredCard } = await import('../testing/samples.ts')
    page = openSidebar({ card: notMirroredCard })
    await vi.waitFor(() => expect(page.text()).toContain('正在同步'))
    await vi.advanceTimersByTimeAsync(120_000)
    const reads = () => page.server.asked.filter((line) => line === 'GET /api/sidebar/contacts/wmSIMcustomer01').length
    await vi.waitFor(() => expect(page.text()).toContain('请再刷新一次'))
    expect(reads()).toBe(6)
    page.world.card = memberCard
    page.press('刷新')
    await vi.waitFor(() => expect(page.text()).toContain('银卡会员'))
  })
})
