/** Longest grant, minutes (domain rules i 2). */
export const maxMinutes = 30
/** Longest grant nobody approved, minutes (domain rules i 5). */
export const maxBreakGlassMinutes = 10
/** Most looks of one grant. */
export const maxViews = 10
/** After this many hours a request nobody answered is over. */
export const answerHours = 24
/** A look taken in an emergency is reviewed within this many hours. */
export const reviewHours = 24
/** Persons one requester may ask about in a day before a second approver is needed (domain rules i 2). */
const personsForOneApprover = 20

/**
 * How many must approve. Requests name one person each, so what counts is whom the requester has asked about within a day:
 * a list of many cannot be had by asking one by one.
 */
export function approversNeeded(personsInDay: number): 1 | 2 {
  return personsInDay > personsForOneApprover ? 2 : 1
}
