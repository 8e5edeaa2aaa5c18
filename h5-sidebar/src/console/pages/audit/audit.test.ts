import { exportAuditEntries, getAuditVerification, listAuditEntries, requestAuditVerification, type AuditEntry, type AuditVerification } from '@qihui/shared/audit'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { openConsole } from '../../../testing/openConsole.ts'

type Page = Awaited<ReturnType<typeof openConsole>>
let page: Page
const seen = (words: string) => expect.poll(() => page.text()).toContain(words)
const entry = (index: number): AuditEntry => ({
  auditEntryId: `0190aaaa-0000-7000-8000-00000000${String(index).padStart(4, '0')}`, at: '2026-11-22T01:00:00.000Z', actorKind: 'staff', actorName: '李静', action: 'contact.read',
  subject: `wmcustomer${index}`, memberNo: index === 0 ? '100000000001' : null, fields: ['phone'], outcome: 'shown', isSealed: index > 0,
})
const whole: AuditVerification = {
  verificationId: '0190aaaa-0000-7000-8000-000000000001', startedAt: '2026-11-22T00:35:00.000Z', finishedAt: '2026-11-22T00:36:00.000Z', fromDay: '2026-10-01', toDay: '2026-11-22', entries: 3210, finding: null,
}
const queries: Record<string, unknown>[] = []
let latest: AuditVerification | null

beforeEach(async () => {
  sessionStorage.clear()
  queries.length = 0
  latest = whole
  page = await openConsole({
    at: '/audit',
    prepare(server) {
      server.on(listAuditEntries, ({ query }) => {
        queries.push(query)
        return query['cursor'] ? { entries: [entry(60)], nextCursor: null } : { entries: Array.from({ length: 50 }, (_none, index) => entry(index)), nextCursor: '1763773200000000_0190aaaa-0000-7000-8000-000000000049' }
      })
      server.on(getAuditVerification, () => ({ latest, retentionMonths: 13, earliestDay: '2026-10-01' }))
      server.on(requestAuditVerification, () => {
        latest = { ...whole, verificationId: '0190aaaa-0000-7000-8000-000000000002', finding: { kind: 'entryMissing', day: '2026-11-20', seq: 7 } }
        return { isQueued: true }
      })
      server.on(exportAuditEntries, () => ({ fileName: 'audit-2026-11-22.csv', csv: '﻿时间\n', rows: 10_000, isTruncated: true }))
    },
  })
})
afterEach(() => page.close())

it('an entry says who saw what of whom, and whether the chain covers it', async () => {
  for (const words of ['员工 李静', '查看客户资料', '会员 100000000001', '手机号', '已显示', '等待入链']) await seen(words)
  expect(document.querySelectorAll('.table tbody tr')).toHaveLength(50)
})

it('older and newer entries are asked of the server, page by page', async () => {
  await seen('较早的 50 条')
  page.press('较早的 50 条')
  await seen('wmcustomer60')
  expect(queries.at(-1)).toMatchObject({ cursor: '1763773200000000_0190aaaa-0000-7000-8000-000000000049' })
  page.press('较新的 50 条')
  await seen('wmcustomer0')
  expect(queries.at(-1)).not.toHaveProperty('cursor')
})

it('the badge tells time and range, and a new look that finds something says where', async () => {
  for (const words of ['校验通过', '2026-10-01 至 2026-11-22', '共 3210 条', '保留 13 个月']) await seen(words)
  page.press('立即校验')
  await vi.waitFor(() => expect(page.text()).toContain('2026-11-20 的第 7 条记录被删除'), { timeout: 5000 })
  expect(page.text()).toContain('发现异常')
})

it('an export is saved as a file, and says when it is not everything', async () => {
  const saved = vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:test')
  vi.spyOn(URL, 'revokeObjectURL').mockImplementation(() => undefined)
  await seen('导出 CSV')
  page.press('导出 CSV')
  await seen('已导出最近 10000 条，请按日期分批导出其余记录')
  expect(saved).toHaveBeenCalledOnce()
})
