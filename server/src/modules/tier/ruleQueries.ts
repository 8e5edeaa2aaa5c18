import type { ResponseOf } from '@qihui/shared/http'
import { monthsBefore, tiers, type listTierRules as listTierRulesContract, type previewTierRules as previewTierRulesContract, type TierRulesDraft } from '@qihui/shared/tier'
import type { Services } from '../../services.ts'
import { definitionOf, presentTierRules, type TierRulesRow } from './rulePresent.ts'
import { previewTiers, selectPublishedTierRules } from './ruleTables.ts'

/** Every version, newest first, and which one decides now. */
export async function listTierRules({ db, now, tierRules }: Pick<Services, 'db' | 'now' | 'tierRules'>): Promise<ResponseOf<typeof listTierRulesContract>> {
  const rows = await db.run<TierRulesRow>(selectPublishedTierRules, [])
  const { version } = await tierRules.at(now())
  return { versions: rows.map(presentTierRules).reverse(), inForce: version }
}

interface PreviewRow {
  readonly members: number
  readonly tier_up: number
  readonly tier_down: number
  readonly tiers_before: readonly number[]
  readonly tiers_after: readonly number[]
}

/** Where everybody would stand under a draft (R97): set-based, nothing is written. */
export async function previewTierRules({ db, now, tierRules }: Pick<Services, 'db' | 'now' | 'tierRules'>, draft: TierRulesDraft): Promise<ResponseOf<typeof previewTierRulesContract>> {
  const at = now()
  const { ladder, qualifyingMonths } = definitionOf(draft)
  const isOtherWindow = (await tierRules.at(at)).qualifyingMonths !== qualifyingMonths
  const values = [ladder.map(({ minGrowth }) => minGrowth), ladder.map(({ code }) => code), isOtherWindow, monthsBefore(at.toISOString(), qualifyingMonths), at]
  const [row] = await db.run<PreviewRow>(previewTiers, values)
  if (row === undefined) throw new Error('the preview answered no row')
  return {
    members: row.members,
    tierUp: row.tier_up,
    tierDown: row.tier_down,
    tiers: ladder.map(({ code }, step) => ({ code, name: tiers.find((tier) => tier.code === code)?.name ?? code, before: row.tiers_before[step] ?? 0, after: row.tiers_after[step] ?? 0 })),
  }
}
