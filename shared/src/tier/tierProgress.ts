import { tierFor } from './tierFor.ts'
import { tiers } from './tiers.ts'
import type { TierProgress } from './types.ts'

/** Tier, benefits and the distance to the next tier for a growth value; what the member centre and the sidebar both show. */
export function tierProgress(growthValue: number): TierProgress {
  const tier = tierFor(growthValue)
  const next = tiers[tiers.indexOf(tier) + 1] ?? null
  return {
    code: tier.code,
    name: tier.name,
    growthValue,
    benefits: tier.benefits,
    next: next && { code: next.code, name: next.name, minGrowth: next.minGrowth, growthNeeded: next.minGrowth - growthValue },
    percent: next ? Math.max(0, Math.floor(((growthValue - tier.minGrowth) / (next.minGrowth - tier.minGrowth)) * 100)) : 100,
  }
}
