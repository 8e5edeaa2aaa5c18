import type { Statement } from '../../db/pool.ts'

/** Jobs the queue may hold before a count says "at least"; a look must not read a table of millions. */
const counted = 100_000

/** What waits in each queue; the partial indexes of waiting jobs answer it. The queue keeps the database's own time. */
export const selectQueues: Statement = {
  name: 'health_queues',
  text: `select name, count(*) filter (where start_after <= now() or state = 'retry')::int as waiting, count(*) filter (where start_after > now() and state = 'created')::int as deferred,
      extract(epoch from now() - min(case when state = 'retry' then created_on else start_after end) filter (where start_after <= now() or state = 'retry'))::float8 as oldest_seconds
    from (select name, state, start_after, created_on from queue.job where state < 'active' limit ${counted}) j group by name order by name`,
}

/** Last time contacts were compared with WeCom. */
export const selectLastReconcile: Statement = {
  name: 'health_reconcile',
  text: `select max(completed_on) as at from queue.job where name = 'reconcileContacts' and state = 'completed'`,
}

/** One row of everything else. $1 now, $2 local day. */
export const selectVitals: Statement = {
  name: 'health_vitals',
  text: `select
      (select count(*)::int from (select from outbox limit ${counted}) o) as outbox_waiting,
      (select extract(epoch from now() - created_at)::float8 from outbox where start_after is null or start_after <= now() order by outbox_id limit 1) as outbox_oldest_seconds,
      (select max(day)::text from tier_day) as last_tier_day, $2::date - (select max(day) from tier_day) as tier_day_age,
      (select max(day)::text from archive_run) as last_archive_day, $2::date - (select max(day) from archive_run) as archive_day_age,
      (select count(*)::int from erasure where state <> 'erased') as erasures_open,
      (select count(*)::int from erasure where state = 'restricted' and answer_by < $1::timestamptz) as erasures_overdue,
      (select extract(epoch from $1::timestamptz - min(e.at))::float8 from audit_entry e where e.at > coalesce(
        (select x.at from (select audit_entry_id from audit_seal where day = (select max(day) from audit_seal) order by seq desc limit 1) s join audit_entry x using (audit_entry_id)), '-infinity')) as seal_lag_seconds,
      (select finished_at from audit_verification order by finished_at desc limit 1) as verified_at,
      coalesce((select finding is not null from audit_verification order by finished_at desc limit 1), false) as is_broken,
      pg_database_size(current_database())::float8 as database_bytes`,
}

/** Credentials of the vendors, without their values. */
export const selectCredentials: Statement = {
  name: 'health_credentials',
  text: 'select vendor, app, kind, obtained_at, expires_at, blocked_until from vendor_credential order by vendor, app, kind',
}

/** Calls in the windows that run, callbacks that were refused, and those that were stored. $1 now, $2 the name of the last. */
export const selectCounts: Statement = {
  name: 'health_counts',
  text: `select name, count::float8, last_at from sighting where name like 'callback.%' or name = $2
      or name like 'calls.hour %' and date_trunc('hour', last_at) = date_trunc('hour', $1::timestamptz)
      or name like 'calls.minute %' and date_trunc('minute', last_at) = date_trunc('minute', $1::timestamptz)`,
}

/** Welcomes of the last 24 hours by outcome; one that was begun and never finished was cut off with its process. $1 now. */
export const selectWelcomes: Statement = {
  name: 'health_welcomes',
  text: `select case when outcome = 'sending' then 'failed' else outcome end as outcome, count(*)::int as count from welcome_attempt
    where received_at > $1::timestamptz - interval '24 hours' and (outcome <> 'sending' or received_at < $1::timestamptz - interval '1 minute') group by 1`,
}
