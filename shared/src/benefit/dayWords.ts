/** A local day in words: `2026-03-08` as 2026年3月8日. */
export function dayWords(day: string): string {
  const [year, month, date] = day.split('-').map(Number)
  return `${year}年${month}月${date}日`
}
