import { changeLegalHold, getLifecycle, listDeidentifiedExports, listLegalHolds, type LegalHold, type Lifecycle } from '@qihui/shared/lifecycle'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openConsole } from '../../../testing/openConsole.ts'

let page: Awaited<ReturnType<typeof openConsole>>
const seen = (words: string) => expect.poll(() => page.text()).toContain(words)
const at = '2026-11-20T02:00:00.000Z'
const hold: LegalHold = {
  ...{ holdId: '0190aaaa-0000-7000-8000-000000000601', scope: 'person', memberNo: '123456789012', dataClass: null, reason: '沪0101民初123号', placedBy: 'manager.xu', placedAt: at },
  ...{ approvedBy: null, approvedAt: null, expiresAt: '2027-05-20T02:00:00.000Z', reviewDueAt: '2027-02-18T02:00:00.000Z', reviewedBy: null, liftedBy: null, liftedAt: null, isHolding: true },
}
const lifecycle: Lifecycle = {
  counts: { active: 812, quiet150: 40, quiet173: 6, archived: 95, restricted: 1, erased: 3 },
  runs: [{ day: '2026-11-22', archived: 4, warned: 11, finishedAt: at }],
  erasures: [{ receiptNo: '3b241101-e2bb-4255-8caf-4136c566a962', reason: 'request', state: 'held', requestedAt: at, answerBy: '2026-12-11T16:00:00.000Z', erasedAt: null, receipts: [{ label: '登录会话', count: 2, at }] }],
}
beforeEach(() => sessionStorage.clear())
afterEach(() => page.close())

it('shows who rests, what waits and what keeps it, and lets another operator approve', async () => {
  let isApproved = false
  page = await openConsole({
    at: '/lifecycle',
    prepare(server) {
      server.on(getLifecycle, () => lifecycle)
      server.on(listLegalHolds, () => ({ holds: [{ ...hold, approvedBy: isApproved ? 'manager.wu' : null }] }))
      server.on(listDeidentifiedExports, () => ({ exports: [] }))
      server.on(changeLegalHold, () => {
        isApproved = true
        return { ...hold, approvedBy: 'manager.wu' }
      })
    },
  })
  for (const words of ['812', '46', '95', '法律保全中', '1 步，2 条记录', '会员 123456789012', '生效中，待批准', '还没有导出']) await seen(words)
  page.press('批准')
  await seen('保全已批准')
  await expect.poll(() => page.text()).not.toContain('待批准')
})
