import { addDays, localDateOf, startOfDay } from '../tier/calendar.ts'

/** `expired` says only that it was not used in time. */
export type CouponState = 'unused' | 'used' | 'expired'

/** The instant a coupon is no longer valid: the midnight after its last full local day. ISO 8601 in UTC. */
export function couponEnd(givenAt: string, validDays: number): string {
  return startOfDay(addDays(localDateOf(givenAt), validDays + 1))
}

/** The last local day a coupon can be used, `YYYY-MM-DD`. */
export function couponLastDay(expiresAt: string): string {
  return addDays(localDateOf(expiresAt), -1)
}

/** Whether a coupon can be used at an instant. @param redeemedAt null while it was not used */
export function couponState(redeemedAt: string | null, expiresAt: string, at: string): CouponState {
  if (redeemedAt !== null) return 'used'
  return at < expiresAt ? 'unused' : 'expired'
}

function yuan(fen: number): string {
  return fen % 100 === 0 ? String(fen / 100) : (fen / 100).toFixed(2)
}

/** The terms of a coupon in words: 满200元减20元. Money in fen. */
export function couponWords(amountFen: number, thresholdFen: number): string {
  return thresholdFen === 0 ? `立减${yuan(amountFen)}元` : `满${yuan(thresholdFen)}元减${yuan(amountFen)}元`
}

/** Letters and digits that are not mistaken for one another, 32 of them: five bits each. */
export const couponAlphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
/** Sixty bits: not to be guessed in the life of a coupon. */
export const couponCodeLength = 12

/** A code as it is stored, from what somebody typed: spaces and dashes away, capitals; null when it cannot be one. */
export function readCouponCode(text: string): string | null {
  const code = text.replace(/[\s-]/g, '').toUpperCase()
  return code.length === couponCodeLength && [...code].every((letter) => couponAlphabet.includes(letter)) ? code : null
}

/** A code as it is shown, in groups of four. */
export function showCouponCode(code: string): string {
  return (code.match(/.{1,4}/g) ?? []).join('-')
}
