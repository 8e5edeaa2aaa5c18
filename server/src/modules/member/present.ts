import { maskValue, memberFields, type MemberSelf } from '@qihui/shared/member'
import { tierProgress, type HeldTier, type TierRules } from '@qihui/shared/tier'
import type { FieldCipher, Place } from '../../security/fieldCipher.ts'

/** A member as the person sees it, as stored. */
export interface MemberSelfRow {
  readonly member_id: string
  readonly member_no: string
  readonly growth_value: number
  readonly tier: HeldTier['tier']
  /** Local days, `YYYY-MM-DD`. */
  readonly review_on: string | null
  readonly grace_until: string | null
  readonly registered_at: Date
  readonly data_key_sealed: Buffer
  /** Null until a phone is known. */
  readonly phone_sealed: Buffer | null
  readonly held_at: Date | null
  readonly confirmed_at: Date | null
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

/** Where a member's answer to one field of a form rests. */
export function answerPlace(memberId: string, fieldKey: string): Place {
  return { table: 'member_answer', column: 'value_sealed', rowId: `${memberId}|${fieldKey}` }
}

/** The member's phone, masked as the catalogue says; null while none is known. */
export function maskedPhoneOf(cipher: FieldCipher, row: Pick<MemberSelfRow, 'member_id' | 'data_key_sealed' | 'phone_sealed'>): string | null {
  if (row.phone_sealed === null) return null
  const key = cipher.openDataKey(dataKeyPlace(row.member_id), row.data_key_sealed)
  return maskValue(memberFields.phone.mask, cipher.open(phonePlace(row.member_id), row.phone_sealed, key))
}

/** What the member centre shows besides the phone. */
export interface MemberSelfFacts {
  readonly memberId: string
  readonly memberNo: string
  readonly growthValue: number
  readonly held: HeldTier | null
  readonly registeredAt: string
  readonly isHeld: boolean
  readonly isConfirmed: boolean
  readonly adviserName: string | null
}

/** The member centre's view of a member. @param phoneMasked never the raw number @param rules the tier rules in force */
export function presentMemberSelf(facts: MemberSelfFacts, phoneMasked: string | null, { ladder }: TierRules): MemberSelf {
  const tier = tierProgress(facts.growthValue, facts.held, ladder)
  return {
    memberId: facts.memberId,
    memberNo: facts.memberNo,
    tier: { ...tier, benefits: [...tier.benefits] },
    phoneMasked,
    isHeld: facts.isHeld,
    isConfirmed: facts.isConfirmed,
    registeredAt: facts.registeredAt,
    adviser: facts.adviserName === null ? null : { name: facts.adviserName },
  }
}

/** The same from a stored row. */
export function presentStoredMember(cipher: FieldCipher, row: MemberSelfRow, rules: TierRules): MemberSelf {
  const facts = {
    memberId: row.member_id,
    memberNo: row.member_no,
    growthValue: row.growth_value,
    held: { tier: row.tier, reviewOn: row.review_on, graceUntil: row.grace_until },
    registeredAt: row.registered_at.toISOString(),
    isHeld: row.held_at !== null,
    isConfirmed: row.confirmed_at !== null,
    adviserName: row.adviser_name,
  }
  return presentMemberSelf(facts, maskedPhoneOf(cipher, row), rules)
}
