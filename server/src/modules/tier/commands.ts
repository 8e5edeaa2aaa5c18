import { addDays, firstTierRules, monthsBefore, nextDay, startOfDay, tierRulesAt } from '@qihui/shared/tier'
import type { Services } from '../../services.ts'
import { settleBenefits } from '../benefit/steps.ts'
import { recountGrowthValues } from './ruleTables.ts'
import { loadTierRules } from './steps.ts'
import { decideDueTiers, deferDurability, insertTierDay, insertTierRules, refreshGrowthValues, selectLastTierDay } from './tables.ts'

type TierServices = Pick<Services, 'db' | 'now'>

/** Members decided in one transaction: short enough not to hold up postings, long enough to be set-based work. */
const batchSize = 10_000
/** Members are shared out among as many transactions at a time: PostgreSQL writes with one core for each. A power of two. */
const lanes = 2
const lowestId = '00000000-0000-0000-0000-000000000000'

/** Writes the rules a new installation starts with; what is published later stays. */
export async function publishFirstTierRules({ db, now }: TierServices): Promise<void> {
  const { version, effectiveFrom, ...definition } = firstTierRules
  await db.run(insertTierRules, [version, effectiveFrom, JSON.stringify(definition), now()])
}

/** Another window begins: the value shown of every member is added up anew, in stretches, so that a killed run has lost nothing but time. */
async function recountGrowth({ db }: Pick<Services, 'db'>, windowStart: string): Promise<void> {
  let lastId: string | null = lowestId
  while (lastId !== null) {
    const [row]: { last_id: string | null }[] = await db.run<{ last_id: string | null }>(recountGrowthValues, [windowStart, lastId, batchSize])
    lastId = row?.last_id ?? null
  }
}

/** Decides in batches until nobody of this lane is due. @param rules the values $4 to $10 of `decideDueTiers` @returns how many were decided */
async function decideLane({ db, now }: TierServices, midnight: readonly [day: string, instant: string, batch: number], rules: readonly unknown[], lane: number): Promise<number> {
  let total = 0
  for (;;) {
    // A tier and what its first day gives are one transaction.
    const { seen, decided } = await db.transaction(async (tx) => {
      await tx.run(deferDurability, [])
      const [row = { seen: 0, decided: 0, begun_ids: [] }] = await tx.run<{ seen: number; decided: number; begun_ids: string[] }>(decideDueTiers, [...midnight, ...rules, lanes, lane])
      if (row.begun_ids.length > 0) await settleBenefits(tx, row.begun_ids, now())
      return row
    })
    if (seen === 0) return total
    total += decided
  }
}

/** Decides one local midnight for everybody it concerns. @param day the local day that begins, `YYYY-MM-DD` @returns how many were decided */
export async function decideDay(services: TierServices, day: string, batch = batchSize): Promise<number> {
  const { db, now } = services
  const instant = startOfDay(day)
  const versions = await loadTierRules(db)
  const { version, ladder, qualifyingMonths, graceDays, maxStepsDown } = tierRulesAt(versions, instant)
  const rules = [ladder.map(({ code }) => code), ladder.map(({ minGrowth }) => minGrowth), ladder.map(({ reviewMonths }) => reviewMonths), monthsBefore(instant, qualifyingMonths), graceDays, maxStepsDown, version]
  const decided = await Promise.all(Array.from({ length: lanes }, (_, lane) => decideLane(services, [day, instant, batch], rules, lane)))
  const hadMonths = tierRulesAt(versions, startOfDay(addDays(day, -1))).qualifyingMonths
  if (hadMonths === qualifyingMonths) await db.run(refreshGrowthValues, [instant, qualifyingMonths])
  else await recountGrowth({ db }, monthsBefore(instant, qualifyingMonths))
  await db.run(insertTierDay, [day, now()])
  return decided.reduce((total, count) => total + count, 0)
}

/** Decides every day since the last one done, oldest first, up to `today`. A run that is killed goes on where it was. */
export async function advanceTo(services: TierServices, today: string): Promise<number> {
  const [row] = await services.db.run<{ day: string | null }>(selectLastTierDay, [])
  let day = row?.day ?? null
  let total = 0
  for (day = day === null ? today : nextDay(day); day <= today; day = nextDay(day)) total += await decideDay(services, day)
  return total
}
