import { Temporal } from 'temporal-polyfill'

/** Reviews and grace are counted in days of this zone. */
export const memberTimeZone = 'Asia/Shanghai'

/** The local day of an instant, `YYYY-MM-DD`. */
export function localDateOf(at: string): string {
  return Temporal.Instant.from(at).toZonedDateTimeISO(memberTimeZone).toPlainDate().toString()
}

/** The instant a local day begins, ISO 8601 in UTC with milliseconds. */
export function startOfDay(date: string): string {
  const epoch = Temporal.PlainDate.from(date).toZonedDateTime({ timeZone: memberTimeZone }).epochMilliseconds
  return new Date(epoch).toISOString()
}

/** The same day of the month so many months later; the last day of a month that is too short, without losing the anchor. */
export function addMonths(date: string, months: number): string {
  return Temporal.PlainDate.from(date).add({ months }).toString()
}

export function addDays(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString()
}

/** The instant so many calendar months earlier, at the same local time of day. */
export function monthsBefore(at: string, months: number): string {
  const epoch = Temporal.Instant.from(at).toZonedDateTimeISO(memberTimeZone).subtract({ months }).epochMilliseconds
  return new Date(epoch).toISOString()
}

/** The local day after this one. */
export function nextDay(date: string): string {
  return addDays(date, 1)
}
