import { getSidebarContact } from '@qihui/shared/contact'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { refusing } from '../../../testing/contractServer.ts'
import { openSidebar } from '../../../testing/openSidebar.ts'
import { memberCard, sampleContact } from '../../../testing/samples.ts'

let page: ReturnType<typeof openSidebar>
const seen = (words: string) => expect.poll(() => page.text(), { timeout: 2_000 }).toContain(words)
beforeEach(() => sessionStorage.clear())
afterEach(() => page.close())

it('shows the card of a colleague’s customer to read, with nothing to change', async () => {
  const colleagues = { ...memberCard, contact: { ...sampleContact, relation: 'department' as const } }
  page = openSidebar({ prepare: (server) => server.on(getSidebarContact, () => colleagues) })
  await seen('同部门同事的客户')
  expect(page.text()).toContain('银卡会员')
  for (const words of ['编辑标签', '客户详情', '邀请入会']) expect(page.text()).not.toContain(words)
})

it('says of a sensitive answer that it needs approval, and of a masked one that it is there', async () => {
  const fields = [
    { key: 'allergy', label: '过敏史', type: 'text' as const, value: '', isMasked: true, needsApproval: true },
    { key: 'birthday', label: '生日', type: 'text' as const, value: '已填写', isMasked: true, needsApproval: false },
  ]
  page = openSidebar({ prepare: (server) => server.on(getSidebarContact, () => ({ ...memberCard, member: memberCard.member && { ...memberCard.member, fields } })) })
  await seen('过敏史')
  const rows = Array.from(document.querySelectorAll('.field')).map((row) => row.textContent?.replace(/\s+/g, ' ').trim())
  expect(rows).toEqual(['过敏史 需审批后可查看', '生日 已填写（已隐藏部分内容）'])
})

it('says who can help when a role is missing', async () => {
  page = openSidebar({ prepare: (server) => server.on(getSidebarContact, () => refusing({ kind: 'problem', code: 'rights.denied' })) })
  await seen('您没有此项权限')
  await seen('请联系系统管理员授予角色')
})
