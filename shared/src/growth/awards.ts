/** Growth given once for becoming a member (R45). */
export const registrationGrowth = 100

/** Growth for a paid order: one for each whole yuan (R47). Amount in fen, never negative. */
export function growthForOrder(amountFen: number): number {
  return Math.floor(amountFen / 100)
}

/** What was paid and taken back of one order, in fen, and the growth still standing for it. */
export interface OrderGrowth {
  readonly paidFen: number
  readonly refundedFen: number
  readonly growthLeft: number
}

/** Growth a refund takes back, so that partial refunds add up to the whole and never to more. `refundFen` in fen. */
export function growthToReverse({ paidFen, refundedFen, growthLeft }: OrderGrowth, refundFen: number): number {
  return growthLeft - growthForOrder(Math.max(0, paidFen - refundedFen - refundFen))
}
