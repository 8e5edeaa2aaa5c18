import type { PublishedTierRules, TierRules, TierRulesDraft } from '@qihui/shared/tier'

/** One version as stored. */
export interface TierRulesRow {
  readonly version: string
  readonly effective_from: Date
  readonly definition: Omit<TierRules, 'version' | 'effectiveFrom'>
  readonly published_at: Date
  readonly published_by: string | null
}

/** A draft as the engine reads it: the first tier needs nothing and is kept for ever. */
export function definitionOf({ silver, gold, ...rest }: TierRulesDraft): TierRulesRow['definition'] {
  return { ladder: [{ code: 'normal', minGrowth: 0, reviewMonths: null }, { code: 'silver', ...silver }, { code: 'gold', ...gold }], ...rest }
}

function stepOf(definition: TierRulesRow['definition'], code: 'silver' | 'gold'): TierRulesDraft['silver'] {
  const { minGrowth, reviewMonths } = definition.ladder.find((rule) => rule.code === code) ?? { minGrowth: 1, reviewMonths: null }
  return { minGrowth, reviewMonths: reviewMonths ?? 1 }
}

/** A version of the tier rules as operators see it. */
export function presentTierRules(row: TierRulesRow): PublishedTierRules {
  const { definition } = row
  const { qualifyingMonths, graceDays, maxStepsDown } = definition
  return {
    version: row.version,
    effectiveFrom: row.effective_from.toISOString(),
    publishedAt: row.published_at.toISOString(),
    publishedBy: row.published_by,
    definition: { silver: stepOf(definition, 'silver'), gold: stepOf(definition, 'gold'), qualifyingMonths, graceDays, maxStepsDown },
  }
}
