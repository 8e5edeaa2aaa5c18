import { maxCorpTags, nextTagReview, type getTagLibrary as getTagLibraryContract, type getTagReview as getTagReviewContract, type listCorpTags as listCorpTagsContract } from '@qihui/shared/corp-tag'
import type { ResponseOf } from '@qihui/shared/http'
import type { Services } from '../../services.ts'
import { selectHandEdits, selectReviewRows, selectReviewRun } from './pairTables.ts'
import { maskedContactName, presentGroups, presentLibraryChange, presentReviewRow, type LibraryChangeRow, type LibraryGroupRow, type ReviewRow } from './present.ts'
import { selectLibrary, selectLibraryChanges, selectLibraryView } from './tables.ts'

type Library = ResponseOf<typeof listCorpTagsContract>

/** The tag library as a rep chooses from it, from our copy. */
export async function listCorpTags({ db }: Pick<Services, 'db'>): Promise<Library> {
  const rows = await db.run<{ group_id: string; name: string; tags: Library['groups'][number]['tags'] }>(selectLibrary, [])
  return { groups: rows.map((row) => ({ groupId: row.group_id, name: row.name, tags: row.tags })) }
}

/** The tag library as an operator keeps it: whose, how many carry it, what is on its way. From our copy. */
export async function getTagLibrary({ db }: Pick<Services, 'db'>): Promise<ResponseOf<typeof getTagLibraryContract>> {
  const groups = presentGroups(await db.run<LibraryGroupRow>(selectLibraryView, []))
  const changes = await db.run<LibraryChangeRow>(selectLibraryChanges, [])
  return { groups, changes: changes.map(presentLibraryChange), tagCount: groups.reduce((sum, group) => sum + group.tags.length, 0), maxTags: maxCorpTags }
}

interface RunRow {
  readonly started_at: Date
  readonly reviewed: number
  readonly total: number
  readonly differed: number
}
interface HandEditRow {
  readonly at: Date
  readonly external_user_id: string
  readonly staff_name: string
  readonly added_names: string[]
  readonly removed_names: string[]
  readonly name_sealed: Buffer
  readonly data_key_sealed: Buffer
}

/** What the looks at all pairs found, and what hands changed. Names of customers are masked. */
export async function getTagReview({ db, now, cipher }: Pick<Services, 'db' | 'now' | 'cipher'>): Promise<ResponseOf<typeof getTagReviewContract>> {
  const [run] = await db.run<RunRow>(selectReviewRun, [])
  const rows = await db.run<ReviewRow>(selectReviewRows, [])
  const edits = await db.run<HandEditRow>(selectHandEdits, [])
  return {
    nextAt: nextTagReview(now().toISOString()),
    run: run === undefined ? null : { startedAt: run.started_at.toISOString(), reviewed: run.reviewed, total: run.total, differed: run.differed },
    staff: rows.map(presentReviewRow),
    handEdits: edits.map((row) => ({ at: row.at.toISOString(), staffName: row.staff_name, customerName: maskedContactName(cipher, row), added: row.added_names, removed: row.removed_names })),
  }
}
