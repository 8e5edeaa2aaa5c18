import type { SetStatement, Statement } from '../../db/pool.ts'

/** The rep who serves a member: their dedicated adviser, else the one with the newest live relation, else the one of the channel. */
const memberSelfColumns = `m.member_id, m.member_no, m.growth_value, m.tier, to_char(m.tier_review_on, 'YYYY-MM-DD') as review_on, to_char(m.tier_grace_until, 'YYYY-MM-DD') as grace_until, m.registered_at, m.data_key_sealed, m.phone_sealed, m.held_at, m.confirmed_at,
    coalesce(
      (select s.name from member_adviser a join staff s using (staff_user_id) where a.member_id = m.member_id and a.ended_at is null),
      (select s.name from external_contact e join follow_user f using (external_user_id) join staff s using (staff_user_id)
        where e.person_id = m.person_id and f.ended_at is null order by f.added_at desc limit 1),
      (select s.name from channel c join staff s using (staff_user_id) where c.channel_id = m.channel_id)) as adviser_name`

/** $1 member id. */
export const selectMemberById: Statement = { name: 'member_by_id', text: `select ${memberSelfColumns} from member m where m.member_id = $1 and m.restricted_at is null` }

/** The first of these that somebody holds who is a member. $1 namespaces, $2 values, in order of preference. */
export const selectMemberByIdentifiers: Statement = {
  name: 'member_by_identifiers',
  text: `select ${memberSelfColumns} from member m where m.person_id = (
    select i.person_id from unnest($1::text[], $2::text[]) with ordinality as n(namespace, value, place)
    cross join lateral (select person_id from identifier i where i.namespace = n.namespace and i.value = n.value limit 1) i
    cross join lateral (select 1 from member h where h.person_id = i.person_id limit 1) h order by n.place limit 1)`,
}

/**
 * Opens a session and says in the same round trip whether the person is known. A login that shows identifiers together
 * for the first time asks the junction to look: the unionid may have appeared long after the registration (R34, R39).
 * $1 token hash, $2 session id, $3 namespace, $4 openid, $5 unionid or null, $6 external user id or null, $7 now, $8 expires,
 * $9 namespaces and $10 values of everything the login showed.
 */
export const insertMemberSession: Statement = {
  name: 'member_session_insert',
  text: `with opened as (
      insert into member_session (token_hash, session_id, namespace, open_id, union_id, external_user_id, created_at, expires_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8)
    ), shown as (
      select namespace, value from unnest($9::text[], $10::text[]) as s(namespace, value)
    ), holder as (
      select i.person_id from shown s cross join lateral (select person_id from identifier i where i.namespace = s.namespace and i.value = s.value limit 1) i
    ), queued as (
      insert into outbox (job, job_key, payload)
      select 'linkIdentity', concat_ws('|', person_id, array_to_string($10::text[], '|')), jsonb_build_object('personId', person_id, 'seenTogether',
        (select jsonb_agg(jsonb_build_object('namespace', namespace, 'value', value)) from shown))
      from holder
      where (select count(*) from shown) > 1
        and ((select count(*) from holder) < (select count(*) from shown) or (select count(distinct person_id) from holder) > 1)
      limit 1
    ), known as (
      select m.* from holder h cross join lateral (select member_id, archived_at, last_activity_at from member m where m.person_id = h.person_id and m.restricted_at is null limit 1) m
    ), acted as (
      -- A login is an act of the customer (domain rules h 1); written at most once an hour, so that a launch costs no write of its own.
      update member set last_activity_at = $7
      where member_id = (select member_id from known where archived_at is null and last_activity_at < $7::timestamptz - interval '1 hour' limit 1)
    )
    select exists (select from holder) as is_recognised,
      (select member_id from known where archived_at is not null limit 1) as archived_member_id`,
}

/** Of sessions that live. A run: `token_hash`, `at`. */
export const selectMemberSessions: SetStatement = {
  name: 'member_session_select',
  setText: `select run.ordinality::int as run, s.* from rows from (json_to_recordset($1::json) as (token_hash bytea, at timestamptz)) with ordinality as run
    cross join lateral (select session_id, namespace, open_id, union_id, external_user_id, expires_at from member_session
      where token_hash = run.token_hash and expires_at > run.at and namespace <> '' limit 1) s`,
}
