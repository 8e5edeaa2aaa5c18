import { grantRole, listRights, revokeRole, searchStaff, setRightsModel, type RightsOverview } from '@qihui/shared/rights'
import { getStaffSelf } from '@qihui/shared/staff'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { operator } from '../../../testing/consoleSamples.ts'
import { openConsole } from '../../../testing/openConsole.ts'
import { refusing } from '../../../testing/contractServer.ts'

let page: Awaited<ReturnType<typeof openConsole>>
const seen = (words: string) => expect.poll(() => page.text()).toContain(words)
beforeEach(() => sessionStorage.clear())
afterEach(() => page.close())

/** Radio of the dialog by the beginning of its words; the page below has some of the same words. */
function pick(words: string): void {
  const label = Array.from(document.querySelectorAll('.el-dialog label.el-radio')).find((element) => element.textContent?.trim().startsWith(words))
  if (!label) throw new Error(`No choice ${words} in the dialog`)
  label.querySelector('input')?.click()
}

const grantId = '0190aaaa-0000-7000-8000-000000000901'
const overview: RightsOverview = {
  model: 'hybrid',
  defaultRole: 'salesRep',
  isModelChangeable: true,
  grantableRoles: [
    { role: 'serviceAgent', scopes: ['own', 'department'] },
    { role: 'auditor', scopes: ['all'] },
  ],
  grants: [
    { grantId: null, staffUserId: 'manager.wu', staffName: '吴倩', departments: ['总部'], role: 'systemAdmin', scope: 'all', grantedBy: null, grantedAt: null, isRevocable: false },
    { grantId, staffUserId: 'rep.li', staffName: '李静', departments: ['销售一部'], role: 'approver', scope: 'department', grantedBy: '吴倩', grantedAt: '2026-11-22T03:00:00.000Z', isRevocable: true },
  ],
}

it('shows who holds what, and the very tables the server decides by, in plain words', async () => {
  page = await openConsole({ at: '/rights', prepare: (server) => server.on(listRights, () => overview) })
  await seen('李静')
  for (const words of ['审批人', '本部门', '部署设置', '授权范围内：查看', '本人客户：明文', '范围内客户：脱敏', '需审批', '混合授权']) await seen(words)
  expect(() => page.button('收回吴倩的系统管理员角色')).toThrow()
  const cells = Array.from(document.querySelectorAll('[aria-label="字段权限表"] tbody tr')).map((row) => Array.from(row.children).map((cell) => cell.textContent))
  expect(cells.find(([label]) => label === '手机号')).toEqual(['手机号', '一般', '脱敏可代客填写', '脱敏可代客填写', '—', '—', '—', '—'])
  expect(cells.find(([label]) => label === '登记表答案（敏感）')).toEqual(['登记表答案（敏感）', '敏感', '需审批', '需审批', '—', '—', '—', '—'])
})

it('gives a role to somebody found by name, with a scope that fits the role', async () => {
  const given: unknown[] = []
  page = await openConsole({
    at: '/rights',
    prepare: (server) => {
      server.on(listRights, () => overview)
      server.on(searchStaff, ({ query }) => ({ staff: query['text'] === '李' ? [{ staffUserId: 'rep.li', name: '李静', departments: ['销售一部'] }] : [] }))
      server.on(grantRole, ({ body }) => {
        given.push(body)
        return { grantId }
      })
    },
  })
  await seen('已授予的角色')
  page.press('授予角色')
  await seen('数据范围')
  page.fill('成员', '张')
  page.press('搜索')
  await seen('没有找到可授权的成员')
  page.press('授予')
  await seen('请先搜索并选择成员')
  page.fill('成员', '李')
  page.press('搜索')
  await seen('rep.li，销售一部')
  pick('客服')
  await seen('本人客户')
  await expect.poll(() => document.querySelectorAll('.el-dialog label.el-radio')).toHaveLength(5)
  pick('本部门')
  page.press('授予')
  await expect.poll(() => given).toEqual([{ staffUserId: 'rep.li', role: 'serviceAgent', scope: 'department' }])
  await seen('角色已授予')
})

it('takes a role back only after a yes, and says why when it cannot', async () => {
  let asked = 0
  page = await openConsole({
    at: '/rights',
    prepare: (server) => {
      server.on(listRights, () => overview)
      server.on(revokeRole, () => {
        asked += 1
        return refusing({ kind: 'problem', code: 'rights.notGrantable' })
      })
    },
  })
  await seen('李静')
  page.press('收回李静的审批人角色')
  await seen('几秒内就会失去该角色的权限')
  expect(asked).toBe(0)
  page.press('收回角色')
  await seen('不能授予或收回该角色')
  expect(asked).toBe(1)
})

it('changes the model, and leaves it alone for somebody who may not', async () => {
  const saved: unknown[] = []
  page = await openConsole({
    at: '/rights',
    prepare: (server) => {
      server.on(listRights, () => overview)
      server.on(setRightsModel, ({ body }) => {
        saved.push(body)
        return body
      })
    },
  })
  await seen('授权模式')
  page.choose('集中授权')
  page.choose('不授予')
  await expect.poll(() => page.button('保存授权设置').disabled).toBe(false)
  page.press('保存授权设置')
  await expect.poll(() => saved).toEqual([{ model: 'central', defaultRole: null }])
  page.close()
  page = await openConsole({ at: '/rights', prepare: (server) => server.on(listRights, () => ({ ...overview, isModelChangeable: false, grantableRoles: [] })) })
  await seen('只有全公司的系统管理员可以修改授权设置')
  expect(() => page.button('授予角色')).toThrow()
})

it('offers an auditor only the screens that open for them, and begins with the first', async () => {
  page = await openConsole({
    prepare: (server) => {
      server.on(getStaffSelf, () => ({ ...operator, readable: ['Rights', 'ApiKey'] }))
      server.on(listRights, () => ({ ...overview, isModelChangeable: false, grantableRoles: [] }))
    },
  })
  await seen('每个角色能做什么')
  const links = Array.from(document.querySelectorAll('nav[aria-label="运营台"] a')).map((link) => link.textContent?.trim())
  expect(links).toEqual(['角色与权限', '接口密钥'])
})
