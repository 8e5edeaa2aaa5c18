import { listApprovals } from '@qihui/shared/approval'
import { listRights } from '@qihui/shared/rights'
import { getStaffSelf } from '@qihui/shared/staff'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { waitingApproval } from '../../../testing/approvalSamples.ts'
import { operator } from '../../../testing/consoleSamples.ts'
import { openConsole } from '../../../testing/openConsole.ts'
import { createConsoleRouter } from '../../router.ts'
import { openScreens, screenOf } from './screens.ts'

let page: Awaited<ReturnType<typeof openConsole>>
const seen = (words: string) => expect.poll(() => page.text(), { timeout: 20_000 }).toContain(words)
const readableOf = (readable: string[]) => (server: typeof page.server) => server.on(getStaffSelf, () => ({ ...operator, readable }))

describe('the frame of the console', () => {
  beforeEach(() => sessionStorage.clear())
  afterEach(() => page.close())

  it('begins with the first screen of the role, and asks for nothing of screens that do not open', async () => {
    page = await openConsole({
      prepare: (server) => {
        readableOf(['Rights', 'Audit'])(server)
        server.on(listRights, () => ({ model: 'central' as const, defaultRole: null, isModelChangeable: false, grantableRoles: [], grants: [] }))
      },
    })
    await expect.poll(() => page.server.asked, { timeout: 20_000 }).toContain('GET /api/console/audit-entries')
    expect(page.server.asked.filter((asked) => !asked.includes('audit'))).toEqual(['GET /api/staff/me'])
  })

  it('says which screen does not open, whom to ask, and leads on to one that does', async () => {
    page = await openConsole({ at: '/growth-rules/new', prepare: readableOf(['Audit']) })
    await seen('您的角色不能打开“成长规则”')
    await seen('联系系统管理员')
    page.press('前往审计日志')
    await expect.poll(() => page.server.asked, { timeout: 20_000 }).toContain('GET /api/console/audit-entries')
  })

  it('tells a role without any screen so, with the way out', async () => {
    page = await openConsole({ prepare: readableOf([]) })
    await seen('您的角色在运营台没有可用的页面')
    await seen('账号 manager.wu')
    expect(page.server.asked).toEqual(['GET /api/staff/me'])
    expect(page.button('退出登录')).toBeTruthy()
  })

  it('counts what waits for an approver beside the entry', async () => {
    page = await openConsole({
      at: '/audit',
      prepare: (server) => {
        readableOf(['Audit', 'Approval'])(server)
        server.on(listApprovals, () => ({ forMe: [waitingApproval, { ...waitingApproval, approvalId: '0190aaaa-0000-7000-8000-00000000000b' }], mine: [] }))
      },
    })
    await seen('2 条待您处理')
  })
})

describe('the screens', () => {
  it('have an entry each that says what may be read there: one that is forgotten opens for nobody', () => {
    const names = createConsoleRouter().getRoutes().flatMap(({ name }) => (name === undefined ? [] : [String(name)]))
    expect(names.length).toBeGreaterThan(25)
    expect(names.filter((name) => screenOf(name) === undefined)).toEqual([])
    expect(openScreens(operator.readable).flatMap(({ links }) => links)).toHaveLength(new Set(names.map((name) => screenOf(name)?.to)).size)
  })
})
