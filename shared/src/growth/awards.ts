/** Growth given once for becoming a member (R45). */
export const registrationGrowth = 100

/** Growth for a paid order: one for each whole yuan (R47). Amount in fen, never negative. */
export function growthForOrder(amountFen: number): number {
  return Math.floor(amountFen / 100)
}
