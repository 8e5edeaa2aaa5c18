import { addMonths, localDateOf } from '../tier/calendar.ts'
import { anonymiseAfterMonths } from './standing.ts'

/** A legal hold as the rule needs it. */
export interface HoldFacts {
  readonly expiresAt: string
  readonly liftedAt: string | null
}

/** Whether a hold stops purging at this instant. Approval is not waited for: the safe side is to keep (domain rules h 5). */
export function isHolding(hold: HoldFacts, at: string): boolean {
  return hold.liftedAt === null && Date.parse(hold.expiresAt) > Date.parse(at)
}

/** Whether an archived member's data may go now: its time is over and nothing holds it. @param archivedAt null while the member is not archived */
export function purgeState(archivedAt: string | null, holds: readonly HoldFacts[], at: string): 'kept' | 'due' | 'held' {
  const isOver = archivedAt !== null && addMonths(localDateOf(archivedAt), anonymiseAfterMonths) <= localDateOf(at)
  if (!isOver) return 'kept'
  return holds.some((hold) => isHolding(hold, at)) ? 'held' : 'due'
}
