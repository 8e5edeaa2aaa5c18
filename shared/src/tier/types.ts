/** The three tiers of R48-R50. */
export type TierCode = 'normal' | 'silver' | 'gold'

/** One tier as the rules define it. `minGrowth` is inclusive: 1000 is silver. */
export interface Tier {
  readonly code: TierCode
  readonly name: string
  readonly minGrowth: number
  readonly benefits: readonly string[]
}

/** Where a growth value stands: the tier it supports and the way to the next one. */
export interface TierProgress {
  readonly code: TierCode
  readonly name: string
  readonly growthValue: number
  readonly benefits: readonly string[]
  /** Null at the highest tier. */
  readonly next: { readonly code: TierCode; readonly name: string; readonly minGrowth: number; readonly growthNeeded: number } | null
  /** Share of the way from this tier's threshold to the next, 0 to 100, whole; 100 at the highest tier. */
  readonly percent: number
}
