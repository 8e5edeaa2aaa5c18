import { auditActionTitle } from '@qihui/shared/audit'
import { anonymiseAfterMonths, archiveAfterDays, type ComplianceReport } from '@qihui/shared/lifecycle'
import { memberFields } from '@qihui/shared/member'
import { roleRights, roles, type RightReach, type RightsAction, type RightsSubject, type Role, type Scope } from '@qihui/shared/rights'
import { stringify } from 'csv-stringify/sync'
import { escapeHtml } from '../../http/escapeHtml.ts'
import { inlineStyle } from '../../http/inlineStyle.ts'
import type { Services } from '../../services.ts'
import { selectAuditSummary, selectErasureSummary, selectGrantSummary, selectPolicySummary, selectRotationSummary } from './complianceTables.ts'
import { getLifecycle, listHolds } from './queries.ts'

type Section = ComplianceReport['sections'][number]
type ReportServices = Pick<Services, 'db' | 'now' | 'env'>

/** A quarter and a day, milliseconds: no day falls between two reports. */
const reportSpanMs = 92 * 86_400_000

const roleNames: Record<Role, string> = { serviceAgent: '客服', salesRep: '销售', operationsAdmin: '运营管理员', approver: '审批人', auditor: '审计员', systemAdmin: '系统管理员' }
const scopeNames: Record<Scope, string> = { own: '本人客户', department: '本部门', departmentTree: '本部门及下级', all: '全公司' }
const reachNames: Record<RightReach, string> = { own: '本人的客户', scope: '授权范围内', company: '全公司' }
const actionNames: Record<RightsAction, string> = { read: '查看', create: '新建', update: '修改', delete: '删除', export: '导出', approve: '审批' }
const subjectNames: Partial<Record<RightsSubject, string>> = {
  Approval: '审批单', ApiKey: '接口密钥', Audit: '审计', Benefit: '权益', Channel: '渠道', Contact: '客户', CorpTag: '企业标签', Coupon: '礼券', Delivery: '消息发送', Form: '登记表', GrowthRules: '成长规则',
  Health: '系统健康', Invitation: '邀请', Lifecycle: '归档与删除', Member: '会员', Policy: '隐私政策', Report: '报告', Review: '身份复核', Rights: '权限', Risk: '风险', Segment: '分群', TierRules: '等级规则',
}
const outcomeNames: Readonly<Record<string, string>> = { shown: '已显示', done: '已完成', refused: '已拒绝', absent: '无此资料' }
const regionNames: Readonly<Record<string, string>> = { 'cn-mainland': '中国内地', self: '本系统', unknown: '未登记' }
const classNames = { P: '公开', N: '一般', S: '敏感' } as const
const reasonNames: Readonly<Record<string, string>> = { request: '本人注销', retention: '保存期满', replay: '恢复备份后重新删除' }
const stateNames: Readonly<Record<string, string>> = { restricted: '已停用', held: '保全中', erased: '已删除' }

/** What only a person can look at in WeCom's console (R57, R68). */
const byHand: readonly (readonly [string, string])[] = [
  ['客户联系 → 权限配置', '企业客户权限、客户联系可使用成员与离职继承范围，只保留在岗人员'],
  ['安全与管理 → 数据权限管理', '核对各应用可读取的客户与通讯录数据，撤销不再使用的授权'],
  ['安全与管理 → 水印', '通讯录与客户资料页的水印已开启（R57）'],
  ['应用管理 → 可见范围', '会员助手应用的可见范围与在用部门一致'],
  ['客户联系 → 聊天敏感词与防骚扰', '规则在用，通知人在岗'],
]

const section = (title: string, note: string, columns: readonly string[], rows: readonly (readonly (string | number | boolean | null)[])[]): Section => ({
  title,
  note,
  columns: [...columns],
  rows: rows.map((row) => row.map((cell) => (typeof cell === 'boolean' ? (cell ? '是' : '否') : String(cell ?? '')))),
})

/** `渠道：查看、新建` of everything a role holds at one reach, or nothing. */
function rightsWithin(role: Role, reach: RightReach): string[] {
  const held = roleRights[role].filter((right) => right.reach === reach)
  const subjects = [...new Set(held.map(({ subject }) => subject))]
  return subjects.map((subject) => `${subjectNames[subject] ?? subject}：${held.filter((right) => right.subject === subject).map(({ action }) => actionNames[action]).join('、')}`)
}

function rightsSections(grants: readonly { role: string; scope: string; count: number }[]): Section[] {
  const reaches: readonly RightReach[] = ['own', 'scope', 'company']
  const matrix = roles.flatMap((role) => reaches.flatMap((reach) => {
    const held = rightsWithin(role, reach)
    return held.length === 0 ? [] : [[roleNames[role], reachNames[reach], held.join('；')]]
  }))
  return [
    section('权限矩阵', '每个角色现在能做什么，直接取自生效的规则。', ['角色', '范围', '权限'], matrix),
    section('在用授权', '在运营台授予的角色，按范围统计；部署设置里指定的管理员不在其中。', ['角色', '范围', '人数'], grants.map(({ role, scope, count }) => [roleNames[role as Role], scopeNames[scope as Scope], count])),
  ]
}

function settingSections(env: Services['env']): Section[] {
  const fields = Object.values(memberFields).map(({ label, class: fieldClass, purpose, legalBasis, retentionDays }) => [label, classNames[fieldClass], purpose, legalBasis === 'consent' ? '同意' : '合同', retentionDays])
  const targets = env.egressTargets.map(({ purpose, host, region, reviewId }) => [purpose, host, regionNames[region] ?? region, reviewId])
  return [
    section('字段与保存期限', `归档：${archiveAfterDays} 天未使用；归档满 ${anonymiseAfterMonths} 个月匿名化。`, ['字段', '分级', '用途', '依据', '会员关系结束后保存天数'], fields),
    section('出境与外部目标', `部署地域：${regionNames[env.deploymentRegion] ?? env.deploymentRegion}；清单之外的主机一律拒绝。`, ['设置项', '主机', '地域', '法务评审'], targets),
  ]
}

