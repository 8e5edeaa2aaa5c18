import { firstGrowthRules, growthRulesAt, type GrowthRules } from '@qihui/shared/growth'
import type { Tx } from '../../db/pool.ts'
import { createRuleBook, type RuleBook } from '../../db/ruleBook.ts'
import { presentGrowthRules, type GrowthRulesRow } from './present.ts'
import { selectGrowthRules } from './ruleTables.ts'

/** The earning rules, from memory: at most five seconds behind another process, never behind this one. */
export type GrowthRuleBook = RuleBook<GrowthRules>

/** Opens the book. One per process: it belongs into the services. */
export function createGrowthRuleBook({ db, now }: { readonly db: Tx; readonly now: () => Date }): GrowthRuleBook {
  return createRuleBook({
    now,
    first: firstGrowthRules,
    pick: growthRulesAt,
    readAll: async () => (await db.run<GrowthRulesRow>(selectGrowthRules, [])).map((row) => ({ ...row.definition, version: row.version, effectiveFrom: presentGrowthRules(row).effectiveFrom })),
  })
}
