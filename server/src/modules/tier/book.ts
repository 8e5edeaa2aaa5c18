import { firstTierRules, tierRulesAt, type TierRules } from '@qihui/shared/tier'
import type { Tx } from '../../db/pool.ts'
import { createRuleBook, type RuleBook } from '../../db/ruleBook.ts'
import { loadTierRules } from './steps.ts'

/** The tier rules, from memory, for what is shown. What is decided about a member reads them in its own transaction. */
export type TierRuleBook = RuleBook<TierRules>

/** Opens the book. One per process: it belongs into the services. */
export function createTierRuleBook({ db, now }: { readonly db: Tx; readonly now: () => Date }): TierRuleBook {
  return createRuleBook({ now, first: firstTierRules, pick: tierRulesAt, readAll: () => loadTierRules(db) })
}
