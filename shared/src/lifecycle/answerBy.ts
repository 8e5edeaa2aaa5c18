import { addDays, localDateOf, startOfDay } from '../tier/calendar.ts'

/** A request about one's data is answered within so many working days (App method VI). */
export const answerWorkingDays = 15
const sunday = 0
const saturday = 6

/**
 * The end of the last day on which a request may be answered. Monday to Friday are counted as working days; public holidays only make the
 * promise stricter than the law. @param requestedAt ISO 8601 @returns ISO 8601
 */
export function answerBy(requestedAt: string): string {
  let day = localDateOf(requestedAt)
  for (let left = answerWorkingDays; left > 0; ) {
    day = addDays(day, 1)
    const weekday = new Date(`${day}T00:00:00.000Z`).getUTCDay()
    if (weekday !== sunday && weekday !== saturday) left -= 1
  }
  return startOfDay(addDays(day, 1))
}
