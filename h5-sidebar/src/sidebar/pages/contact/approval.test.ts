import { cancelApproval, decideApproval, listApprovals, listContactApprovals, requestApproval, revealFields, type ApprovalView } from '@qihui/shared/approval'
import { getSidebarContact } from '@qihui/shared/contact'
import { getStaffSelf } from '@qihui/shared/staff'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openApproval, waitingApproval } from '../../../testing/approvalSamples.ts'
import { refusing } from '../../../testing/contractServer.ts'
import { openSidebar } from '../../../testing/openSidebar.ts'
import { memberCard, sampleNow, staffSelf } from '../../../testing/samples.ts'

let page: ReturnType<typeof openSidebar>
const patience = { timeout: 12_000 }
const seen = (words: string) => expect.poll(() => page.text(), patience).toContain(words)
const sheet = () => document.querySelector('[role=dialog]')?.textContent ?? ''
const idNumber = '11010519491231002X'
const sealed = { key: 'idNumber', label: '证件号', type: 'text' as const, value: '', isMasked: true, needsApproval: true }
const card = { ...memberCard, member: memberCard.member && { ...memberCard.member, fields: [...memberCard.member.fields, sealed] } }
const looked = {
  fields: [
    { key: 'idNumber', label: '证件号', type: 'text' as const, value: idNumber },
    { key: 'phone', label: '手机号', type: 'phone' as const, value: '+8613800001111' },
  ],
  openUntil: '2026-11-22T04:10:00.000Z',
  viewsLeft: 2,
  watermark: { staffUserId: 'rep.li', name: '李明', at: new Date(sampleNow).toISOString() },
}

function open(approvals: () => readonly ApprovalView[], prepare: NonNullable<Parameters<typeof openSidebar>[0]>['prepare'] = () => {}, mayBreakGlass = false): void {
  page = openSidebar({
    prepare: (server) => {
      server.on(getSidebarContact, () => card)
      server.on(listContactApprovals, () => ({ approvals: [...approvals()], mayBreakGlass }))
      prepare(server)
    },
  })
}
function pick(words: string): void {
  const input = Array.from(document.querySelectorAll('label')).find((label) => label.textContent?.trim() === words)?.querySelector('input')
  if (!input) throw new Error(`nothing to pick called ${words}`)
  input.click()
}
function write(words: string): void {
  const note = document.querySelector<HTMLTextAreaElement>('#approval-note')
  if (!note) throw new Error('no note')
  note.value = words
  note.dispatchEvent(new Event('input', { bubbles: true }))
}

beforeEach(() => sessionStorage.clear())
afterEach(() => page.close())

describe('asking', () => {
  it('says what is missing, sends what was chosen once, and shows that it waits', async () => {
    const asked: unknown[] = []
    open(() => (asked.length === 0 ? [] : [waitingApproval]), (server) =>
      server.on(requestApproval, ({ body }) => {
        asked.push(body)
        return { approvalId: waitingApproval.approvalId, state: 'requested' as const, neededApprovers: 1 }
      }))
    await expect.poll(() => document.querySelector('.ask'), patience).not.toBeNull()
    page.press('申请查看')
    await expect.poll(sheet, patience).toContain('查看内容')
    expect(sheet()).not.toContain('情况紧急')
    page.press('提交申请')
    await expect.poll(sheet).toContain('请选择要查看的内容')
    pick('证件号')
    page.press('提交申请')
    await expect.poll(sheet).toContain('请选择用途')
    pick('处理售后')
    page.press('提交申请')
    await expect.poll(sheet).toContain('请用至少 4 个字说明原因')
    write('退货需核对证件')
    pick('5 分钟')
    page.press('提交申请')
    await seen('待审批')
    expect(asked).toEqual([{ fieldKeys: ['idNumber'], purpose: 'afterSales', note: '退货需核对证件', minutes: 5, maxViews: 3, isBreakGlass: false }])
  })

  it('keeps what was written when the server refuses, and tries again with the same key', async () => {
    let isDown = true
    open(() => [], (server) =>
      server.on(requestApproval, () => (isDown ? refusing({ kind: 'unreachable' }) : { approvalId: waitingApproval.approvalId, state: 'approved' as const, neededApprovers: 1 })), true)
    await expect.poll(() => document.querySelector('.ask'), patience).not.toBeNull()
    await expect.poll(() => page.server.asked.filter((line) => line.endsWith('/approvals')).length).toBe(1)
    page.press('申请查看')
    await expect.poll(sheet, patience).toContain('情况紧急，来不及等待审批')
    pick('证件号')
    pick('处理售后')
    write('客户突发疾病')
    pick('情况紧急，来不及等待审批')
    await expect.poll(sheet).toContain('最长 10 分钟')
    page.press('紧急打开')
    await expect.poll(sheet).toContain('网络连接不上')
    isDown = false
    page.press('紧急打开')
    await seen('已紧急打开，须在 24 小时内复核')
    expect(new Set(page.server.keys).size).toBe(1)
  })

  it('is taken back', async () => {
    let isCancelled = false
    open(() => (isCancelled ? [] : [waitingApproval]), (server) =>
      server.on(cancelApproval, () => {
        isCancelled = true
        return { ...waitingApproval, state: 'cancelled' as const }
      }))
    await seen('待审批')
    page.press('撤回')
    await seen('申请已撤回')
  })
})

