import type { Statement } from '../../db/pool.ts'

/** $1 now. */
export const deleteExpiredSessions: Statement = { name: 'lifecycle_member_sessions', text: 'delete from member_session where expires_at <= $1' }

/** Keys are promised for 24 hours (P4). $1 now. */
export const deleteOldIdempotencyKeys: Statement = {
  name: 'lifecycle_idempotency_keys',
  text: `delete from idempotency_key where created_at < $1::timestamptz - interval '24 hours'`,
}

/** A callback is refused by its timestamp after five minutes; the digests are kept a month to look into incidents. $1 now. */
export const deleteOldCallbackEvents: Statement = {
  name: 'lifecycle_callback_events',
  text: `delete from callback_event where received_at < $1::timestamptz - interval '30 days'`,
}

/** A draft waits for its person for a day (domain rules 2.2). $1 now. */
export const deleteExpiredDrafts: Statement = { name: 'lifecycle_drafts', text: 'delete from registration_draft where expires_at <= $1' }

/** Counters of an hour are done with after two days; which phones went with which accounts is looked at for 30 days (domain rules g). $1 now. */
export const deleteOldRiskCounters: Statement = {
  name: 'lifecycle_risk_counters',
  text: `delete from risk_counter where bucket < $1::timestamptz - interval '31 days'
    or (bucket < $1::timestamptz - interval '2 days' and signal not in ('accountOfPhone', 'phoneOfAccount'))`,
}

/** Messages name people who may never join: half a year answers every question about one. $1 now. */
export const deleteOldDeliveries: Statement = {
  name: 'lifecycle_deliveries',
  text: `delete from delivery where created_at < $1::timestamptz - interval '180 days'`,
}
