import { benefitNames } from '../benefit/benefitNames.ts'
import type { Tier } from './types.ts'

/** Thresholds and benefits of R48-R50, lowest first. */
export const tiers: readonly [Tier, ...Tier[]] = [
  { code: 'normal', name: '普通会员', minGrowth: 0, benefits: benefitNames('normal') },
  { code: 'silver', name: '银卡会员', minGrowth: 1000, benefits: benefitNames('silver') },
  { code: 'gold', name: '金卡会员', minGrowth: 5000, benefits: benefitNames('gold') },
]
