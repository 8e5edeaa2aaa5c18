import type { TierCode } from './types.ts'

/** One step of the ladder as a rule version defines it. */
export interface TierRule {
  readonly code: TierCode
  /** Inclusive: 1000 is silver. */
  readonly minGrowth: number
  /** Months from the start of the tier to its review, and between reviews; null for a tier that is kept for ever. */
  readonly reviewMonths: number | null
}

/** One version of the rules. Thresholds, periods and windows are data, not code (R97). */
export interface TierRules {
  readonly version: string
  /** The first instant these rules decide, ISO 8601. What was decided before stays. */
  readonly effectiveFrom: string
  /** Lowest first; the first has `minGrowth` 0 and no review. */
  readonly ladder: readonly [TierRule, ...TierRule[]]
  /** Growth counts for this many months before the instant that is looked at. */
  readonly qualifyingMonths: number
  /** Full local days a member keeps the tier after a failed review (R51). */
  readonly graceDays: number
  /** Most steps down at the end of one grace; null: to the tier the value supports. */
  readonly maxStepsDown: number | null
}

/** R48-R51: silver is reviewed every year, gold every quarter, on the growth of the last twelve months; 30 days of grace. */
export const firstTierRules: TierRules = {
  version: '2026-01',
  effectiveFrom: '2020-01-01T00:00:00.000Z',
  ladder: [
    { code: 'normal', minGrowth: 0, reviewMonths: null },
    { code: 'silver', minGrowth: 1000, reviewMonths: 12 },
    { code: 'gold', minGrowth: 5000, reviewMonths: 3 },
  ],
  qualifyingMonths: 12,
  graceDays: 30,
  maxStepsDown: null,
}

/** The rules that decide at an instant: the newest in effect; before the first, the first. */
export function tierRulesAt(versions: readonly [TierRules, ...TierRules[]], at: string): TierRules {
  return versions.reduce((held, rules) => (rules.effectiveFrom <= at && rules.effectiveFrom >= held.effectiveFrom ? rules : held))
}

/** Position of the highest step a growth value supports. */
export function stepFor(rules: TierRules, growthValue: number): number {
  return rules.ladder.reduce((held, rule, index) => (growthValue >= rule.minGrowth ? index : held), 0)
}
