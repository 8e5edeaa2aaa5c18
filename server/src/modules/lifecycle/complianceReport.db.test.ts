import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestServices, type TestServices } from '../../testing/index.ts'
import { complianceCsv, complianceHtml, getComplianceReport } from './complianceReport.ts'

let services: TestServices
beforeAll(async () => {
  services = await createTestServices()
})
afterAll(() => services.close())

describe('the compliance report', () => {
  it('states rights, policies, retention, keys, outbound targets and what to check by hand, as page and as CSV', async () => {
    await services.db.pool.query(`insert into audit_entry (audit_entry_id, at, actor_kind, actor_id, action, subject, fields, outcome, request_id) values (gen_random_uuid(), $1, 'staff', 'rep.li', 'contact.read', 'wmA', '{}', 'shown', 'r')`, [services.now()])
    const report = await getComplianceReport(services)
    const rowsOf = (title: string) => report.sections.find((section) => section.title === title)?.rows ?? []
    expect(rowsOf('权限矩阵').map(([role]) => role)).toContain('审计员')
    expect(rowsOf('查阅与操作审计')).toContainEqual(['查看客户资料', '已显示', '1', '1', '0'])
    expect(rowsOf('隐私政策版本')[0]).toEqual(['2026-01', '会员隐私政策', '实质', '2026-01-01', '0', '0'])
    expect(rowsOf('字段与保存期限').length).toBeGreaterThan(5)
    expect(rowsOf('密钥版本').length).toBeGreaterThan(0)
    expect(rowsOf('企业微信人工核对项').map(([place]) => place).join()).toContain('水印')
    const html = complianceHtml(report, '企会')
    expect(html).not.toContain('undefined')
    for (const { title } of report.sections) for (const file of [html, complianceCsv(report)]) expect(file).toContain(title)
    expect(complianceCsv(report)).not.toMatch(/(^|,|")[=@]/m)
  })
})
