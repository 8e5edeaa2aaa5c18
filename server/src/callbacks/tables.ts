import type { SetStatement } from '../db/pool.ts'

/**
 * The accept path in one statement: each event once by its digest, and its jobs only when it is new (P1, P5). In order of the digest, so
 * that no two processes wait for each other; jobs in order of arrival.
 * A run: `digest`, `event`, `change_type`, `body_sealed`, `received_at`, `jobs` as `[{ job, job_key, payload }]`.
 */
export const insertCallbackEvents: SetStatement = {
  name: 'callback_events_insert',
  setText: `with run as (
      select ordinality::int as run, heard.* from rows from (json_to_recordset($1::json)
        as (digest bytea, event text, change_type text, body_sealed bytea, received_at timestamptz, jobs jsonb)) with ordinality as heard
    ), fresh as (
      insert into callback_event (digest, event, change_type, body_sealed, received_at)
      select digest, event, change_type, body_sealed, received_at from run order by digest
      on conflict (digest) do nothing returning digest
    ), new as (
      select min(run) as run from run where digest in (select digest from fresh) group by digest
    ), queued as (
      insert into outbox (job, job_key, payload)
      select wanted.job, wanted.job_key, wanted.payload
      from run, jsonb_to_recordset(run.jobs) as wanted(job text, job_key text, payload jsonb) where run.run in (select run from new) order by run.run
    )
    select run, run in (select run from new) as is_new from run`,
}
