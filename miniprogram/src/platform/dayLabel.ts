const padded = (value: number) => String(value).padStart(2, '0')

/** `2026 年 11 月 22 日` of an instant, as the phone's clock has it. */
export function dayLabel(instant: string): string {
  const day = new Date(instant)
  return `${day.getFullYear()} 年 ${day.getMonth() + 1} 月 ${day.getDate()} 日`
}

/** `2026-11-22 11:05` of an instant, as the phone's clock has it. */
export function instantLabel(instant: string): string {
  const at = new Date(instant)
  return `${at.getFullYear()}-${padded(at.getMonth() + 1)}-${padded(at.getDate())} ${padded(at.getHours())}:${padded(at.getMinutes())}`
}
