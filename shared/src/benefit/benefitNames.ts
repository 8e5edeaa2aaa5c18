import type { TierCode } from '../tier/types.ts'
import { firstBenefitRules, unlockDay } from './rules.ts'

/** Names of what a tier promises for as long as it is held, in reading order; coupons are given once and shown by themselves. */
export function benefitNames(tier: TierCode): string[] {
  return firstBenefitRules.benefits.filter((benefit) => benefit.kind !== 'coupon' && unlockDay(benefit, tier) !== null).map(({ name }) => name)
}