/** The report of the last quarter (R68), read only. */
export async function getComplianceReport(services: ReportServices): Promise<ComplianceReport> {
  const { db, env } = services
  const at = services.now()
  const since = new Date(at.getTime() - reportSpanMs)
  const lifecycle = await getLifecycle(services)
  const audit = await db.run<{ action: string; outcome: string; count: number; actors: number; persons: number }>(selectAuditSummary, [since])
  const grants = await db.run<{ role: string; scope: string; count: number }>(selectGrantSummary, [])
  const policies = await db.run<{ version: string; title: string; diff_class: string; day: string; granted: number; withdrawn: number }>(selectPolicySummary, [])
  const erasures = await db.run<{ erasure_id: string; reason: string; state: string; requested: string; erased: string; is_late: boolean; receipts: number }>(selectErasureSummary, [since])
  const rotations = await db.run<{ version: number; place: string; rewrapped: number; unreadable: number; is_finished: boolean }>(selectRotationSummary, [since])
  const { counts } = lifecycle
  return {
    generatedAt: at.toISOString(),
    since: since.toISOString(),
    sections: [
      ...rightsSections(grants),
      section('查阅与操作审计', '每次查阅客户资料、每次敏感操作都先写审计再返回。', ['动作', '结果', '次数', '员工数', '涉及客户数'], audit.map((row) => [auditActionTitle(row.action), outcomeNames[row.outcome] ?? row.outcome, row.count, row.actors, row.persons])),
      section('隐私政策版本', '文本以哈希存证，版本发布后不可修改。', ['版本', '标题', '变更', '发布日', '同意', '撤回'], policies.map((row) => [row.version, row.title, row.diff_class === 'material' ? '实质' : '轻微', row.day, row.granted, row.withdrawn])),
      ...settingSections(env),
      section('归档', '人数为生成报告时的状态。', ['活跃', '即将归档', '已归档', '处理中的删除', '已删除'], [[counts.active, counts.quiet150 + counts.quiet173, counts.archived, counts.restricted, counts.erased]]),
      section('删除回执', '15 个工作日内答复；编号不指向任何人。', ['回执编号', '原因', '状态', '申请', '完成', '步骤数', '超期'], erasures.map((row) => [row.erasure_id, reasonNames[row.reason] ?? row.reason, stateNames[row.state] ?? row.state, row.requested, row.erased, row.receipts, row.is_late])),
      section('法律保全', '生效中的保全每 90 天复核。', ['对象', '原因', '设置人', '批准人', '到期', '下次复核', '生效'], (await listHolds(services)).map((hold) => [hold.dataClass ?? '会员', hold.reason, hold.placedBy, hold.approvedBy, hold.expiresAt, hold.reviewDueAt, hold.isHolding])),
      section('密钥版本', '只列版本，不含密钥。', ['版本', '由密钥服务托管'], [...env.fieldKeys].map(([version, { isWrapped }]) => [version, isWrapped])),
      section('密钥轮换', '本期内的重新加密。', ['版本', '位置', '已重封', '不可读', '完成'], rotations.map((row) => [row.version, row.place, row.rewrapped, row.unreadable, row.is_finished])),
      section('企业微信人工核对项', '接口读不到，请逐项打开核对并签名。', ['位置', '核对内容', '结论'], byHand.map(([place, check]) => [place, check, ''])),
    ],
  }
}

/** One table after the other; what begins like a formula stays text. */
export function complianceCsv(report: ComplianceReport): string {
  const rows = report.sections.flatMap(({ title, columns, rows: lines }) => [[title], columns, ...lines, []])
  return stringify([['合规审计报告', report.since, report.generatedAt], [], ...rows], { bom: true, escape_formulas: true, record_delimiter: 'windows' })
}

const style = inlineStyle(`
body { margin: 24px auto; max-width: 1080px; color: #1c2430; font: 14px/1.6 -apple-system, "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif }
h1 { font-size: 22px } h2 { margin: 28px 0 4px; font-size: 16px; color: #115e59 } p { margin: 0 0 8px; color: #5b6676 }
table { width: 100%; border-collapse: collapse } th, td { min-width: 64px; padding: 6px 8px; border: 1px solid #e5e8ec; text-align: left; vertical-align: top; overflow-wrap: anywhere }
th { background: #f5f6f8 }
`)

/** The policy the printed report is sent with. */
export const compliancePolicy = `default-src 'none'; style-src ${style.source}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

/** The report as one page to print and sign. */
export function complianceHtml(report: ComplianceReport, brandName: string): string {
  const cells = (tag: 'th' | 'td', row: readonly string[]) => `<tr>${row.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join('')}</tr>`
  const tables = report.sections.map(({ title, note, columns, rows }) => `<h2>${escapeHtml(title)}</h2><p>${escapeHtml(note)}</p><table>${cells('th', columns)}${rows.map((row) => cells('td', row)).join('') || `<tr><td colspan="${columns.length}">本期没有记录</td></tr>`}</table>`)
  return `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>合规审计报告</title>${style.element}</head><body><h1>${escapeHtml(brandName)}合规审计报告</h1><p>统计自 ${escapeHtml(report.since)}，生成于 ${escapeHtml(report.generatedAt)}</p>${tables.join('')}</body></html>`
}
