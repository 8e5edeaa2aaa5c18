import { dayInWords } from './dayInWords.ts'
import type { HeldTier } from './types.ts'

/** What a tier is waiting for, in one line: its review or the end of its grace; null for a tier kept for ever. */
export function tierNotice({ reviewOn, graceUntil }: Omit<HeldTier, 'tier'>): string | null {
  if (graceUntil !== null) return `保级期：${dayInWords(graceUntil)}前补足成长值即可保级，期间权益不变`
  return reviewOn === null ? null : `下次评定：${dayInWords(reviewOn)}`
}
