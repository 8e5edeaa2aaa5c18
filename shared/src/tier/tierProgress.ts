import { tierFor } from './tierFor.ts'
import { tiers } from './tiers.ts'
import type { HeldTier, TierProgress } from './types.ts'

/**
 * Tier, benefits and the distance to the next tier; what the member centre and the sidebar both show.
 * @param held the tier as the engine keeps it: during grace, or after a refund, it is more than the value supports. Without it, the tier the value supports.
 */
export function tierProgress(growthValue: number, held: HeldTier | null = null): TierProgress {
  const tier = tiers.find(({ code }) => code === held?.tier) ?? tierFor(growthValue)
  const next = tiers[tiers.indexOf(tier) + 1] ?? null
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
