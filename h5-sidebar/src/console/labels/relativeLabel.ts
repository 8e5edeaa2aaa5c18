const units = [
  [24 * 60 * 60_000, '天'],
  [60 * 60_000, '小时'],
  [60_000, '分钟'],
] as const

/** How far an instant is from now, in words and whole units: `刚刚`, `5 分钟前`, `3 天后`. */
export function relativeLabel(instant: string, now: number): string {
  const distance = Date.parse(instant) - now
  const unit = units.find(([size]) => Math.abs(distance) >= size)
  if (!unit) return '刚刚'
  return `${Math.floor(Math.abs(distance) / unit[0])} ${unit[1]}${distance < 0 ? '前' : '后'}`
}
