const zone = 'Asia/Shanghai'
const parts = new Intl.DateTimeFormat('en-CA', {
  timeZone: zone,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
})

function partsOf(instant: string): Record<string, string> {
  return Object.fromEntries(parts.formatToParts(new Date(instant)).map(({ type, value }) => [type, value]))
}

/** `2026-11-22 14:05`, Beijing time, wherever the computer stands. */
export function beijingLabel(instant: string): string {
  const { year, month, day, hour, minute } = partsOf(instant)
  return `${year}-${month}-${day} ${hour}:${minute}`
}

/** What a date picker shows for an instant: `2026-11-22 14:05:00`, Beijing time. */
export function beijingClock(instant: string): string {
  return `${beijingLabel(instant)}:${partsOf(instant)['second']}`
}

/** The instant a date picker means, read as Beijing time. There is no daylight saving there. */
export function beijingInstant(clock: string): string {
  return new Date(`${clock.replace(' ', 'T')}+08:00`).toISOString()
}
