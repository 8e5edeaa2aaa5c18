import type { AuditEntry, AuditVerification } from '@qihui/shared/audit'
import { memberFields } from '@qihui/shared/member'

type Finding = NonNullable<AuditVerification['finding']>

export const outcomes: Readonly<Record<AuditEntry['outcome'], { readonly text: string; readonly tone: 'good' | 'bad' | 'calm' }>> = {
  shown: { text: '已显示', tone: 'calm' },
  done: { text: '已完成', tone: 'good' },
  refused: { text: '已拒绝', tone: 'bad' },
  absent: { text: '无此资料', tone: 'calm' },
}

const findings: Readonly<Record<Finding['kind'], (finding: Finding) => string>> = {
  entryMissing: ({ day, seq }) => `${day} 的第 ${seq} 条记录被删除`,
  entryChanged: ({ day, seq }) => `${day} 的第 ${seq} 条记录被修改，或次序被调换`,
  sealMissing: ({ day, seq }) => `${day} 从第 ${seq} 条起有记录和校验值被删除`,
  headBroken: ({ day, seq }) => `${day} 的记录被截断：曾签名确认至少有 ${seq} 条`,
  dayMissing: ({ day, seq }) => `${day} 的全部记录消失：曾签名确认至少有 ${seq} 条`,
  headForged: ({ day }) => (day === '' ? '导出的签名文件里有无法识别的内容' : `${day} 的签名不是本系统签发的`),
  unsealed: ({ day, seq }) => `从 ${day} 起有 ${seq} 条记录没有进入校验链`,
}

/** What a look at the chain found first, in words. */
export function findingText(finding: Finding): string {
  return findings[finding.kind](finding)
}

const kinds: Readonly<Record<string, string>> = { staff: '员工', integration: '业务系统', member: '会员本人', system: '系统' }

/** `员工 李静`, `系统`. */
export function actorText({ actorKind, actorName }: AuditEntry): string {
  const kind = kinds[actorKind] ?? actorKind
  return actorKind === 'member' || actorKind === 'system' ? kind : `${kind} ${actorName}`
}

const subjects: Readonly<Record<string, string>> = { apiKey: '接口密钥', approval: '审批单', audit: '审计日志', channel: '渠道', day: '日期', form: '登记表', job: '任务', policy: '隐私政策' }

/** `渠道 01a2…` of `channel:01a2…`; ids of customers as they are. */
export function subjectText({ subject }: Pick<AuditEntry, 'subject'>): string {
  const [kind = '', id] = subject.split(/:(.*)/s)
  const word = subjects[kind]
  return id === undefined || word === undefined ? subject : `${word} ${id}`
}

const labels: Readonly<Record<string, string>> = Object.fromEntries(Object.values(memberFields).map(({ key, label }) => [key, label]))

/** Labels of catalogued fields; other marks of an entry as they are. */
export function fieldsText({ fields }: AuditEntry): string {
  return fields.map((field) => labels[field] ?? field).join('、')
}
