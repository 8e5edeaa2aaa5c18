import type { TierCode } from '../tier/types.ts'

/** What decides about the tier tag of one (staff, customer) pair. */
export interface TierTagFacts {
  /** Null: the customer is no member. */
  readonly tier: TierCode | null
  /** Members without activity for long: their tier rests, and nobody should greet them by it. */
  readonly isArchived: boolean
  /** Erased, or waiting for it: nothing about them leaves any more. */
  readonly isErased: boolean
}

/** The tier whose tag the pair carries; null for none (R43, domain rules b 8: archived and erased people lose the tag). */
export function desiredTierTag({ tier, isArchived, isErased }: TierTagFacts): TierCode | null {
  return isArchived || isErased ? null : tier
}
