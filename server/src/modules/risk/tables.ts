import type { Statement } from '../../db/pool.ts'

/**
 * Keeps the verified phone in the draft and counts the attempt, in one round trip (R95). An attempt is counted once per draft, however
 * often it is repeated; every count includes the attempt itself. Windows slide by the minute, on the server's clock.
 * Counters of one place are hot rows: the commit does not wait for the disk, so that they are held for a moment only. What a crash in that
 * half second could lose is a count, or a phone that is then asked for again.
 * `phoneOfAccount` and `accountOfPhone` keep one row per pair, so that they count different ones, not attempts.
 *
 * $1 namespace, $2 openid, $3 draft id, $4 channel token or null, $5 form version, $6 data key, $7 phone or null, $8 now, $9 draft expires,
 * $10 signals, $11 their keys, $12 this minute, $13 whether the form was fast, $14 account key, $15 phone key or null, $16 attempt id,
 * $17 visit id or null.
 */
export const countAttempt: Statement = {
  name: 'risk_count_attempt',
  // Few at a time: side by side they wait for each other's rows, and two that shared a transaction could do so in a circle.
  lanes: 2,
  runsPerCommit: 1,
  text: `with kept as (
      insert into registration_draft as d (namespace, open_id, draft_id, channel_token, form_version, data_key_sealed, phone_sealed, counted_by, updated_at, expires_at)
      select $1, $2, $3::uuid, $4, $5, $6::bytea, $7::bytea, $16::uuid, $8::timestamptz, $9::timestamptz where set_config('synchronous_commit', 'off', true) = 'off'
      on conflict (namespace, open_id) do update set
        draft_id = excluded.draft_id, data_key_sealed = excluded.data_key_sealed,
        channel_token = coalesce(excluded.channel_token, d.channel_token), form_version = excluded.form_version,
        answers_sealed = case when d.draft_id = excluded.draft_id then d.answers_sealed end,
        phone_sealed = coalesce(excluded.phone_sealed, case when d.draft_id = excluded.draft_id then d.phone_sealed end),
        counted_by = case when d.expires_at <= $8 then excluded.counted_by else coalesce(d.counted_by, excluded.counted_by) end,
        updated_at = excluded.updated_at, expires_at = excluded.expires_at
      returning counted_by = $16 as is_first
    ), wanted as (
      select signal, key from unnest($10::text[], $11::bytea[]) as w(signal, key)
    ), bumped as (
      insert into risk_counter as c (signal, key, bucket, count, fast)
      select signal, key, $12::timestamptz, 1, case when signal = 'channel' and $13::boolean then 1 else 0 end
      from wanted where (select is_first from kept) order by signal, key
      on conflict (signal, key, bucket) do update set count = c.count + 1, fast = c.fast + excluded.fast
      returning signal, count, fast
    ), pairs as (
      insert into risk_counter (signal, key, bucket, count)
      select signal, key, date_trunc('hour', $8), 1 from (values ('accountOfPhone', $15::bytea || $14::bytea), ('phoneOfAccount', $14 || $15)) as p(signal, key)
      where $15 is not null on conflict (signal, key, bucket) do nothing
    ), phoned as (
      update visit set phone_at = $8, namespace = $1, open_id = $2
      where visit_id = $17 and $7 is not null and phone_at is null and (open_id is null or (namespace = $1 and open_id = $2))
    )
    select
      (select jsonb_object_agg(w.signal, jsonb_build_array(coalesce(e.in_10_min, 0) + coalesce(b.count, 0), coalesce(e.in_hour, 0) + coalesce(b.count, 0),
        coalesce(e.fast_in_10_min, 0) + coalesce(b.fast, 0))) from wanted w
        left join lateral (select count, fast from bumped where bumped.signal = w.signal limit 1) b on true
        cross join lateral (
          select sum(c.count) filter (where c.bucket > $8 - interval '10 minutes') as in_10_min,
            sum(c.fast) filter (where c.bucket > $8 - interval '10 minutes') as fast_in_10_min, sum(c.count) as in_hour
          from risk_counter c where c.signal = w.signal and c.key = w.key and c.bucket > $8 - interval '1 hour'
            and (c.bucket < $12 or not (select is_first from kept))) e) as counts,
      (select count(distinct key)::int from risk_counter where signal = 'phoneOfAccount' and key > $14 and key <= $14 || decode(repeat('ff', 32), 'hex')
        and key is distinct from $14 || $15 and bucket > $8 - interval '24 hours') as other_phones,
      (select count(distinct key)::int from risk_counter where signal = 'accountOfPhone' and key > $15 and key <= $15 || decode(repeat('ff', 32), 'hex')
        and key is distinct from $15 || $14 and bucket > $8 - interval '30 days') as other_accounts`,
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
