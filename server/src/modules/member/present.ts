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

/** What the member centre shows besides the phone. */
export interface MemberSelfFacts {
  readonly memberId: string
  readonly memberNo: string
  readonly growthValue: number
  readonly registeredAt: string
  readonly adviserName: string | null
}

/** The member centre's view of a member. @param phoneMasked never the raw number */
export function presentMemberSelf(facts: MemberSelfFacts, phoneMasked: string): MemberSelf {
  const tier = tierProgress(facts.growthValue)
  return {
    memberId: facts.memberId,
    memberNo: facts.memberNo,
    tier: { ...tier, benefits: [...tier.benefits] },
    phoneMasked,
    registeredAt: facts.registeredAt,
    adviser: facts.adviserName === null ? null : { name: facts.adviserName },
  }
}

/** The same from a stored row. */
export function presentStoredMember(cipher: FieldCipher, row: MemberSelfRow): MemberSelf {
  const facts = {
    memberId: row.member_id,
    memberNo: row.member_no,
    growthValue: row.growth_value,
    registeredAt: row.registered_at.toISOString(),
    adviserName: row.adviser_name,
  }
  return presentMemberSelf(facts, maskedPhoneOf(cipher, row))
}
