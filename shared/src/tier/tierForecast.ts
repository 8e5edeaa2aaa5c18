import { dayInWords } from './dayInWords.ts'
import type { TierProgress } from './types.ts'

/** What is known of a tier's future: the part of an explanation that a forecast is made of. */
export interface TierOutlook {
  readonly tier: Pick<TierProgress, 'name' | 'reviewOn' | 'graceUntil' | 'next'>
  /** Growth still missing on the day that decides; 0 when it is safe, null for a tier kept for ever. */
  readonly growthToKeep: number | null
}

/** What it takes to keep the tier, and by when; a review is decided when its day is over (ADR 0015). */
export function keepingForecast({ tier, growthToKeep }: TierOutlook): string {
  if (tier.graceUntil !== null) return `正在保级期：${dayInWords(tier.graceUntil)}前再得 ${growthToKeep ?? 0} 成长值即可保住${tier.name}，期间权益不变`
  if (tier.reviewOn === null || growthToKeep === null) return `${tier.name}长期有效，无需保级`
  const day = dayInWords(tier.reviewOn)
  return growthToKeep === 0 ? `${day}评定，按目前的成长值可以保级` : `${day}评定，当天结束前再得 ${growthToKeep} 成长值即可保级`
}

/** What it takes to move up; null at the top. */
export function risingForecast({ tier }: Pick<TierOutlook, 'tier'>): string | null {
  const { next } = tier
  return next && `再得 ${next.growthNeeded} 成长值，立即升级${next.name}`
}

const periods: Readonly<Record<number, string>> = { 1: '每月评定一次', 3: '每季度评定一次', 6: '每半年评定一次', 12: '每年评定一次' }

/** What a step of the ladder asks: `成长值满 1000，每年评定一次`. */
export function stepTerms({ minGrowth, reviewMonths }: { readonly minGrowth: number; readonly reviewMonths: number | null }): string {
  const way = minGrowth === 0 ? '入会即享' : `成长值满 ${minGrowth}`
  return `${way}，${reviewMonths === null ? '长期有效' : (periods[reviewMonths] ?? `每 ${reviewMonths} 个月评定一次`)}`
}
