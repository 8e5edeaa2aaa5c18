import { accessPurpose, auditActionTitle, type AuditEntry, type AuditVerification, type exportAuditEntries, type getAuditVerification, type listAccessLog, type listAuditEntries } from '@qihui/shared/audit'
import { AppError } from '@qihui/shared/errors'
import type { BodyOf, QueryOf, ResponseOf } from '@qihui/shared/http'
import { memberFields } from '@qihui/shared/member'
import { addDays, monthsBefore, startOfDay } from '@qihui/shared/tier'
import { stringify } from 'csv-stringify/sync'
import type { MemberActor, StaffActor } from '../../http/actor.ts'
import type { Services } from '../../services.ts'
import { sessionIdentifiers } from '../member/sessionIdentifiers.ts'
import { selectAccesses, selectAuditEntries, selectIsMember } from './listTables.ts'
import { auditActorOf, recordAudit } from './steps.ts'
import { selectEarliestDay, selectLatestVerification } from './tables.ts'

const pageSize = 50
const maxExported = 10_000
/** What a member is shown: the floor every deployment keeps. */
const accessMonths = 6
const maxAccesses = 100

type Filter = Omit<QueryOf<typeof listAuditEntries>, 'cursor'>
interface EntryRow {
  readonly audit_entry_id: string
  readonly at: Date
  readonly at_micros: string
  readonly actor_kind: string
  readonly actor_name: string
  readonly action: string
  readonly subject: string
  readonly member_no: string | null
  readonly fields: string[]
  readonly outcome: AuditEntry['outcome']
  readonly is_sealed: boolean
}

function presentEntry(row: EntryRow): AuditEntry {
  return {
    auditEntryId: row.audit_entry_id,
    at: row.at.toISOString(),
    actorKind: row.actor_kind,
    actorName: row.actor_name,
    action: row.action,
    subject: row.subject,
    memberNo: row.member_no,
    fields: row.fields,
    outcome: row.outcome,
    isSealed: row.is_sealed,
  }
}

function selectPage({ db }: Pick<Services, 'db'>, filter: Filter, cursor: string | undefined, limit: number): Promise<EntryRow[]> {
  const [micros, id] = cursor?.split('_') ?? []
  const { staffUserId, memberNo, action, day } = filter
  return db.run<EntryRow>(selectAuditEntries, [
    staffUserId ?? null, memberNo ?? null, action ?? null, day ? startOfDay(day) : null, day ? startOfDay(addDays(day, 1)) : null, micros ?? null, id ?? null, limit,
  ])
}

/** One page of the audit, newest first (R61). */
export async function listEntries(services: Pick<Services, 'db'>, { cursor, ...filter }: QueryOf<typeof listAuditEntries>): Promise<ResponseOf<typeof listAuditEntries>> {
  const rows = await selectPage(services, filter, cursor, pageSize + 1)
  const shown = rows.slice(0, pageSize)
  const last = rows.length > pageSize ? shown.at(-1) : undefined
  return { entries: shown.map(presentEntry), nextCursor: last ? `${last.at_micros}_${last.audit_entry_id}` : null }
}

/** The same as CSV; that somebody took it away is itself an entry, written first. */
export async function exportEntries(services: Pick<Services, 'db' | 'now'>, actor: StaffActor, filter: BodyOf<typeof exportAuditEntries>, requestId: string): Promise<ResponseOf<typeof exportAuditEntries>> {
  const at = services.now()
  await recordAudit(services.db, { at, actor: auditActorOf(actor), action: 'audit.export', subject: `audit:${filter.day ?? 'all'}`, fields: Object.keys(filter).sort(), requestId })
  const rows = await selectPage(services, filter, undefined, maxExported + 1)
  const lines = rows.slice(0, maxExported).map((row) => [
    row.at.toISOString(), row.actor_kind, row.actor_name, row.action, auditActionTitle(row.action), row.subject, row.member_no ?? '', row.fields.join(' '), row.outcome, row.is_sealed ? '是' : '否',
  ])
  // A cell that begins like a formula gets an apostrophe in front: spreadsheets would run it (ASVS 1.2.10).
  const csv = stringify(lines, { header: true, bom: true, escape_formulas: true, columns: ['时间', '操作方', '操作人', '操作代码', '操作', '对象', '会员号', '字段', '结果', '已入链'] })
  return { fileName: `audit-${filter.day ?? at.toISOString().slice(0, 10)}.csv`, csv, rows: lines.length, isTruncated: rows.length > maxExported }
}

interface VerificationRow {
  readonly verification_id: string
  readonly started_at: Date
  readonly finished_at: Date
  readonly from_day: string | null
  readonly to_day: string | null
  readonly entries: number
  readonly finding: AuditVerification['finding']
}

/** The newest result of a look at the whole chain, for the badge. */
export async function getLatestVerification({ db, env }: Pick<Services, 'db' | 'env'>): Promise<ResponseOf<typeof getAuditVerification>> {
  const [row] = await db.run<VerificationRow>(selectLatestVerification, [])
  const [earliest] = await db.run<{ day: string | null }>(selectEarliestDay, [])
  const latest = row && {
    verificationId: row.verification_id,
    startedAt: row.started_at.toISOString(),
    finishedAt: row.finished_at.toISOString(),
    fromDay: row.from_day,
    toDay: row.to_day,
    entries: row.entries,
    finding: row.finding,
  }
  return { latest: latest ?? null, retentionMonths: env.auditRetentionMonths, earliestDay: earliest?.day ?? null }
}

const labels: Readonly<Record<string, string>> = Object.fromEntries(Object.values(memberFields).map(({ key, label }) => [key, label]))

/** Role words instead of names: members learn that somebody looked, employees keep their privacy. */
function roleOf(actorKind: string, isServing: boolean): string {
  if (actorKind === 'integration') return '已接入的业务系统'
  return isServing ? '服务您的员工' : '企业管理人员'
}

/** Who looked at the member's data in the last six months (PIPL 44, 45). @throws AppError `member.notFound` */
export async function listAccesses({ db, env, now }: Pick<Services, 'db' | 'env' | 'now'>, actor: MemberActor): Promise<ResponseOf<typeof listAccessLog>> {
  const identifiers = sessionIdentifiers(env, actor)
  const session = [identifiers.map(({ namespace }) => namespace), identifiers.map(({ value }) => value)]
  const [self] = await db.run<{ is_member: boolean }>(selectIsMember, session)
  if (self?.is_member !== true) throw new AppError('member.notFound')
  const since = monthsBefore(now().toISOString(), accessMonths)
  const rows = await db.run<{ at: Date; actor_kind: string; action: string; fields: string[]; is_serving: boolean }>(selectAccesses, [...session, since, maxAccesses])
  return {
    accesses: rows.map((row) => ({
      at: row.at.toISOString(),
      role: roleOf(row.actor_kind, row.is_serving),
      purpose: accessPurpose(row.action),
      fields: row.fields.flatMap((key) => labels[key] ?? []),
    })),
  }
}
