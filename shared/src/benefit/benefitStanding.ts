import { addDays, addMonths } from '../tier/calendar.ts'
import { unlockDay } from './rules.ts'
import type { Benefit, BenefitGrant, BenefitPeriod, BenefitRules } from './types.ts'

/** Where a member stands with the benefits of their tier on one local day. */
export interface BenefitStanding {
  /** Given and in effect; coupons are not among them, they live by their own days. */
  readonly held: readonly { readonly benefit: Benefit; readonly since: string }[]
  /** To be given now. */
  readonly due: readonly { readonly benefit: Benefit; readonly unlocksOn: string }[]
  /** Steps of this period that are still to come, soonest first. */
  readonly next: readonly { readonly benefit: Benefit; readonly unlocksOn: string }[]
  /** Codes in effect that the tier no longer carries: to be ended now. */
  readonly ending: readonly string[]
}

/** A coupon is given once per period, and not again while the months of the last one run. */
function isCouponSpent({ code, coupon }: Benefit, period: BenefitPeriod, day: string, grants: readonly BenefitGrant[]): boolean {
  const months = coupon?.repeatMonths ?? 0
  return grants.some(({ benefit, periodOn, grantedOn }) => benefit === code && (periodOn === period.startedOn || day < addMonths(grantedOn, months)))
}

/**
 * The unlock rule (R52; domain rules b 4): what a member has, what unlocks now, what comes next. Pure. A benefit in effect is carried into
 * a new period without waiting for its day again; only what the tier of the period does not carry ends. Grace is the tier still held.
 * @param today local day, `YYYY-MM-DD`
 * @param grants everything the member was ever given
 */
export function benefitStanding(rules: BenefitRules, period: BenefitPeriod, today: string, grants: readonly BenefitGrant[]): BenefitStanding {
  const open = grants.filter(({ isEnded }) => !isEnded)
  const steps = rules.benefits.flatMap((benefit) => {
    const day = unlockDay(benefit, period.tier)
    return day === null ? [] : [{ benefit, unlocksOn: addDays(period.startedOn, day) }]
  })
  const sinceOf = ({ code }: Benefit) => open.filter(({ benefit }) => benefit === code).map(({ grantedOn }) => grantedOn).sort()[0]
  const held = steps.flatMap(({ benefit }) => {
    const since = sinceOf(benefit)
    return benefit.kind === 'coupon' || since === undefined ? [] : [{ benefit, since }]
  })
  const later = (day: string) => (today < day ? day : today)
  const missing = steps.filter(({ benefit, unlocksOn }) =>
    benefit.kind === 'coupon' ? !isCouponSpent(benefit, period, later(unlocksOn), grants) : sinceOf(benefit) === undefined,
  )
  const carried = new Set(steps.map(({ benefit }) => benefit.code))
  return {
    held,
    due: missing.filter(({ unlocksOn }) => unlocksOn <= today),
    next: missing.filter(({ unlocksOn }) => unlocksOn > today).sort((a, b) => (a.unlocksOn < b.unlocksOn ? -1 : a.unlocksOn > b.unlocksOn ? 1 : 0)),
    ending: [...new Set(open.map(({ benefit }) => benefit))].filter((code) => !carried.has(code)),
  }
}
