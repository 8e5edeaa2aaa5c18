import type { TierCode } from '../tier/types.ts'
import { firstBenefitRules, unlockDay } from './rules.ts'

const cardNames: Readonly<Record<TierCode, string>> = { normal: '会员', silver: '银卡', gold: '金卡' }

/** What a rep must see first of somebody whose tier in effect, grace included, opens the green channel from its first day (R50, R53); null for others. */
export function priorityNotice(tier: TierCode): string | null {
  const isPriority = firstBenefitRules.benefits.some((benefit) => benefit.kind === 'priority' && unlockDay(benefit, tier) === 0)
  return isPriority ? `${cardNames[tier]} · 绿色通道，请优先接待` : null
}
