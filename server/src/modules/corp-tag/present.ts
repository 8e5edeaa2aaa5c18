import type { AskedTagChange, CorpTagChange, LibraryGroup, LibraryTag, TagReviewRow } from '@qihui/shared/corp-tag'
import { managedGroupNames } from '@qihui/shared/corp-tag'
import { maskValue, memberFields } from '@qihui/shared/member'
import { SealBrokenError, type FieldCipher } from '../../security/fieldCipher.ts'
import { contactKeyPlace, contactNamePlace } from '../contact/places.ts'

type LatestChange = LibraryTag['change']

/** A group of the library as stored, with its tags in order. */
export interface LibraryGroupRow {
  readonly group_id: string
  readonly name: string
  readonly is_ours: boolean
  readonly change: LatestChange
  readonly tags: readonly { readonly tagId: string; readonly name: string; readonly isManaged: boolean; readonly isOurs: boolean; readonly customers: number; readonly change: LatestChange }[]
}

function originOf(isManaged: boolean, isOurs: boolean): LibraryTag['origin'] {
  if (isManaged) return 'managed'
  return isOurs ? 'app' : 'elsewhere'
}

/** PostgreSQL writes instants into JSON in its own way. */
function presentChange(change: LatestChange): LatestChange {
  return change && { ...change, at: new Date(change.at).toISOString() }
}

const managedNames: readonly string[] = Object.values(managedGroupNames)

/** The library with whose each part is (platform 5). A group of ours that holds a tag of the system is the system's. */
export function presentGroups(rows: readonly LibraryGroupRow[]): LibraryGroup[] {
  return rows.map((row) => ({
    groupId: row.group_id,
    name: row.name,
    origin: originOf(managedNames.includes(row.name) || row.tags.some((tag) => tag.isManaged), row.is_ours),
    change: presentChange(row.change),
    tags: row.tags.map(({ tagId, name, isManaged, isOurs, customers, change }) => ({ tagId, name, origin: originOf(isManaged, isOurs), customers, change: presentChange(change) })),
  }))
}

/** A change in words, with the names of that day. */
export function summaryOf(library: readonly LibraryGroup[], change: CorpTagChange): string {
  const groupName = (groupId: string): string => library.find((group) => group.groupId === groupId)?.name ?? ''
  const named = (id: string): string => {
    const tag = library.flatMap((group) => group.tags).find(({ tagId }) => tagId === id)
    return tag ? `标签“${tag.name}”` : `标签组“${groupName(id)}”`
  }
  switch (change.kind) {
    case 'createGroup':
      return `新建标签组“${change.name}”：${change.tagNames.join('、')}`
    case 'createTags':
      return `在“${groupName(change.groupId)}”新建标签：${change.tagNames.join('、')}`
    case 'rename':
      return `${named(change.id)}改名为“${change.name}”`
    case 'reorder':
      return `调整“${groupName(change.groupId)}”的标签顺序`
    case 'delete':
      return `删除${named(change.id)}`
  }
}

/** A change as stored. */
export interface LibraryChangeRow {
  readonly change_id: string
  readonly summary: string
  readonly state: AskedTagChange['state']
  readonly failure: string | null
  readonly created_by: string
  readonly created_at: Date
}

/** A change as the console shows it. */
export function presentLibraryChange(row: LibraryChangeRow): AskedTagChange {
  return { changeId: row.change_id, summary: row.summary, state: row.state, failure: row.failure, createdBy: row.created_by, createdAt: row.created_at.toISOString() }
}

/** One employee of the report, as stored. */
export interface ReviewRow {
  readonly staff_user_id: string
  readonly name: string
  readonly at: Date | null
  readonly checked: number
  readonly differed: number
  readonly hand_edits: number
  readonly since: number
  readonly last_at: Date | null
}

/** One employee of the report. */
export function presentReviewRow(row: ReviewRow): TagReviewRow {
  return {
    staffUserId: row.staff_user_id,
    name: row.name,
    reviewedAt: row.at?.toISOString() ?? null,
    checked: row.checked,
    differed: row.differed,
    handEdits: row.hand_edits,
    handEditsSince: row.since,
    lastHandEditAt: row.last_at?.toISOString() ?? null,
  }
}

/** A customer's name as somebody sees it who does not serve them (R60); a name whose key is gone with an erasure is only said to be gone. */
export function maskedContactName(cipher: FieldCipher, row: { readonly external_user_id: string; readonly data_key_sealed: Buffer; readonly name_sealed: Buffer }): string {
  try {
    const key = cipher.openDataKey(contactKeyPlace(row.external_user_id), row.data_key_sealed)
    return maskValue(memberFields.contactName.mask, cipher.open(contactNamePlace(row.external_user_id), row.name_sealed, key))
  } catch (error) {
    if (error instanceof SealBrokenError) return '已删除的客户'
    throw error
  }
}
