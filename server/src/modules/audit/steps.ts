import type { AuditActorKind, AuditOutcome } from '@qihui/shared/audit'
import type { Tx } from '../../db/pool.ts'
import type { Actor } from '../../http/actor.ts'
import { newId } from '../../security/newId.ts'
import { insertEntries } from './tables.ts'

/** What somebody did or saw. Names things, never values: no phone, no name, no token. */
export interface AuditEvent {
  readonly at: Date
  readonly actor: { readonly kind: AuditActorKind; readonly id: string }
  /** `channel.create`: noun and verb, stable; its words are in shared/audit. */
  readonly action: string
  /** `channel:<id>`. */
  readonly subject: string
  /** One row for each; none: one row without a person. */
  readonly personIds?: readonly string[]
  readonly fields?: readonly string[]
  readonly outcome?: AuditOutcome
  readonly requestId?: string
}

/** Writes the audit of an action in the transaction that does it: neither happens without the other (R61, P8). */
export async function recordAudit(tx: Tx, event: AuditEvent): Promise<void> {
  const persons: readonly (string | null)[] = event.personIds?.length ? event.personIds : [null]
  await tx.run(insertEntries, [
    persons.map(() => newId()), persons, event.at.toISOString(), event.actor.kind, event.actor.id, event.action, event.subject, event.fields ?? [],
    event.outcome ?? 'done', event.requestId ?? '',
  ])
}

/** Who acts, as the audit names them. A member is named by nothing: the row's person says who it is about. */
export function auditActorOf(actor: Actor): AuditEvent['actor'] {
  switch (actor.kind) {
    case 'staff':
      return { kind: 'staff', id: actor.staffUserId }
    case 'integration':
      return { kind: 'integration', id: actor.keyId }
    case 'member':
      return { kind: 'member', id: 'self' }
    case 'public':
      return { kind: 'system', id: 'public' }
  }
}
