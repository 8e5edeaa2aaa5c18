const two = (part: number) => String(part).padStart(2, '0')

/** `rep.li 2026-11-22`, with `time` also the minute; Beijing time, which is the company's. */
export function watermarkText(staffUserId: string, at: number, time = false): string {
  const local = new Date(at + 8 * 3_600_000)
  const day = `${local.getUTCFullYear()}-${two(local.getUTCMonth() + 1)}-${two(local.getUTCDate())}`
  return time ? `${staffUserId} ${day} ${two(local.getUTCHours())}:${two(local.getUTCMinutes())}` : `${staffUserId} ${day}`
}
