import type { Statement } from '../db/pool.ts'

/**
 * The accept path in one statement: the event once by its digest, and its jobs only when it is new (P1, P5).
 * $1 digest, $2 event, $3 change type, $4 sealed body, $5 received at, $6 jobs as JSON `[{ job, job_key, payload }]`.
 */
export const insertCallbackEvent: Statement = {
  name: 'callback_event_insert',
  text: `with fresh as (
      insert into callback_event (digest, event, change_type, body_sealed, received_at) values ($1, $2, $3, $4, $5)
      on conflict (digest) do nothing returning 1
    ), queued as (
      insert into outbox (job, job_key, payload)
      select wanted.job, wanted.job_key, wanted.payload
      from fresh, jsonb_to_recordset($6::jsonb) as wanted(job text, job_key text, payload jsonb)
    )
    select exists (select from fresh) as is_new`,
}
