import type { Parsers } from '@qihui/shared/form'
import dayjs from 'dayjs'
import customParseFormat from 'dayjs/plugin/customParseFormat.js'
import utc from 'dayjs/plugin/utc.js'
import { normaliseTypedPhone } from '../../security/normalisePhone.ts'
import { divisionName, divisionsNamed } from './divisions.ts'

dayjs.extend(customParseFormat)
dayjs.extend(utc)

const dayFormat = 'YYYY-MM-DD'

function isoDay(year: number, month: number, day: number): string {
  return [String(year).padStart(4, '0'), String(month).padStart(2, '0'), String(day).padStart(2, '0')].join('-')
}

/** The parsers of every channel: number plan, calendar and division codes from kept libraries. */
export const parsers: Parsers = {
  phone: normaliseTypedPhone,
  calendarDay(year, month, day) {
    const text = isoDay(year, month, day)
    return dayjs.utc(text, dayFormat, true).isValid() ? text : null
  },
  dayAfter: (day, days) => dayjs.utc(day, dayFormat).add(days, 'day').format(dayFormat),
  regions: divisionsNamed,
  regionName: divisionName,
}
