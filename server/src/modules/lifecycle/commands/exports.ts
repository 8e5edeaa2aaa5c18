import { createHmac } from 'node:crypto'
import { AppError } from '@qihui/shared/errors'
import type { DeidentifiedExport } from '@qihui/shared/lifecycle'
import type { StaffActor } from '../../../http/actor.ts'
import { newId } from '../../../security/newId.ts'
import { pooledRandomBytes } from '../../../security/randomPool.ts'
import type { Services } from '../../../services.ts'
import { insertAudit } from '../erasureTables.ts'
import { countExport, insertExport, openExport, selectExportCounts, selectExportPage } from '../exportTables.ts'
import { exportKeyPlace, presentExport, type ExportRow } from '../present.ts'

/** Groups of fewer people are left out: they could be recognised (k-anonymity). */
const smallestGroup = 5
/** How long the same pseudonyms can be made again, milliseconds (R66). */
const exportTtlMs = 7 * 86_400_000
const pageSize = 5_000
const beforeTheFirst = '00000000-0000-0000-0000-000000000000'

/** Opens a pseudonymised export: a key of its own, so that two exports cannot be joined. Audited. */
export async function createExport({ db, now, cipher }: Pick<Services, 'db' | 'now' | 'cipher'>, actor: StaffActor, purpose: string, requestId: string): Promise<DeidentifiedExport> {
  const at = now()
  const exportId = newId()
  const key = cipher.seal(exportKeyPlace(exportId), pooledRandomBytes(32).toString('base64'))
  return db.transaction(async (tx) => {
    const [row] = await tx.run<ExportRow>(insertExport, [exportId, purpose, actor.staffUserId, at, new Date(at.getTime() + exportTtlMs), key, smallestGroup])
    await tx.run(insertAudit, [newId(), at, 'staff', actor.staffUserId, 'deidentifiedExport.created', `deidentifiedExport:${exportId}`, [], requestId])
    if (row === undefined) throw new AppError('server.internal')
    return presentExport(row, at)
  })
}

/** One line of the file; coarse values and a pseudonym, nothing that leads to a person. */
export interface ExportLine {
  readonly pseudonym: string
  readonly tier: string
  readonly joined: string
  readonly channelKind: string
  readonly activity: string
  readonly growth: string
}

interface PageRow extends Omit<ExportLine, 'pseudonym' | 'channelKind'> {
  readonly member_id: string
  readonly channel_kind: string
}

/**
 * The lines of an open export, a page at a time. The download is audited before the first line leaves. @throws AppError `request.notFound` when it has run out
 */
export async function downloadExport({ db, now, cipher }: Pick<Services, 'db' | 'now' | 'cipher'>, actor: StaffActor, exportId: string, requestId: string): Promise<AsyncIterable<ExportLine>> {
  const at = now()
  const key = await db.transaction(async (tx) => {
    const [row] = await tx.run<ExportRow>(openExport, [exportId, at])
    if (row === undefined || row.key_sealed === null) throw new AppError('request.notFound', '该导出已过期，请重新导出')
    await tx.run(insertAudit, [newId(), at, 'staff', actor.staffUserId, 'deidentifiedExport.downloaded', `deidentifiedExport:${exportId}`, [], requestId])
    const [counts] = await tx.run<{ kept: number; suppressed: number }>(selectExportCounts, [at, row.k])
    await tx.run(countExport, [exportId, counts?.kept ?? 0, counts?.suppressed ?? 0])
    return { secret: Buffer.from(cipher.open(exportKeyPlace(exportId), row.key_sealed), 'base64'), k: row.k }
  })
  async function* lines(): AsyncIterable<ExportLine> {
    for (let after = beforeTheFirst; ; ) {
      const page = await db.run<PageRow>(selectExportPage, [at, key.k, after, pageSize])
      for (const { member_id: memberId, channel_kind: channelKind, tier, joined, activity, growth } of page) {
        yield { pseudonym: createHmac('sha256', key.secret).update(memberId).digest('hex').slice(0, 32), tier, joined, channelKind, activity, growth }
      }
      const last = page.at(-1)
      if (last === undefined) return
      after = last.member_id
    }
  }
  return lines()
}
