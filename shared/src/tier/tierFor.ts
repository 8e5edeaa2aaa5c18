import { tiers } from './tiers.ts'
import type { Tier } from './types.ts'

/** The highest tier a growth value supports (R48-R50). Values below zero count as the lowest tier. */
export function tierFor(growthValue: number): Tier {
  return tiers.reduce((held, tier) => (growthValue >= tier.minGrowth ? tier : held))
}
