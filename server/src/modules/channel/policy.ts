import type { RightsAction } from '@qihui/shared/rights'
import type { StaffActor } from '../../http/actor.ts'

/** Whether an employee's right goes to everybody's channels, and not to their own alone (R17, R59). */
export function managesAll(actor: StaffActor, action: RightsAction): boolean {
  return actor.rights.reachOf({ action, subject: 'Channel' }) === 'all'
}

/** Whose channels an employee manages: everybody's (null), or their own. */
export function managedBy(actor: StaffActor): string | null {
  return managesAll(actor, 'read') ? null : actor.staffUserId
}
