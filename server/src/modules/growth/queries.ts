import type { GrowthRulesDefinition, listGrowthRules as listGrowthRulesContract, previewGrowthRules as previewGrowthRulesContract } from '@qihui/shared/growth'
import type { ResponseOf } from '@qihui/shared/http'
import { monthsBefore, tiers } from '@qihui/shared/tier'
import type { Services } from '../../services.ts'
import { presentGrowthRules, type GrowthRulesRow } from './present.ts'
import { previewGrowth, selectGrowthRules } from './ruleTables.ts'

const dayMs = 24 * 60 * 60 * 1000

/** Every version, newest first, and which one decides now. */
export async function listGrowthRules({ db, now, growthRules }: Pick<Services, 'db' | 'now' | 'growthRules'>): Promise<ResponseOf<typeof listGrowthRulesContract>> {
  const rows = await db.run<GrowthRulesRow>(selectGrowthRules, [])
  return { versions: rows.map(presentGrowthRules).reverse(), inForce: (await growthRules.at(now())).version }
}

interface PreviewRow {
  readonly members: number
  readonly growth_up: number
  readonly growth_down: number
  readonly tier_up: number
  readonly tier_down: number
  readonly total_before: number
  readonly total_after: number
  readonly tiers_before: readonly number[]
  readonly tiers_after: readonly number[]
}

/** What a draft would have made of the last days (R97): computed by the database in one pass, nothing is written. */
export async function previewGrowthRules(
  { db, now, tierRules }: Pick<Services, 'db' | 'now' | 'tierRules'>,
  { registration, order, formGroups, interactions }: GrowthRulesDefinition,
  days: number,
): Promise<ResponseOf<typeof previewGrowthRulesContract>> {
  const at = now()
  const { ladder, qualifyingMonths } = await tierRules.at(at)
  const { chatDay, documentView } = interactions
  const values = [
    at, new Date(at.getTime() - days * dayMs), monthsBefore(at.toISOString(), qualifyingMonths), ladder.map(({ minGrowth }) => minGrowth),
    registration, order.points, order.perFen, JSON.stringify(formGroups), chatDay.growth, chatDay.maxPerMonth, documentView.growth, documentView.maxPerDay, documentView.maxPerMonth,
  ]
  const [row] = await db.run<PreviewRow>(previewGrowth, values)
  if (row === undefined) throw new Error('the preview answered no row')
  return {
    days, members: row.members, growthUp: row.growth_up, growthDown: row.growth_down, tierUp: row.tier_up, tierDown: row.tier_down,
    totalBefore: row.total_before, totalAfter: row.total_after,
    tiers: ladder.map(({ code }, step) => ({ code, name: tiers.find((tier) => tier.code === code)?.name ?? code, before: row.tiers_before[step] ?? 0, after: row.tiers_after[step] ?? 0 })),
  }
}
