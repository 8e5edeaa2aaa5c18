import type { SetStatement, Statement } from '../../db/pool.ts'

/**
 * Keeps the verified phones in their drafts and counts the attempts, in one round trip (R95). An attempt is counted once per draft, however
 * often it is repeated; every count includes the attempt itself and those before it, of which some may come along here: their `place`s.
 * Windows slide by the minute, on the server's clock.
 * Counters of one place are hot rows: the commit does not wait for the disk, so that they are held for a moment only. What a crash in that
 * half second could lose is a count, or a phone that is then asked for again. Every part writes its rows in order of their keys, so that
 * two statements never wait for each other in a circle. Two attempts of one account cannot come along together: PostgreSQL refuses to
 * touch their draft twice, and each is counted by itself.
 * `phoneOfAccount` and `accountOfPhone` keep one row per pair, so that they count different ones, not attempts.
 *
 * A run: `namespace`, `open_id`, `draft_id`, `channel_token` or null, `form_version`, `data_key`, `phone` or null, `at`, `expires_at` (of the
 * draft), `signals`, `keys` (theirs), `is_fast` (the form was), `account_key`, `phone_key` or null, `attempt_id`, `visit_id` or null.
 */
export const countAttempts: SetStatement = {
  name: 'risk_count_attempts',
  // Few: the rows of one place, for which others wait, are held for a moment only.
  lanes: 2,
  runsPerSet: 8,
  setText: `with run as (
      select ordinality::int as run, tried.*, date_trunc('minute', max(at) over ()) as minute
      from rows from (json_to_recordset($1::json) as (namespace text, open_id text, draft_id uuid, channel_token text,
        form_version text, data_key bytea, phone bytea, at timestamptz, expires_at timestamptz, signals text[], keys bytea[], is_fast boolean, account_key bytea,
        phone_key bytea, attempt_id uuid, visit_id uuid)) with ordinality as tried
    ), kept as (
      insert into registration_draft as d (namespace, open_id, draft_id, channel_token, form_version, data_key_sealed, phone_sealed, counted_by, updated_at, expires_at)
      select namespace, open_id, draft_id, channel_token, form_version, data_key, phone, attempt_id, at, expires_at
      from run where set_config('synchronous_commit', 'off', true) = 'off' order by namespace, open_id
      on conflict (namespace, open_id) do update set
        draft_id = excluded.draft_id, data_key_sealed = excluded.data_key_sealed,
        channel_token = coalesce(excluded.channel_token, d.channel_token), form_version = excluded.form_version,
        answers_sealed = case when d.draft_id = excluded.draft_id then d.answers_sealed end,
        phone_sealed = coalesce(excluded.phone_sealed, case when d.draft_id = excluded.draft_id then d.phone_sealed end),
        counted_by = case when d.expires_at <= excluded.updated_at then excluded.counted_by else coalesce(d.counted_by, excluded.counted_by) end,
        updated_at = excluded.updated_at, expires_at = excluded.expires_at
      returning counted_by
    ), wanted as (
      select w.*, sum(first) over earlier as place, sum(fast) over earlier as fast_place, sum(first) over alike as firsts, sum(fast) over alike as fasts
      from (
        select r.run, r.at, r.minute, r.account_key, r.phone_key, s.signal, s.key, (k.counted_by is not null)::int as first,
          (k.counted_by is not null and r.is_fast and s.signal = 'channel')::int as fast
        from run r left join kept k on k.counted_by = r.attempt_id cross join lateral unnest(r.signals, r.keys) as s(signal, key)) w
      window alike as (partition by signal, key), earlier as (partition by signal, key order by run)
    ), bumped as (
      insert into risk_counter as c (signal, key, bucket, count, fast)
      select distinct signal, key, minute, firsts, fasts from wanted where firsts > 0 order by signal, key
      on conflict (signal, key, bucket) do update set count = c.count + excluded.count, fast = c.fast + excluded.fast
      returning signal, key, count, fast
    ), pairs as (
      insert into risk_counter (signal, key, bucket, count)
      select p.signal, p.key, date_trunc('hour', r.at), 1
      from run r cross join lateral (values ('accountOfPhone', r.phone_key || r.account_key), ('phoneOfAccount', r.account_key || r.phone_key)) as p(signal, key)
      where r.phone_key is not null order by 1, 2 on conflict (signal, key, bucket) do nothing
    ), phoned as (
      update visit v set phone_at = r.at, namespace = r.namespace, open_id = r.open_id from run r
      where v.visit_id = any (array(select visit_id from run)) and v.visit_id = r.visit_id and r.phone is not null and v.phone_at is null
        and (v.open_id is null or (v.namespace = r.namespace and v.open_id = r.open_id))
    )
    select w.run, jsonb_object_agg(w.signal, jsonb_build_array(
        coalesce(e.in_10_min, 0) + coalesce(b.count - w.firsts, 0) + w.place, coalesce(e.in_hour, 0) + coalesce(b.count - w.firsts, 0) + w.place,
        coalesce(e.fast_in_10_min, 0) + coalesce(b.fast - w.fasts, 0) + w.fast_place)) as counts,
      (select count(distinct c.key)::int from risk_counter c where c.signal = 'phoneOfAccount' and c.key > w.account_key and c.key <= w.account_key || decode(repeat('ff', 32), 'hex')
        and c.key is distinct from w.account_key || w.phone_key and c.bucket > w.at - interval '24 hours') as other_phones,
      (select count(*)::int from (
        select c.key from risk_counter c where c.signal = 'accountOfPhone' and c.key > w.phone_key and c.key <= w.phone_key || decode(repeat('ff', 32), 'hex')
          and c.key is distinct from w.phone_key || w.account_key and c.bucket > w.at - interval '30 days'
        union select o.phone_key || o.account_key from run o where o.phone_key = w.phone_key and o.run < w.run) others) as other_accounts
    from wanted w left join bumped b on b.signal = w.signal and b.key = w.key
      cross join lateral (
        select sum(c.count) filter (where c.bucket > w.minute - interval '10 minutes') as in_10_min,
          sum(c.fast) filter (where c.bucket > w.minute - interval '10 minutes') as fast_in_10_min, sum(c.count) as in_hour
        from risk_counter c where c.signal = w.signal and c.key = w.key and c.bucket > w.minute - interval '1 hour'
          and (c.bucket < w.minute or b.count is null)) e
    group by w.run, w.at, w.account_key, w.phone_key`,
}