describe('looking', () => {
  it('shows the value under a watermark with a countdown, and nothing of it once the sheet is closed', async () => {
    open(() => [openApproval], (server) => server.on(revealFields, () => looked))
    await seen('已批准')
    expect(page.text()).not.toContain(idNumber)
    page.press('查看')
    await expect.poll(sheet, patience).toContain(idNumber)
    expect(sheet()).toContain('138 0000 1111')
    expect(sheet()).toContain('剩余 10:00')
    expect(document.querySelector('[role=dialog] [data-watermark]')?.getAttribute('data-watermark')).toBe('rep.li 2026-11-22 12:00')
    page.press('看完了')
    await expect.poll(() => page.text()).not.toContain(idNumber)
    expect(Object.values({ ...sessionStorage }).join()).not.toContain(idNumber)
  })

  it('hides the value when the time is over', async () => {
    open(() => [openApproval], (server) => server.on(revealFields, () => looked))
    await seen('已批准')
    page.press('查看')
    await expect.poll(sheet, patience).toContain(idNumber)
    page.world.now = Date.parse(looked.openUntil)
    await expect.poll(sheet, patience).toContain('授权时间已到，内容已隐藏')
    expect(page.text()).not.toContain(idNumber)
  })

  it('hides the value when the grant is taken back meanwhile', async () => {
    let state: ApprovalView['state'] = 'approved'
    open(() => [{ ...openApproval, state }], (server) => server.on(revealFields, () => looked))
    await seen('已批准')
    page.press('查看')
    await expect.poll(sheet, patience).toContain(idNumber)
    state = 'revoked'
    await expect.poll(sheet, patience).toContain('授权已被收回或已到期')
    expect(page.text()).not.toContain(idNumber)
  }, 20_000)

  it('says why a grant does not open', async () => {
    open(() => [openApproval], (server) => server.on(revealFields, () => refusing({ kind: 'problem', code: 'approval.notOpen' })))
    await seen('已批准')
    page.press('查看')
    await expect.poll(sheet, patience).toContain('查看授权已失效，请重新申请')
  })
})

it('an approver decides at home, about what was looked at', async () => {
  const asked: unknown[] = []
  page = openSidebar({
    wecom: { entry: 'normal' },
    prepare: (server) => {
      server.on(getStaffSelf, () => ({ ...staffSelf, readable: [...staffSelf.readable, 'Approval'] }))
      server.on(listApprovals, () => ({ forMe: asked.length === 0 ? [{ ...waitingApproval, canDecide: true }] : [], mine: [] }))
      server.on(decideApproval, ({ body }) => {
        asked.push(body)
        return openApproval
      })
    },
  })
  await seen('李明申请查看客户陈**的证件号')
  page.press('批准')
  await seen('没有待审批的查看申请')
  expect(asked).toEqual([{ verdict: 'approve', version: 1 }])
})

it('the card carries who looks and when', async () => {
  open(() => [])
  await expect.poll(() => document.querySelector('.page > [data-watermark]')?.getAttribute('data-watermark')).toBe('rep.li 2026-11-22')
})
