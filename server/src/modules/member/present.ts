import { maskValue, memberFields, type MemberSelf } from '@qihui/shared/member'
import { tierProgress } from '@qihui/shared/tier'
import type { FieldCipher, Place } from '../../security/fieldCipher.ts'

/** A member as the person sees it, as stored. */
export interface MemberSelfRow {
  readonly member_id: string
  readonly member_no: string
  readonly growth_value: number
  readonly registered_at: Date
  readonly data_key_sealed: Buffer
  readonly phone_sealed: Buffer
  readonly adviser_name: string | null
}

/** Where the key of one member's fields rests. */
export function dataKeyPlace(memberId: string): Place {
  return { table: 'member', column: 'data_key_sealed', rowId: memberId }
}

/** Where a member's phone rests. */
export function phonePlace(memberId: string): Place {
  return { table: 'member', column: 'phone_sealed', rowId: memberId }
}

/** The member's phone, masked as the catalogue says. */
export function maskedPhoneOf(cipher: FieldCipher, row: Pick<MemberSelfRow, 'member_id' | 'data_key_sealed' | 'phone_sealed'>): string {
  const key = cipher.openDataKey(dataKeyPlace(row.member_id), row.data_key_sealed)
  return maskValue(memberFields.phone.mask, cipher.open(phonePlace(row.member_id), row.phone_sealed, key))
}

/** The member centre's view of a member. */
export function presentMemberSelf(cipher: FieldCipher, row: MemberSelfRow): MemberSelf {
  const tier = tierProgress(row.growth_value)
  return {
    memberId: row.member_id,
    memberNo: row.member_no,
    tier: { ...tier, benefits: [...tier.benefits] },
    phoneMasked: maskedPhoneOf(cipher, row),
    registeredAt: row.registered_at.toISOString(),
    adviser: row.adviser_name === null ? null : { name: row.adviser_name },
  }
}
