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
