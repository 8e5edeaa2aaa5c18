import { addDays, localDateOf, startOfDay } from '../tier/calendar.ts'

/** Days without an act of the customer after which a member is archived (R67). */
export const archiveAfterDays = 180
/** Days after which the member is told that this is coming, earliest first (domain rules h 2). */
export const noticeDays = [150, 173] as const
/** Months in the archive after which nothing that leads to a person is kept (domain rules h 3). */
export const anonymiseAfterMonths = 24

/** How quiet a member has become. */
export type QuietState = 'active' | 'warned150' | 'warned173' | 'archived'

/**
 * The instant before which the last act must lie for so many quiet days to have passed: whole local days of Asia/Shanghai after the one of
 * the act, so that everybody who acted on one day is treated alike and nobody earlier than said. @param at ISO 8601
 */
export function quietBefore(at: string, days: number): string {
  return startOfDay(addDays(localDateOf(at), -days))
}

/** What follows from the last act of a customer (domain rules h 2). An act in the future counts as now. @param at ISO 8601 */
export function quietState(lastActivityAt: string, at: string): QuietState {
  const isQuietFor = (days: number) => Date.parse(lastActivityAt) < Date.parse(quietBefore(at, days))
  if (isQuietFor(archiveAfterDays)) return 'archived'
  if (isQuietFor(noticeDays[1])) return 'warned173'
  return isQuietFor(noticeDays[0]) ? 'warned150' : 'active'
}
