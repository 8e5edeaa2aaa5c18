/** The three tiers of R48-R50. */
export type TierCode = 'normal' | 'silver' | 'gold'

/** One tier as the rules define it. `minGrowth` is inclusive: 1000 is silver. */
export interface Tier {
  readonly code: TierCode
  readonly name: string
  readonly minGrowth: number
  readonly benefits: readonly string[]
}

/** The part of a member's standing that is not in the growth value: what is held, until when. */
export interface HeldTier {
  readonly tier: TierCode
  /** Local day of the next review, `YYYY-MM-DD`, or null. */
  readonly reviewOn: string | null
  /** First local day without the tier unless growth is made up for; null outside grace. */
  readonly graceUntil: string | null
}

/** Where a member stands: the tier and the way to the next one. */
export interface TierProgress {
  readonly code: TierCode
  readonly name: string
  readonly growthValue: number
  readonly reviewOn: string | null
  readonly graceUntil: string | null
  readonly benefits: readonly string[]
  /** Null at the highest tier. */
  readonly next: { readonly code: TierCode; readonly name: string; readonly minGrowth: number; readonly growthNeeded: number } | null
  /** Share of the way from this tier's threshold to the next, 0 to 100, whole; 100 at the highest tier. */
  readonly percent: number
}
