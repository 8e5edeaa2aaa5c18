import { dayWords } from '@qihui/shared/benefit'

/** Beijing time, without summer time: reviews, grace and coupons count its days, so every day a member reads is one of them. */
const memberOffsetMs = 8 * 3_600_000

const localText = (instant: string) => new Date(Date.parse(instant) + memberOffsetMs).toISOString()

/** `2026年11月22日` of an instant, in Beijing time. */
export function dayLabel(instant: string): string {
  return dayWords(localText(instant).slice(0, 10))
}

/** `2026-11-22 11:05` of an instant, in Beijing time. */
export function instantLabel(instant: string): string {
  return localText(instant).slice(0, 16).replace('T', ' ')
}
