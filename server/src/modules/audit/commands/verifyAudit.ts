import { canonicalRecord, isPurgeable, type AuditFinding } from '@qihui/shared/audit'
import { chainStart, type AuditChain } from '../../../security/auditChain.ts'
import { newId } from '../../../security/newId.ts'
import type { Services } from '../../../services.ts'
import { boundRecord, type BoundRow } from '../boundRecord.ts'
import type { CopiedHead, HeadStore } from '../headStore.ts'
import { insertVerification, selectChainPart, selectForgotten, selectLinks, selectPurges, selectSealedDays, selectSignedHeads } from '../tables.ts'

/** Rows read at a time: memory stays the same whatever the length of the chain. */
const partSize = 20_000
/** The sealer needs seconds; after this long a row without a seal is a finding. */
const sealingGraceMs = 10 * 60_000

interface ChainRow extends BoundRow {
  readonly seq: number
  readonly hash: Buffer
  readonly day: string | null
}
interface HeadRow {
  readonly day: string
  readonly seq: number
  readonly hash: Buffer
  readonly signed_at: string
  readonly signature: Buffer
}

/** What a look at the whole chain found; no findings: every row is there, unchanged, in its order, and nothing was cut off. */
export interface AuditReport {
  readonly fromDay: string | null
  readonly toDay: string | null
  readonly entries: number
  readonly findings: readonly AuditFinding[]
}

type VerifyServices = Pick<Services, 'db' | 'now'>

/** One day's chain, link by link. After a broken link it goes on from the stored one, so that each finding is of its own making. */
async function verifyDay({ db }: VerifyServices, chain: AuditChain, day: string): Promise<{ readonly entries: number; readonly findings: AuditFinding[] }> {
  const findings: AuditFinding[] = []
  let previous: Buffer = chainStart
  let [expected, entries] = [1, 0]
  for (;;) {
    const rows = await db.run<ChainRow>(selectChainPart, [day, expected - 1, partSize])
    for (const row of rows) {
      const isGap = row.seq !== expected
      if (isGap) findings.push({ kind: 'sealMissing', day, seq: expected })
      if (row.day === null) findings.push({ kind: 'entryMissing', day, seq: row.seq })
      // The link before a gap is gone: this one cannot be told.
      else if (!isGap && (row.day !== day || !chain.link(previous, canonicalRecord(day, row.seq, boundRecord(row))).equals(row.hash))) findings.push({ kind: 'entryChanged', day, seq: row.seq })
      previous = row.hash
      expected = row.seq + 1
      entries += 1
    }
    if (rows.length < partSize) return { entries, findings }
  }
}

/** Heads that were signed once must still be links of the chain, in the database's own list and in the copies outside. */
async function verifyHeads({ db }: VerifyServices, chain: AuditChain, copies: readonly CopiedHead[], days: ReadonlySet<string>): Promise<AuditFinding[]> {
  const stored = (await db.run<HeadRow>(selectSignedHeads, [])).map((row): CopiedHead => ({ ...row, signedAt: row.signed_at }))
  const heads = [...stored, ...copies]
  const forged = heads.filter((head) => !chain.isSignedByUs(head, head.signature))
  const ours = heads.filter((head) => !forged.includes(head))
  const links = await db.run<{ day: string; seq: number; hash: Buffer }>(selectLinks, [ours.map(({ day }) => day), ours.map(({ seq }) => seq)])
  const hashOf = new Map(links.map(({ day, seq, hash }) => [`${day}|${seq}`, hash]))
  const purges = await db.run<{ day: string; purged_on: string }>(selectPurges, [])
  const purged = new Set(purges.filter(({ day, purged_on }) => isPurgeable(day, purged_on, 0)).map(({ day }) => day))
  const broken = ours.flatMap(({ day, seq, hash }): AuditFinding[] => {
    if (!days.has(day)) return purged.has(day) ? [] : [{ kind: 'dayMissing', day, seq }]
    return hashOf.get(`${day}|${seq}`)?.equals(hash) ? [] : [{ kind: 'headBroken', day, seq }]
  })
  return [...forged.map(({ day, seq }): AuditFinding => ({ kind: 'headForged', day, seq })), ...broken]
}

/** Looks at every link, every row and every signed head (R61, R98, P8). Reads only. */
export async function verifyAudit(services: VerifyServices, chain: AuditChain, store: HeadStore): Promise<AuditReport> {
  const days = (await services.db.run<{ day: string }>(selectSealedDays, [])).map(({ day }) => day)
  const findings: AuditFinding[] = []
  let entries = 0
  for (const day of days) {
    const result = await verifyDay(services, chain, day)
    entries += result.entries
    findings.push(...result.findings)
  }
  findings.push(...(await verifyHeads(services, chain, await store.read(), new Set(days))))
  const [forgotten] = await services.db.run<{ day: string; count: number }>(selectForgotten, [new Date(services.now().getTime() - sealingGraceMs).toISOString()])
  if (forgotten) findings.push({ kind: 'unsealed', day: forgotten.day, seq: forgotten.count })
  return { fromDay: days[0] ?? null, toDay: days.at(-1) ?? null, entries, findings }
}

/** A verification whose result is kept for the console, and shouted about when it is bad. @param askedBy a staff, or null: by the clock */
export async function verifyAndKeep(services: VerifyServices & Pick<Services, 'log'>, chain: AuditChain, store: HeadStore, askedBy: string | null): Promise<AuditReport> {
  const started = services.now()
  const clockStart = performance.now()
  const report = await verifyAudit(services, chain, store)
  const [finding] = report.findings
  const finished = new Date(started.getTime() + performance.now() - clockStart)
  await services.db.run(insertVerification, [newId(), started, finished, report.fromDay, report.toDay, report.entries, finding ? JSON.stringify(finding) : null, askedBy])
  if (finding) services.log.error({ alert: 'auditBroken', finding, findings: report.findings.length }, 'the audit is not whole')
  return report
}
