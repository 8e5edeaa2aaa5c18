import type { GrowthRulesDefinition } from './rules.ts'

type OrderRule = Pick<GrowthRulesDefinition, 'order'>

/** Growth for a paid order, rounded down (R47). Amount in fen, never negative. */
export function growthForOrder({ order }: OrderRule, amountFen: number): number {
  return Math.floor((amountFen * order.points) / order.perFen)
}

/** What was paid and taken back of one order, in fen, and the growth still standing for it. */
export interface OrderGrowth {
  readonly paidFen: number
  readonly refundedFen: number
  readonly growthLeft: number
}

/**
 * Growth a refund takes back, so that partial refunds add up to the whole and never to more. `refundFen` in fen.
 * @param rules those the order was posted by, not those of today
 */
export function growthToReverse(rules: OrderRule, { paidFen, refundedFen, growthLeft }: OrderGrowth, refundFen: number): number {
  return growthLeft - growthForOrder(rules, Math.max(0, paidFen - refundedFen - refundFen))
}

/** Awards of one kind of interaction a member has had already, on its local day and in its local month. */
export interface InteractionCount {
  readonly onDay: number
  readonly inMonth: number
}

/** What may be posted as interaction (R46). */
export type InteractionKind = 'chatDay' | 'documentView'

/** Growth for one more interaction; 0 when its source is off or a cap is reached. */
export function growthForInteraction({ interactions }: Pick<GrowthRulesDefinition, 'interactions'>, kind: InteractionKind, had: InteractionCount): number {
  const { growth, maxPerMonth } = interactions[kind]
  const maxPerDay = kind === 'chatDay' ? 1 : interactions.documentView.maxPerDay
  return had.onDay < maxPerDay && had.inMonth < maxPerMonth ? growth : 0
}
