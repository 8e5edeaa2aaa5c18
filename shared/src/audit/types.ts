/** Who did it: an employee, a connected system by its key, the member, or the product itself. */
export type AuditActorKind = 'staff' | 'integration' | 'member' | 'system'

/** `shown` and `done` happened; `refused` was not allowed; `absent` asked for what is not there. */
export type AuditOutcome = 'shown' | 'refused' | 'absent' | 'done'

/** One row of the audit as the chain binds it. Text only: what is bound must not depend on how a driver reads a type. */
export interface AuditRecord {
  readonly auditEntryId: string
  /** Microseconds since 1970, as the database keeps them. */
  readonly atMicros: string
  readonly actorKind: string
  readonly actorId: string
  readonly action: string
  readonly subject: string
  readonly personId: string | null
  readonly fields: readonly string[]
  readonly outcome: string
  readonly requestId: string
}

/** What a look at the chain may find; the place of each is a day and a number on it. */
export type AuditFindingKind =
  /** A sealed row is not there any more. */
  | 'entryMissing'
  /** A row, or its place in the order, is not what was sealed. */
  | 'entryChanged'
  /** Seals are missing in the middle. */
  | 'sealMissing'
  /** A signed head says that the day had more rows, or others. */
  | 'headBroken'
  /** A signed head names a day of which nothing is left, and no purge was due. */
  | 'dayMissing'
  /** A head does not carry our signature. */
  | 'headForged'
  /** Rows that no seal names though the sealer has had its time. */
  | 'unsealed'

/** One finding: the first row concerned, counted from 1 on that day. */
export interface AuditFinding {
  readonly kind: AuditFindingKind
  readonly day: string
  readonly seq: number
}
