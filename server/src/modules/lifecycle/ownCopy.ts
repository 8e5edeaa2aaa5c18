import { stringify } from 'csv-stringify/sync'
import type { MemberActor } from '../../http/actor.ts'
import type { Services } from '../../services.ts'
import { getOwnData, requireOwnMember } from './ownData.ts'
import { selectOwnCopy } from './ownTables.ts'

/** What a person takes away: a file as text. */
export interface OwnCopy {
  readonly fileName: string
  readonly mediaType: string
  readonly content: string
}

type Records = Readonly<Record<'growth' | 'consents' | 'timeline' | 'messages' | 'looks', readonly Readonly<Record<string, unknown>>[]>>

const recordLabels: Readonly<Record<keyof Records, string>> = { growth: '成长值明细', consents: '同意记录', timeline: '互动记录', messages: '发给您的消息', looks: '员工查看记录' }

/** A spreadsheet opens the file: what begins like a formula is kept text (ASVS 1.2.10). */
function csvOf(rows: readonly (readonly string[])[]): string {
  return stringify([...rows.map((row) => [...row])], { bom: true, escape_formulas: true, record_delimiter: 'windows' })
}

/** A copy of everything, for the person themselves (PIPL 45): JSON to move it, CSV to read it. @throws AppError `member.notFound` */
export async function exportOwnData(services: Pick<Services, 'db' | 'env' | 'cipher' | 'now' | 'forms'>, actor: MemberActor, format: 'json' | 'csv'): Promise<OwnCopy> {
  const { fields } = await getOwnData(services, actor)
  const member = await requireOwnMember(services, actor)
  const [records] = await services.db.run<Records>(selectOwnCopy, [member.person_id, member.member_id])
  const exportedAt = services.now().toISOString()
  const fileName = `member-data-${exportedAt.slice(0, 10)}.${format}`
  if (format === 'json') return { fileName, mediaType: 'application/json', content: JSON.stringify({ exportedAt, fields, records }, null, 2) }
  const recordRows = (Object.keys(recordLabels) as (keyof Records)[]).flatMap((kind) =>
    (records?.[kind] ?? []).map((record) => [recordLabels[kind], Object.values(record).map((value) => (value === null ? '' : String(value))).join(' / '), '', '', '']))
  const rows = [['项目', '内容', '用途', '来源', '保存期限'], ...fields.map(({ label, value, purpose, source, retention }) => [label, value, purpose, source, retention]), ...recordRows]
  return { fileName, mediaType: 'text/csv', content: csvOf(rows) }
}
