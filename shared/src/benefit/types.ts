import type { TierCode } from '../tier/types.ts'

/** What becomes of a benefit when it unlocks: a promise, a rep of one's own, a place at the front, or money off. */
export type BenefitKind = 'service' | 'adviser' | 'priority' | 'coupon'

/** The terms of a coupon. Money in fen. */
export interface CouponTerms {
  readonly amountFen: number
  /** Least an order has to come to; 0 for any. */
  readonly thresholdFen: number
  /** Full local days after the day it is given. */
  readonly validDays: number
  /** It is not given again within so many months, whatever periods begin meanwhile. */
  readonly repeatMonths: number
}

/** The day of a tier's period on which a benefit unlocks; 0 is the day the period begins. */
export interface BenefitUnlock {
  readonly tier: TierCode
  readonly day: number
}

/** One benefit as a version of the rules defines it. */
export interface Benefit {
  /** Stable: grants refer to it. */
  readonly code: string
  readonly kind: BenefitKind
  readonly name: string
  readonly description: string
  /** The tiers that carry it, each at most once. */
  readonly unlocks: readonly BenefitUnlock[]
  /** With kind `coupon` only. */
  readonly coupon?: CouponTerms
}

/** One version of the benefits (R97). */
export interface BenefitRules {
  readonly version: string
  /** The first instant these rules decide, ISO 8601. */
  readonly effectiveFrom: string
  /** In the order people read them. */
  readonly benefits: readonly Benefit[]
}

/** The stretch of a tier that unlocks are counted from: begins with the tier, with each review that is passed and with the end of a grace. */
export interface BenefitPeriod {
  readonly tier: TierCode
  /** Local day, `YYYY-MM-DD`. */
  readonly startedOn: string
}

/** What a member was given. */
export interface BenefitGrant {
  readonly benefit: string
  /** Local day the period began it was given in. */
  readonly periodOn: string
  /** Local day it was given. */
  readonly grantedOn: string
  /** The tier no longer carried it. */
  readonly isEnded: boolean
}
