import { tierFor } from './tierFor.ts'
import { tiers } from './tiers.ts'
import type { HeldTier, Tier, TierProgress } from './types.ts'

type Threshold = Pick<Tier, 'code' | 'minGrowth'>

/** A tier with the threshold the rules give it. */
function tierOf({ code, minGrowth }: Threshold): Tier {
  return { ...(tiers.find((tier) => tier.code === code) ?? tiers[0]), minGrowth }
}

/** The tiers as the thresholds in force have them, lowest first; for pages that show the whole way up. */
export function tiersOf(ladder: readonly Threshold[]): Tier[] {
  return ladder.map(tierOf)
}

/**
 * Tier, benefits and the distance to the next tier; what the member centre and the sidebar both show.
 * @param held the tier as the engine keeps it: during grace, or after a refund, it is more than the value supports. Without it, the tier the value supports.
 * @param ladder the thresholds in force, lowest first
 */
export function tierProgress(growthValue: number, held: HeldTier | null = null, ladder: readonly [Threshold, ...Threshold[]] = tiers): TierProgress {
  const step = ladder.find(({ code }) => code === held?.tier) ?? tierFor(growthValue, ladder)
  const tier = tierOf(step)
  const above = ladder[ladder.indexOf(step) + 1]
  const next = above === undefined ? null : tierOf(above)
  const share = next ? Math.floor(((growthValue - tier.minGrowth) / (next.minGrowth - tier.minGrowth)) * 100) : 100
  return {
    code: tier.code,
    name: tier.name,
    growthValue,
    reviewOn: held?.reviewOn ?? null,
    graceUntil: held?.graceUntil ?? null,
    benefits: tier.benefits,
    next: next && { code: next.code, name: next.name, minGrowth: next.minGrowth, growthNeeded: Math.max(0, next.minGrowth - growthValue) },
    percent: Math.min(100, Math.max(0, share)),
  }
}
