import { decideApproval, listApprovalDesk, reviewBreakGlass, revokeApproval, type ApprovalDesk } from '@qihui/shared/approval'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openApproval, waitingApproval } from '../../../testing/approvalSamples.ts'
import { refusing } from '../../../testing/contractServer.ts'
import { openConsole } from '../../../testing/openConsole.ts'

let page: Awaited<ReturnType<typeof openConsole>>
const seen = (words: string) => expect.poll(() => page.text()).toContain(words)
const emergency = { ...openApproval, approvalId: '0190aaaa-0000-7000-8000-0000000000a2', isBreakGlass: true, approvers: [], views: 1, isReviewOverdue: true, canReview: true, canReveal: false }
const desk: ApprovalDesk = {
  waiting: [{ ...waitingApproval, canDecide: true, canCancel: false }],
  toReview: [emergency],
  recent: [openApproval],
  alerts: [{ kind: 'hasty', day: '2026-11-21', requester: '李明', approver: '赵主管', count: 2 }],
}
beforeEach(() => sessionStorage.clear())
afterEach(() => page.close())

it('shows what waits, what looks odd and what must be reviewed, under a watermark', async () => {
  page = await openConsole({ at: '/approvals', prepare: (server) => server.on(listApprovalDesk, () => desk) })
  await seen('陈** · 100000000001')
  await seen('赵主管在 3 秒内处理了李明的 2 次申请，可能没有细看')
  await seen('已超过 24 小时')
  expect(document.querySelector('[data-watermark]')?.getAttribute('data-watermark')).toMatch(/^[\w.]+ 2026-11-22$/)
})

it('a request is decided, a grant taken back, and a decision somebody else made first is said', async () => {
  const asked: unknown[] = []
  page = await openConsole({
    at: '/approvals',
    prepare: (server) => {
      server.on(listApprovalDesk, () => desk)
      server.on(decideApproval, ({ body }) => (asked.push(body) === 1 ? openApproval : refusing({ kind: 'problem', code: 'approval.changed' })))
      server.on(revokeApproval, () => ({ ...openApproval, state: 'revoked' as const }))
    },
  })
  await seen('退货需核对证件')
  page.press('批准李明的申请')
  await seen('已批准，授权开始计时')
  page.press('拒绝李明的申请')
  await seen('该申请已被处理，请刷新')
  expect(asked).toEqual([{ verdict: 'approve', version: 1 }, { verdict: 'deny', version: 1 }])
  await expect.poll(() => page.button('收回李明的授权').disabled).toBe(false)
  page.press('收回李明的授权')
  await seen('授权已收回')
})

it('an emergency is reviewed with a reason', async () => {
  const asked: unknown[] = []
  page = await openConsole({
    at: '/approvals',
    prepare: (server) => {
      server.on(listApprovalDesk, () => desk)
      server.on(reviewBreakGlass, ({ body }) => {
        asked.push(body)
        return emergency
      })
    },
  })
  await seen('待复核的紧急查看')
  page.press('复核李明的紧急查看')
  await seen('李明未经审批查看了')
  page.press('理由成立')
  await seen('请用至少 4 个字写明复核结论')
  page.fill('复核结论', '已向门店核实')
  page.press('理由成立')
  await seen('复核结论已保存')
  expect(asked).toEqual([{ verdict: 'justified', note: '已向门店核实' }])
})
