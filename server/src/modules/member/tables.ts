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
    select person_id from identifier where (namespace = $1 and value = $2) or (namespace = $3 and value = $4) order by namespace = $3 desc limit 1)`,
}


/**
 * Opens a session and says in the same round trip whether the person is known.
 * $1 token hash, $2 session id, $3 openid, $4 unionid or null, $5 now, $6 expires, $7 openid namespace, $8 unionid namespace.
 */
export const insertMemberSession: Statement = {
  name: 'member_session_insert',
  text: `with opened as (
      insert into member_session (token_hash, session_id, open_id, union_id, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)
    )
    select exists (select from identifier where (namespace = $7 and value = $3) or (namespace = $8 and value = $4)) as is_recognised`,
}

/** $1 token hash, $2 now. */
export const selectMemberSession: Statement = {
  name: 'member_session_select',
  text: 'select session_id, open_id, union_id from member_session where token_hash = $1 and expires_at > $2',
}
