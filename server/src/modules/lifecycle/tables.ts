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

/** Messages name people who may never join: half a year answers every question about one, unless they are held. $1 now. */
export const deleteOldDeliveries: Statement = {
  name: 'lifecycle_deliveries',
  text: `delete from delivery where created_at < $1::timestamptz - interval '180 days'
    and not exists (select from legal_hold where data_class = 'messages' and lifted_at is null and expires_at > $1)`,
}

/** Figures of employees and of links: a year can be compared with the year before, and then they go. $1 now. */
export const deleteOldStaffBehaviour: Statement = {
  name: 'lifecycle_staff_behaviour',
  text: `delete from staff_behaviour where day < ($1::timestamptz at time zone 'Asia/Shanghai')::date - 400`,
}

/** $1 now. */
export const deleteOldDocumentDays: Statement = {
  name: 'lifecycle_document_days',
  text: `delete from document_day where day < ($1::timestamptz at time zone 'Asia/Shanghai')::date - 400`,
}

/** The key of an export makes its pseudonyms; after seven days nobody can make them again (R66). $1 now. */
export const forgetExportKeys: Statement = {
  name: 'lifecycle_export_keys',
  text: 'update deidentified_export set key_sealed = null where expires_at <= $1 and key_sealed is not null',
}

/** How quiet the living members are. $1 before: first notice, $2 before: second notice. */
export const selectLifecycleCounts: Statement = {
  name: 'lifecycle_counts',
  text: `select count(*) filter (where archived_at is null and restricted_at is null and last_activity_at >= $1)::int as active,
      count(*) filter (where archived_at is null and restricted_at is null and last_activity_at < $1 and last_activity_at >= $2)::int as quiet150,
      count(*) filter (where archived_at is null and restricted_at is null and last_activity_at < $2)::int as quiet173,
      count(*) filter (where archived_at is not null and restricted_at is null)::int as archived,
      (select count(*)::int from erasure where state <> 'erased') as restricted, (select count(*)::int from erasure where state = 'erased') as erased
    from member where absorbed_by is null`,
}

export const selectArchiveRuns: Statement = {
  name: 'lifecycle_archive_runs',
  text: `select to_char(day, 'YYYY-MM-DD') as day, archived, warned, finished_at from archive_run order by archive_run.day desc limit 30`,
}
