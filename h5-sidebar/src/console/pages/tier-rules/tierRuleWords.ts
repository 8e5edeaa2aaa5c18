import type { TierRulesDraft } from '@qihui/shared/tier'

/** What a version of the tier rules says, in plain words. */
export function tierRuleWords({ silver, gold, qualifyingMonths, graceDays, maxStepsDown }: TierRulesDraft): string[] {
  const down = maxStepsDown === null ? '调整到成长值对应的等级' : `最多下调 ${maxStepsDown} 级`
  return [
    `银卡：满 ${silver.minGrowth} 点，每 ${silver.reviewMonths} 个月评定一次`,
    `金卡：满 ${gold.minGrowth} 点，每 ${gold.reviewMonths} 个月评定一次`,
    `累计最近 ${qualifyingMonths} 个月的成长值`,
    `评定未达标：保级 ${graceDays} 天，期满仍不足则${down}`,
  ]
}
