import { plainText } from './cleanText.ts'
import type { Parsers } from './types.ts'

/** A day that was understood, or why not, in words for the person who typed it. */
export type DateReading = { readonly value: string } | { readonly problem: string }

const firstYear = 1900
const lastYear = 2100
/** Excel counts days from 1900-01-01 = 1 and believes in a 29 February 1900 (serial 60), which there never was. */
const excelFirstSerial = 1
const excelMissingDay = 60
/** Past every year we take. */
const excelLastSerial = 100_000
const unclear: DateReading = { problem: '看不懂这个日期，请写成 2026-03-05 的样子' }

/** `2026年3月5日` of `2026-03-05`. */
export function shownDate(day: string): string {
  const [year, month, date] = day.split('-')
  return `${Number(year)}年${Number(month)}月${Number(date)}日`
}

function inRange(day: string): DateReading {
  const year = Number(day.slice(0, 4))
  return year < firstYear || year > lastYear ? { problem: `年份须在 ${firstYear} 到 ${lastYear} 之间` } : { value: day }
}

function readDay(year: number, month: number, date: number, parsers: Parsers): DateReading {
  const day = parsers.calendarDay(year, month, date)
  return day === null ? { problem: `没有 ${year}年${month}月${date}日 这一天，请检查` } : inRange(day)
}

/** Day and month in front of the year: taken when only one order is a real day, refused with both readings when both are. */
function readYearLast(first: number, second: number, year: number, parsers: Parsers): DateReading {
  const days = [parsers.calendarDay(year, first, second), parsers.calendarDay(year, second, first)].filter((day) => day !== null)
  const [day, other] = [...new Set(days)]
  if (day === undefined) return unclear
  if (other === undefined) return inRange(day)
  return { problem: `这个日期可以是${shownDate(day)}，也可以是${shownDate(other)}，请写成 ${day} 的样子` }
}

/** A cell of a spreadsheet; its time of day, the fraction, is dropped. */
function readSerial(serial: number, parsers: Parsers): DateReading {
  const days = Math.floor(serial)
  if (days >= firstYear && days <= lastYear) return { problem: `${days} 可以是年份，也可以是表格里的日期序号，请写成 2026-03-05 的样子` }
  // The negation also catches a number that is none.
  if (!(days >= excelFirstSerial && days <= excelLastSerial)) return unclear
  if (days === excelMissingDay) return { problem: '1900年2月29日并不存在（表格软件的已知错误），请写出实际日期' }
  return inRange(parsers.dayAfter(days < excelMissingDay ? '1899-12-31' : '1899-12-30', days))
}

/**
 * A calendar day in the spellings people and spreadsheets use: `2026/3/5`, `2026-03-05`, `2026.3.5`, `2026年3月5日`, `20260305`,
 * an Excel serial of the 1900 system; full-width characters too. What can be read in two ways is refused with both readings.
 * Idempotent: its result reads as itself.
 */
export function readDate(raw: string | number, parsers: Parsers): DateReading {
  const compact = /^(\d{4})(\d{2})(\d{2})$/.exec(String(raw))
  if (typeof raw === 'number' && compact === null) return readSerial(raw, parsers)
  const text = plainText(String(raw))
    .replace(/[‐-―−]/g, '-')
    .replace(/[ T]0?0:00(:00)?$/, '')
    .replace(/ /g, '')
  const yearFirst = /^(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})[日号]?|(\d{2})(\d{2}))$/.exec(text)
  if (yearFirst) {
    const [, year, , ...rest] = yearFirst
    const [month, date] = rest.filter((part) => part !== undefined)
    return readDay(Number(year), Number(month), Number(date), parsers)
  }
  const yearLast = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})$/.exec(text)
  if (yearLast) return readYearLast(Number(yearLast[1]), Number(yearLast[3]), Number(yearLast[4]), parsers)
  // Typed by hand, fewer digits are rather a year or a day than a serial.
  if (/^\d{5}(\.\d+)?$/.test(text)) return readSerial(Number(text), parsers)
  if (/^\d{1,2}([-/.])\d{1,2}\1\d{1,2}$/.test(text)) return { problem: '年份请写四位数字，例如 2026-03-05' }
  return unclear
}
