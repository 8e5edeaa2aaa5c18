/** A local day `YYYY-MM-DD` as people write it: `2027年2月10日`. */
export function dayInWords(date: string): string {
  const [year, month, day] = date.split('-').map(Number)
  return `${year}年${month}月${day}日`
}
