import type { Tier } from './types.ts'

/** Thresholds and benefits of R48-R50, lowest first. */
export const tiers: readonly [Tier, ...Tier[]] = [
  { code: 'normal', name: '普通会员', minGrowth: 0, benefits: ['会员专享价', '生日礼遇', '在线客服'] },
  { code: 'silver', name: '银卡会员', minGrowth: 1000, benefits: ['专属顾问一对一服务', '会员专享价', '生日礼遇', '在线客服'] },
  { code: 'gold', name: '金卡会员', minGrowth: 5000, benefits: ['绿色通道优先服务', '专属顾问一对一服务', '会员专享价', '生日礼遇', '在线客服'] },
]
