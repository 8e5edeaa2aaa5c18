import { compareText } from './edges.ts'

/** What decides who stays. */
export interface Seniority {
  readonly personId: string
  /** ISO 8601. */
  readonly createdAt: string
}

/** The same person stays, whichever side is looked at first: oldest, then smallest id (domain rules a 5). */
export function bySeniority(a: Seniority, b: Seniority): number {
  return compareText(a.createdAt, b.createdAt) || compareText(a.personId, b.personId)
}

/** The one of several persons whose id the joined one keeps; undefined for nobody. */
export function survivorOf<P extends Seniority>(persons: readonly P[]): P | undefined {
  return [...persons].sort(bySeniority)[0]
}
