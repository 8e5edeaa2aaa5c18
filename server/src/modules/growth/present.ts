import type { GrowthRulesDefinition, PublishedGrowthRules } from '@qihui/shared/growth'

/** One version as stored. */
export interface GrowthRulesRow {
  readonly version: string
  readonly effective_from: Date
  readonly definition: GrowthRulesDefinition
  readonly published_at: Date
  readonly published_by: string | null
}

/** A version of the earning rules as operators see it. */
export function presentGrowthRules(row: GrowthRulesRow): PublishedGrowthRules {
  return {
    version: row.version,
    effectiveFrom: row.effective_from.toISOString(),
    publishedAt: row.published_at.toISOString(),
    publishedBy: row.published_by,
    definition: row.definition,
  }
}
