import { getStaffSelf } from '@qihui/shared/staff'
import { listChannels } from '@qihui/shared/channel'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { operator } from '../testing/consoleSamples.ts'
import { refusing } from '../testing/contractServer.ts'
import { openConsole } from '../testing/openConsole.ts'

let page: Awaited<ReturnType<typeof openConsole>>
const seen = (words: string) => expect.poll(() => page.text()).toContain(words)

describe('the door of the console', () => {
  beforeEach(() => sessionStorage.clear())
  afterEach(() => page.close())

  it('leaves for the login without a session, and stops after one bounce', async () => {
    const prepare = (server: typeof page.server) => server.on(getStaffSelf, () => refusing({ kind: 'problem', code: 'session.missing' }))
    page = await openConsole({ prepare })
    await expect.poll(() => page.visited).toEqual(['/api/staff/oauth/start?returnTo=%2Fconsole%2F%23%2Foverview'])
    page.close()
    page = await openConsole({ prepare })
    await seen('登录没有成功')
    expect(page.visited).toEqual([])
    page.press('重新登录')
    expect(page.visited).toHaveLength(1)
  })

  it('tells a rep whom to ask, and asks the server for nothing else', async () => {
    page = await openConsole({ prepare: (server) => server.on(getStaffSelf, () => ({ ...operator, staffUserId: 'rep.li', name: '李明', isOperator: false })) })
    await seen('您还没有运营台的权限')
    await seen('李明（账号 rep.li）')
    await seen('联系系统管理员')
    expect(page.server.asked).toEqual(['GET /api/staff/me'])
  })

  it('says that the server cannot be reached, and tries again on request', async () => {
    let isDown = true
    page = await openConsole({ prepare: (server) => server.on(getStaffSelf, () => (isDown ? refusing({ kind: 'unreachable' }) : operator)) })
    await seen('网络连接不上')
    isDown = false
    page.press('重试')
    await seen('吴经理')
  })

  it('keeps the page while a session ends, and goes on after a login in a second window', async () => {
    let isExpired = false
    page = await openConsole({
      at: '/channels',
      prepare: (server) => {
        server.on(getStaffSelf, () => (isExpired ? refusing({ kind: 'problem', code: 'session.expired' }) : operator))
        server.on(listChannels, () => (isExpired ? refusing({ kind: 'problem', code: 'session.expired' }) : { channels: [] }))
      },
    })
    await seen('还没有渠道')
    isExpired = true
    page.press('刷新')
    await seen('请在新窗口重新登录')
    page.press('在新窗口登录')
    expect(page.visited).toEqual(['login window'])
    page.press('我已登录，继续')
    await seen('还没有登录成功')
    isExpired = false
    const asked = page.server.asked.length
    page.press('我已登录，继续')
    await expect.poll(() => page.server.asked.slice(asked)).toContain('GET /api/channels')
    await seen('还没有渠道')
  })
})