/** $1 id, $2 now, $3 outcome, $4 reasons, $5 namespace, $6 openid, $7 channel id or null. */
export const insertDecision: Statement = {
  name: 'risk_insert_decision',
  text: `insert into risk_decision (decision_id, at, outcome, reasons, namespace, open_id, channel_id) values ($1, $2, $3, $4, $5, $6, $7)`,
}

/** One line per threshold and hour. $1 keys, $2 now, $3 messages. */
export const insertAlarms: Statement = {
  name: 'risk_insert_alarms',
  text: `insert into risk_alarm (alarm_key, at, message) select alarm_key, $2, message from unnest($1::text[], $3::text[]) as a(alarm_key, message)
    order by alarm_key on conflict (alarm_key) do nothing`,
}

const decisionColumns = `d.decision_id, d.at, d.outcome, d.reasons, d.verdict, d.reviewed_by, d.reviewed_at, d.member_id, c.name as channel_name,
    m.member_no, m.data_key_sealed, m.phone_sealed, coalesce(s.name, d.reviewed_by) as reviewer_name`
const decisionJoins = `left join channel c on c.channel_id = d.channel_id left join member m on m.member_id = d.member_id
    left join staff s on s.staff_user_id = d.reviewed_by`

/** The newest 500, what waits for a look first. $1 true only the unreviewed, false only the reviewed, null all. */
export const selectDecisions: Statement = {
  name: 'risk_list_decisions',
  text: `select ${decisionColumns} from risk_decision d ${decisionJoins}
    where $1::boolean is null or (d.verdict is null and d.outcome in ('hold', 'deny')) = $1
    order by (d.verdict is null and d.outcome in ('hold', 'deny')) desc, d.at desc, d.decision_id desc limit 500`,
}

/** $1 decision id. */
export const selectDecision: Statement = { name: 'risk_select_decision', text: `select ${decisionColumns} from risk_decision d ${decisionJoins} where d.decision_id = $1` }

/** $1 now. The last 24 hours. */
export const selectAlarms: Statement = { name: 'risk_list_alarms', text: `select at, message from risk_alarm where at > $1::timestamptz - interval '24 hours' order by at desc limit 200` }

/** $1 decision id. */
export const lockDecision: Statement = { name: 'risk_lock_decision', text: 'select outcome, verdict, member_id from risk_decision where decision_id = $1 for update' }

/** $1 decision id, $2 verdict, $3 reviewer, $4 now, $5 note or null. */
export const updateVerdict: Statement = {
  name: 'risk_update_verdict',
  text: 'update risk_decision set verdict = $2, reviewed_by = $3, reviewed_at = $4, note = $5 where decision_id = $1',
}

/** $1 member id. */
export const lockHeldMember: Statement = {
  name: 'risk_lock_member',
  text: `select member_id, person_id, growth_value, tier, registered_at, held_at, confirmed_at from member where member_id = $1 and absorbed_by is null for update`,
}

/** $1 member id, $2 held since, or null. */
export const updateHeld: Statement = { name: 'risk_update_held', text: 'update member set held_at = $2 where member_id = $1' }

/** The first growth of a member and what later decisions did to it. $1 member id. */
export const selectRegistrationGrowth: Statement = {
  name: 'risk_registration_growth',
  text: `select growth_entry_id, kind, amount, source_id, occurred_at from growth_entry
    where member_id = $1 and source in ('registration', 'riskReview') order by posted_at`,
}

/** $1 id, $2 name, $3 channel id, $4 limit, $5 from, $6 until, $7 by. No row when there is no such channel. */
export const insertAllowance: Statement = {
  name: 'risk_insert_allowance',
  text: `insert into risk_allowance (allowance_id, name, channel_id, max_per_ten_minutes, starts_at, ends_at, created_by)
    select $1, $2, channel_id, $4, $5, $6, $7 from channel where channel_id = $3 returning allowance_id`,
}

/** The newest 200. */
export const selectAllowances: Statement = {
  name: 'risk_list_allowances',
  text: 'select allowance_id, name, channel_id, max_per_ten_minutes, starts_at, ends_at, created_by from risk_allowance order by ends_at desc, allowance_id desc limit 200',
}

/** $1 id, $2 now, $3 staff, $4 action, $5 subject, $6 person id or null, $7 request id. */
export const insertAudit: Statement = {
  name: 'risk_insert_audit',
  text: `insert into audit_entry (audit_entry_id, at, actor_kind, actor_id, action, subject, person_id, fields, outcome, request_id) values ($1, $2, 'staff', $3, $4, $5, $6, '{}', 'done', $7)`,
}
