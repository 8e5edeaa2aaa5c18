import type { FieldCipher } from '../../security/fieldCipher.ts'
import { contactKeyPlace, contactNamePlace, remarkPlace } from './places.ts'
import type { PairFacts } from './types.ts'

/** One pair as the mirror has it. */
export interface MirroredPair {
  readonly external_user_id: string
  readonly staff_user_id: string
  readonly added_at: Date
  readonly tag_ids: readonly string[]
  readonly state: string | null
  readonly remark_sealed: Buffer | null
  readonly ended_at: Date | null
  readonly ended_by: string | null
  readonly union_id: string | null
  readonly avatar_url: string | null
  readonly data_key_sealed: Buffer
  readonly name_sealed: Buffer
}

function hasSameTexts({ contact, followUser }: PairFacts, mirrored: MirroredPair, cipher: FieldCipher): boolean {
  const { externalUserId } = contact
  const key = cipher.openDataKey(contactKeyPlace(externalUserId), mirrored.data_key_sealed)
  if (cipher.open(contactNamePlace(externalUserId), mirrored.name_sealed, key) !== contact.name) return false
  const remark = mirrored.remark_sealed && cipher.open(remarkPlace(externalUserId, followUser.staffUserId), mirrored.remark_sealed, key)
  return (remark ?? '') === followUser.remark
}

function hasSameTags(listed: readonly string[], mirrored: readonly string[]): boolean {
  return listed.length === mirrored.length && listed.every((tagId) => mirrored.includes(tagId))
}

/**
 * Whether the mirror has to be brought up to date for a pair WeCom lists (P3).
 * A relation the customer ended goes on being listed (platform 4.2): that alone is no difference.
 */
export function pairDiffers(listed: PairFacts, mirrored: MirroredPair | undefined, cipher: FieldCipher): boolean {
  const { contact, followUser } = listed
  if (mirrored === undefined || mirrored.added_at.getTime() !== followUser.addedAt.getTime()) return true
  if (mirrored.ended_at !== null) return mirrored.ended_by === null
  if (contact.unionId !== null && contact.unionId !== mirrored.union_id) return true
  if (contact.avatarUrl !== mirrored.avatar_url || followUser.state !== mirrored.state) return true
  return !hasSameTags(followUser.tagIds, mirrored.tag_ids) || !hasSameTexts(listed, mirrored, cipher)
}
