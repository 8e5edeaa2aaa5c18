function two(part: number): string {
  return String(part).padStart(2, '0')
}

/** A day as people say it, seen from `now`: 今天, 昨天, 5月3日, and with the year when it is another one. Local time. */
export function dayLabel(instant: string, now: number): string {
  const day = new Date(instant)
  const today = new Date(now)
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1)
  if (day.toDateString() === today.toDateString()) return '今天'
  if (day.toDateString() === yesterday.toDateString()) return '昨天'
  const monthAndDay = `${day.getMonth() + 1}月${day.getDate()}日`
  return day.getFullYear() === today.getFullYear() ? monthAndDay : `${day.getFullYear()}年${monthAndDay}`
}

/** `09:05`, local time. */
export function clockLabel(instant: string): string {
  const at = new Date(instant)
  return `${two(at.getHours())}:${two(at.getMinutes())}`
}

/** `2026-05-03`, local time. */
export function dateLabel(instant: string): string {
  const at = new Date(instant)
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}
