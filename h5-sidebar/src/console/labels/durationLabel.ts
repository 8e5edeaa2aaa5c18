/** A time span people can compare: `8 秒`, `2 分 5 秒`, `3 小时 20 分`, `4 天`; a dash when there is none. */
export function durationLabel(seconds: number | null): string {
  if (seconds === null) return '—'
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} 秒`
  if (whole < 3600) return whole % 60 === 0 ? `${whole / 60} 分` : `${Math.floor(whole / 60)} 分 ${whole % 60} 秒`
  const minutes = Math.round(whole / 60)
  if (minutes < 24 * 60) return minutes % 60 === 0 ? `${minutes / 60} 小时` : `${Math.floor(minutes / 60)} 小时 ${minutes % 60} 分`
  return `${Math.round(minutes / (24 * 60))} 天`
}
