const dayMs = 86_400_000
/** Beijing time, without summer time: reviews, grace and coupons count its days, wherever the computer stands. */
const localOffsetMs = 8 * 3_600_000

/** `2026-05-03T09:05…` in Beijing time. */
function localText(instantMs: number): string {
  return new Date(instantMs + localOffsetMs).toISOString()
}

/** A day as people say it, seen from `now`: 今天, 昨天, 5月3日, and with the year when it is another one. */
export function dayLabel(instant: string, now: number): string {
  const day = dateLabel(instant)
  if (day === localText(now).slice(0, 10)) return '今天'
  if (day === localText(now - dayMs).slice(0, 10)) return '昨天'
  const [year, month, date] = day.split('-').map(Number)
  const monthAndDay = `${month}月${date}日`
  return day.slice(0, 4) === localText(now).slice(0, 4) ? monthAndDay : `${year}年${monthAndDay}`
}

/** `09:05`, Beijing time. */
export function clockLabel(instant: string): string {
  return localText(Date.parse(instant)).slice(11, 16)
}

/** `2026-05-03`, Beijing time. */
export function dateLabel(instant: string): string {
  return localText(Date.parse(instant)).slice(0, 10)
}
