import { addMonths } from '../tier/calendar.ts'

/** The law's floor: network logs are kept for six months at least (CSL 23(3)). */
export const auditFloorMonths = 6

/** Whether a whole local day of audit may go: every moment of it is older than the months it is kept, and never less than six. */
export function isPurgeable(day: string, today: string, months: number): boolean {
  return addMonths(day, Math.max(months, auditFloorMonths)) < today
}
