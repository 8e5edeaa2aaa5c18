import type { TierCode } from '../tier/types.ts'
import type { Benefit, BenefitRules, BenefitUnlock } from './types.ts'

const from = (tiers: readonly TierCode[], day = 0): BenefitUnlock[] => tiers.map((tier) => ({ tier, day }))

/** R48-R50, R52: what each tier carries and on which day of its period. Silver unlocks in steps, gold opens the service channel at once. */
export const firstBenefitRules: BenefitRules = {
  version: '2026-01',
  effectiveFrom: '2020-01-01T00:00:00.000Z',
  benefits: [
    { code: 'greenChannel', kind: 'priority', name: '绿色通道优先服务', description: '咨询与售后优先接待，无需排队', unlocks: from(['gold']) },
    {
      code: 'adviser',
      kind: 'adviser',
      name: '专属顾问一对一服务',
      description: '一位固定的顾问为您服务，可直接添加微信',
      unlocks: [...from(['silver'], 7), ...from(['gold'])],
    },
    { code: 'tierBadge', kind: 'service', name: '尊享等级标识', description: '会员码与会员中心展示您的等级标识', unlocks: from(['silver', 'gold']) },
    { code: 'memberPrice', kind: 'service', name: '会员专享价', description: '指定商品享受会员价', unlocks: from(['normal', 'silver', 'gold']) },
    { code: 'birthday', kind: 'service', name: '生日礼遇', description: '生日当月到店可领取生日礼', unlocks: from(['normal', 'silver', 'gold']) },
    { code: 'onlineService', kind: 'service', name: '在线客服', description: '在小程序里随时咨询', unlocks: from(['normal', 'silver', 'gold']) },
    {
      code: 'silverCoupon',
      kind: 'coupon',
      name: '银卡礼券',
      description: '银卡周期内赠送一张',
      unlocks: from(['silver', 'gold'], 1),
      coupon: { amountFen: 2000, thresholdFen: 20_000, validDays: 90, repeatMonths: 12 },
    },
    {
      code: 'goldCoupon',
      kind: 'coupon',
      name: '金卡礼券',
      description: '金卡周期内赠送一张',
      unlocks: from(['gold'], 1),
      coupon: { amountFen: 8000, thresholdFen: 50_000, validDays: 90, repeatMonths: 3 },
    },
  ],
}

/** The rules that decide at an instant: the newest in effect; before the first, the first. @param versions oldest first */
export function benefitRulesAt(versions: readonly [BenefitRules, ...BenefitRules[]], at: string): BenefitRules {
  return versions.reduce((held, rules) => (rules.effectiveFrom <= at && rules.effectiveFrom >= held.effectiveFrom ? rules : held))
}

/** The day of a tier's period on which a benefit unlocks; null when the tier does not carry it. */
export function unlockDay(benefit: Benefit, tier: TierCode): number | null {
  return benefit.unlocks.find((unlock) => unlock.tier === tier)?.day ?? null
}
