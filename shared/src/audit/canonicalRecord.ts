import type { AuditRecord } from './types.ts'

/** Changed only together with a new way to verify: what was sealed under one layout is verified under it. */
const layout = 1

/**
 * The one text of a row at its place, which the chain's hash is taken over: two different rows, or one row at two places, never give the
 * same text. JSON keeps the borders between values.
 */
export function canonicalRecord(day: string, seq: number, record: AuditRecord): string {
  const { auditEntryId, atMicros, actorKind, actorId, action, subject, personId, fields, outcome, requestId } = record
  return JSON.stringify([layout, day, seq, auditEntryId, atMicros, actorKind, actorId, action, subject, personId, fields, outcome, requestId])
}
