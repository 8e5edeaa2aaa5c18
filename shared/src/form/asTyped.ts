import type { Parsers } from './types.ts'

/**
 * Takes phones, dates and regions as they stand: for a client that decides which fields to show while somebody is still typing.
 * What an answer means is decided on the server.
 */
export const asTyped: Parsers = {
  phone: (text) => text,
  calendarDay: (year, month, day) => `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`,
  dayAfter: (day) => day,
  regions: (text) => [text],
  regionName: () => null,
}
