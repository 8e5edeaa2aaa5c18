import { couponLastDay, couponState, couponWords, showCouponCode, type Benefit, type BenefitStanding, type getOwnBenefits } from '@qihui/shared/benefit'
import type { ResponseOf } from '@qihui/shared/http'
import type { FieldCipher } from '../../security/fieldCipher.ts'
import { couponCodePlace } from './steps.ts'

type OwnBenefits = ResponseOf<typeof getOwnBenefits>

const wireBenefit = ({ code, kind, name, description }: Benefit) => ({ code, kind, name, description })

/**
 * What is in effect and what comes next. What is due counts as in effect from its day: it is given within the hour. A coupon is shown
 * with its code, not among what is in effect.
 */
export function presentStanding({ held, due, next }: BenefitStanding): Pick<OwnBenefits, 'held' | 'next'> {
  const inEffect = [
    ...held.map(({ benefit, since }) => ({ ...wireBenefit(benefit), since })),
    ...due.filter(({ benefit }) => benefit.kind !== 'coupon').map(({ benefit, unlocksOn }) => ({ ...wireBenefit(benefit), since: unlocksOn })),
  ]
  return { held: inEffect, next: next.map(({ benefit, unlocksOn }) => ({ ...wireBenefit(benefit), unlocksOn })) }
}

/** A coupon as stored. */
export interface CouponRow {
  readonly coupon_id: string
  readonly code_sealed: Buffer
  readonly name: string
  readonly amount_fen: number
  readonly threshold_fen: number
  readonly expires_at: Date
  readonly redeemed_at: Date | null
}

/** A coupon for the person it belongs to: the code leaves only while it can be used. */
export function presentCoupon(cipher: FieldCipher, row: CouponRow, at: string): OwnBenefits['coupons'][number] {
  const state = couponState(row.redeemed_at?.toISOString() ?? null, row.expires_at.toISOString(), at)
  return {
    couponId: row.coupon_id,
    name: row.name,
    terms: couponWords(row.amount_fen, row.threshold_fen),
    amountFen: row.amount_fen,
    thresholdFen: row.threshold_fen,
    state,
    lastDay: couponLastDay(row.expires_at.toISOString()),
    usedAt: row.redeemed_at?.toISOString() ?? null,
    code: state === 'unused' ? showCouponCode(cipher.open(couponCodePlace(row.coupon_id), row.code_sealed)) : null,
  }
}
