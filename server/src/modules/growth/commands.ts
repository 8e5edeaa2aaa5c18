import { AppError } from '@qihui/shared/errors'
import { firstGrowthRules, growthForOrder, growthToReverse, type GrowthRules, type postOrder as postOrderContract, type refundOrder as refundOrderContract } from '@qihui/shared/growth'
import type { BodyOf, ResponseOf } from '@qihui/shared/http'
import { tierProgress, type TierRules, type TierStanding } from '@qihui/shared/tier'
import type { Services } from '../../services.ts'
import { unionIdNamespace } from '../identity/namespaces.ts'
import { postGrowth, type StandingMember } from './steps.ts'
import { lockMemberByUnionId, lockOrder, selectReversed } from './tables.ts'

type GrowthServices = Pick<Services, 'db' | 'now' | 'env' | 'growthRules' | 'tierRules'>

/** The tier after a posting; a repeat is answered with the tier as it is. */
function wireTier({ ladder }: TierRules, standing: TierStanding | null, member: StandingMember) {
  const held = { tier: member.tier, reviewOn: member.review_on, graceUntil: member.grace_until }
  const progress = tierProgress(standing?.growthValue ?? member.growth_value, standing ?? held, ladder)
  return { ...progress, benefits: [...progress.benefits] }
}

/** Posts a paid order; the same order number again changes nothing (R47). @throws AppError `member.notFound` */
export async function postOrder({ db, now, env, growthRules, tierRules }: GrowthServices, order: BodyOf<typeof postOrderContract>): Promise<ResponseOf<typeof postOrderContract>> {
  const at = now()
  const paidAt = new Date(order.paidAt)
  const [rules, shown] = await Promise.all([growthRules.at(paidAt < at ? paidAt : at), tierRules.at(at)])
  return db.transaction(async (tx) => {
    const [member] = await tx.run<StandingMember>(lockMemberByUnionId, [unionIdNamespace(env), order.unionId])
    if (member === undefined) throw new AppError('member.notFound', '该 unionid 还没有对应的会员')
    const amount = growthForOrder(rules, order.amountFen)
    const posting = { kind: 'earn', amount, source: 'order', sourceId: order.orderNo, occurredAt: paidAt, moneyFen: order.amountFen, rulesVersion: rules.version, via: { namespace: unionIdNamespace(env), value: order.unionId } } as const
    const standing = await postGrowth(tx, member, posting, at)
    return { isNew: standing !== null, growthEarned: standing === null ? 0 : amount, tier: wireTier(shown, standing, member) }
  })
}

/** The rules an entry was computed by; those of the installation for entries from before there were versions. */
function rulesOf(versions: readonly GrowthRules[], version: string | null): GrowthRules {
  const rules = versions.find((known) => known.version === (version ?? firstGrowthRules.version))
  if (rules === undefined) throw new Error(`an entry names the growth rules ${version}, which nobody published`)
  return rules
}

interface OrderRow extends StandingMember {
  readonly growth_entry_id: string
  readonly earned: number
  readonly money_fen: number
  readonly occurred_at: Date
  readonly rules_version: string | null
}

/**
 * Takes back what a refund takes back, by the rules the order was posted by; the same refund number again changes nothing. The tier waits for its review (domain rules b 6).
 * @throws AppError `growth.orderUnknown`, `growth.refundTooLarge`
 */
export async function refundOrder({ db, now, growthRules, tierRules }: GrowthServices, orderNo: string, refund: BodyOf<typeof refundOrderContract>): Promise<ResponseOf<typeof refundOrderContract>> {
  const at = now()
  const [versions, shown] = await Promise.all([growthRules.versions(), tierRules.at(at)])
  return db.transaction(async (tx) => {
    const [order] = await tx.run<OrderRow>(lockOrder, [orderNo])
    if (order === undefined) throw new AppError('growth.orderUnknown')
    const [before = { amount: 0, money_fen: 0 }] = await tx.run<{ amount: number; money_fen: number }>(selectReversed, [order.growth_entry_id])
    const rules = rulesOf(versions, order.rules_version)
    const paid = { paidFen: order.money_fen, refundedFen: -before.money_fen, growthLeft: order.earned + before.amount }
    const posting = { kind: 'reverse', source: 'orderRefund', sourceId: refund.refundNo, occurredAt: order.occurred_at, reverses: order.growth_entry_id, rulesVersion: rules.version } as const
    const amount = growthToReverse(rules, paid, refund.amountFen)
    const standing = await postGrowth(tx, order, { ...posting, amount: -amount, moneyFen: -refund.amountFen }, at)
    if (standing !== null && paid.refundedFen + refund.amountFen > paid.paidFen) throw new AppError('growth.refundTooLarge')
    return { isNew: standing !== null, growthReversed: standing === null ? 0 : amount, tier: wireTier(shown, standing, order) }
  })
}
