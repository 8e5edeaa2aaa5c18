import type { AuditRecord } from '@qihui/shared/audit'

/** The bound columns of an entry, as the statements give them. */
export interface BoundRow {
  readonly audit_entry_id: string
  readonly at_micros: string
  readonly actor_kind: string
  readonly actor_id: string
  readonly action: string
  readonly subject: string
  readonly person_id: string | null
  readonly fields: readonly string[]
  readonly outcome: string
  readonly request_id: string
}

export function boundRecord(row: BoundRow): AuditRecord {
  return {
    auditEntryId: row.audit_entry_id,
    atMicros: row.at_micros,
    actorKind: row.actor_kind,
    actorId: row.actor_id,
    action: row.action,
    subject: row.subject,
    personId: row.person_id,
    fields: row.fields,
    outcome: row.outcome,
    requestId: row.request_id,
  }
}
