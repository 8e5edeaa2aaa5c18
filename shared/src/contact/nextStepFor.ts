import type { TierProgress } from '../tier/types.ts'
import type { NextStep } from './contract.ts'

/** A member this close to the next tier is worth a word about it. */
const nearlyThereGrowth = 300

/** What a rep should do next with this contact: the first line of the card. Tier is null when the contact is not a member. */
export function nextStepFor(state: 'notMirrored' | 'notRegistered' | 'member', tier: TierProgress | null): NextStep {
  if (state === 'notMirrored') return { kind: 'wait', title: '正在同步客户资料', detail: '企业微信刚刚建立好友关系，通常几秒内完成。' }
  if (state === 'notRegistered' || tier === null) return { kind: 'invite', title: '邀请 TA 成为会员', detail: '发送小程序卡片，客户勾选同意、一键授权即可入会，无需填写。' }
  if (tier.next && tier.next.growthNeeded <= nearlyThereGrowth) {
    return { kind: 'upgrade', title: `还差 ${tier.next.growthNeeded} 成长值升级${tier.next.name}`, detail: `提醒客户：升级后可享${tier.next.name}权益。` }
  }
  return { kind: 'care', title: '保持联系', detail: '了解近期需求，介绍可用的会员权益。' }
}
