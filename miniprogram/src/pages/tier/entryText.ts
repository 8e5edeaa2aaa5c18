import { dayInWords } from '@qihui/shared/tier'
import type { GrowthEntry } from '../../api/calls.ts'

/** `+600`, `-200`. */
export function amountLabel({ amount }: GrowthEntry): string {
  return amount > 0 ? `+${amount}` : String(amount)
}

/** How long a line counts: `计入等级至2027年6月10日`, or that it no longer does. */
export function countingLabel({ isCounting, countsUntil }: GrowthEntry): string {
  return isCounting ? `计入等级至${dayInWords(countsUntil)}` : '已不再计入等级'
}
