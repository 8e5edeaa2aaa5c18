import type { Statement } from '../../db/pool.ts'

/** The rep who serves a member: the one with the newest live relation, else the one of the channel. */
const memberSelfColumns = `m.member_id, m.member_no, m.growth_value, m.registered_at, m.data_key_sealed, m.phone_sealed,
    coalesce(
      (select s.name from external_contact e join follow_user f using (external_user_id) join staff s using (staff_user_id)
        where e.person_id = m.person_id and f.ended_at is null order by f.added_at desc limit 1),
      (select s.name from channel c join staff s using (staff_user_id) where c.channel_id = m.channel_id)) as adviser_name`

/** $1 member id. */
export const selectMemberById: Statement = { name: 'member_by_id', text: `select ${memberSelfColumns} from member m where m.member_id = $1` }

/** $1 openid namespace, $2 openid, $3 unionid namespace, $4 unionid or null. */
export const selectMemberByIdentifiers: Statement = {
  name: 'member_by_identifiers',
  text: `select ${memberSelfColumns} from member m where m.person_id = (
    select i.person_id from identifier i join member using (person_id)
    where (i.namespace = $1 and i.value = $2) or (i.namespace = $3 and i.value = $4) order by i.namespace = $3 desc limit 1)`,
}


/**
 * Opens a session and says in the same round trip whether the person is known. A login that shows openid and unionid together
 * for the first time asks the junction to look: the unionid may have appeared long after the registration (R34, R39).
 * $1 token hash, $2 session id, $3 openid, $4 unionid or null, $5 now, $6 expires, $7 openid namespace, $8 unionid namespace.
 */
export const insertMemberSession: Statement = {
  name: 'member_session_insert',
  text: `with opened as (
      insert into member_session (token_hash, session_id, open_id, union_id, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)
    ), holder as (
      select namespace, person_id from identifier where (namespace = $7 and value = $3) or (namespace = $8 and value = $4)
    ), queued as (
      insert into outbox (job, job_key, payload)
      select 'linkIdentity', concat_ws('|', person_id, $3::text, $4::text), jsonb_build_object('personId', person_id, 'seenTogether', jsonb_build_array(
        jsonb_build_object('namespace', $7::text, 'value', $3::text), jsonb_build_object('namespace', $8::text, 'value', $4::text)))
      from holder where $4::text is not null and ((select count(*) from holder) < 2 or (select count(distinct person_id) from holder) > 1)
      limit 1
    )
    select exists (select from holder) as is_recognised`,
}

/** $1 token hash, $2 now. */
export const selectMemberSession: Statement = {
  name: 'member_session_select',
  text: 'select session_id, open_id, union_id from member_session where token_hash = $1 and expires_at > $2',
}
