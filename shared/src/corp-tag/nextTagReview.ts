const chinaOffsetMs = 8 * 3_600_000
const reviewHour = 2

/** The next monthly look at all pairs: the 1st, 02:00 in Asia/Shanghai, which knows no summer time (R54). @param at ISO 8601 */
export function nextTagReview(at: string): string {
  const local = new Date(Date.parse(at) + chinaOffsetMs)
  const [year, month] = [local.getUTCFullYear(), local.getUTCMonth()]
  const inMonth = (later: number): number => Date.UTC(year, month + later, 1, reviewHour) - chinaOffsetMs
  return new Date(inMonth(0) > Date.parse(at) ? inMonth(0) : inMonth(1)).toISOString()
}
