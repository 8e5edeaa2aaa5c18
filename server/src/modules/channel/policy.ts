import type { StaffActor } from '../../http/actor.ts'

/** Whose channels an employee manages: an operator everybody's (null), a rep their own (R17). */
export function managedBy(actor: StaffActor): string | null {
  return actor.isOperator ? null : actor.staffUserId
}
