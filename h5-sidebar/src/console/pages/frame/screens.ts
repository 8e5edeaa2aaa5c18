import type { RightsSubject } from '@qihui/shared/rights'

/** An entry of the menu: the route it leads to, and routes that belong to it. */
export interface Screen {
  readonly to: string
  readonly label: string
  readonly also: readonly string[]
}

export interface ScreenGroup {
  readonly label: string
  readonly links: readonly Screen[]
}

/** The screens, in the order of a working day. */
const screenGroups: readonly ScreenGroup[] = [
  { label: '', links: [{ to: 'overview', label: '概览', also: [] }] },
  {
    label: '获客',
    links: [
      { to: 'channels', label: '渠道', also: ['channel', 'newChannel'] },
      { to: 'forms', label: '登记表', also: ['form'] },
      { to: 'deliveries', label: '消息发送', also: [] },
      { to: 'documents', label: '资料链接', also: [] },
    ],
  },
  {
    label: '会员',
    links: [
      { to: 'reviews', label: '身份复核', also: ['review'] },
      { to: 'merges', label: '合并记录', also: [] },
      { to: 'risk', label: '注册风险', also: [] },
      { to: 'approvals', label: '敏感信息审批', also: [] },
      { to: 'staffBehaviour', label: '员工沟通', also: [] },
    ],
  },
  {
    label: '标签与分群',
    links: [
      { to: 'segments', label: '动态分群', also: ['segment', 'newSegment'] },
      { to: 'corpTags', label: '企业标签', also: [] },
      { to: 'tierTags', label: '等级标签', also: [] },
    ],
  },
  {
    label: '规则',
    links: [
      { to: 'growthRules', label: '成长规则', also: ['newGrowthRules'] },
      { to: 'tierRules', label: '等级规则', also: ['newTierRules'] },
    ],
  },
  {
    label: '合规与安全',
    links: [
      { to: 'policies', label: '隐私政策', also: ['newPolicy'] },
      { to: 'lifecycle', label: '归档与删除', also: [] },
      { to: 'audit', label: '审计日志', also: [] },
      { to: 'compliance', label: '合规报告', also: [] },
    ],
  },
  {
    label: '系统',
    links: [
      { to: 'rights', label: '角色与权限', also: [] },
      { to: 'apiKeys', label: '接口密钥', also: [] },
      { to: 'health', label: '系统健康', also: [] },
      { to: 'deadLetters', label: '失败任务', also: [] },
    ],
  },
]
/** What a screen shows. */
const needs: Readonly<Record<string, RightsSubject>> = {
  ...{ overview: 'Review', channels: 'Channel', deliveries: 'Delivery', segments: 'Segment', corpTags: 'CorpTag', tierTags: 'CorpTag' },
  ...{ growthRules: 'GrowthRules', tierRules: 'TierRules', documents: 'Channel', staffBehaviour: 'GrowthRules' },
  ...{ reviews: 'Review', merges: 'Review', risk: 'Risk', forms: 'Form', policies: 'Policy', lifecycle: 'Lifecycle' },
  ...{ rights: 'Rights', apiKeys: 'ApiKey', health: 'Health', deadLetters: 'Health', audit: 'Audit', approvals: 'Approval', compliance: 'Report' },
}

function isReadable({ to }: Screen, readable: readonly string[]): boolean {
  const subject = needs[to]
  // A screen that names no subject is one nobody has thought about.
  return subject !== undefined && readable.includes(subject)
}

/** The menu of somebody who may read these subjects; screens that do not open for them are left out. */
export function openScreens(readable: readonly string[]): ScreenGroup[] {
  return screenGroups.map((group) => ({ ...group, links: group.links.filter((link) => isReadable(link, readable)) })).filter(({ links }) => links.length > 0)
}

/** The entry a route belongs to; undefined when it belongs to none. */
export function screenOf(routeName: string): Screen | undefined {
  return screenGroups.flatMap(({ links }) => links).find(({ to, also }) => to === routeName || also.includes(routeName))
}

/** Whether a route opens for somebody who may read these subjects. */
export function opensFor(routeName: string, readable: readonly string[]): boolean {
  const screen = screenOf(routeName)
  return screen !== undefined && isReadable(screen, readable)
}
