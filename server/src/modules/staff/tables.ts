import type { Statement } from '../../db/pool.ts'

/** $1 state hash, $2 browser hash, $3 return path, $4 now, $5 expires, $6 purpose. */
export const insertOauthState: Statement = {
  name: 'oauth_state_insert',
  text: 'insert into oauth_state (state_hash, browser_hash, return_to, created_at, expires_at, purpose) values ($1, $2, $3, $4, $5, $6)',
}

/** One arrival wins the state, in the browser that began it. $1 state hash, $2 browser hash, $3 purpose, $4 now, $5 code hash. */
export const consumeOauthState: Statement = {
  name: 'oauth_state_consume',
  text: `update oauth_state set consumed_at = $4, code_hash = $5
    where state_hash = $1 and browser_hash = $2 and purpose = $3 and expires_at > $4 and consumed_at is null
    returning return_to`,
}

/** The state a second arrival of the same code in the same browser finds. $1 state hash, $2 browser hash, $3 purpose, $4 code hash, $5 oldest consumption. */
export const selectConsumedState: Statement = {
  name: 'oauth_state_consumed',
  text: `select return_to, session_token_sealed, session_kind from oauth_state
    where state_hash = $1 and browser_hash = $2 and purpose = $3 and code_hash = $4 and consumed_at > $5`,
}

/** A login that failed leaves nothing for a second arrival to wait for. $1 state hash. */
export const deleteOauthState: Statement = { name: 'oauth_state_delete', text: 'delete from oauth_state where state_hash = $1' }

/** Remembers the session a login ended in, for a double redirect. $1 state hash, $2 kind, $3 sealed token. */
export const rememberSession: Statement = {
  name: 'oauth_state_remember',
  text: 'update oauth_state set session_kind = $2, session_token_sealed = $3 where state_hash = $1',
}

/**
 * The login: profile, new session, the browser's old session ended, token kept for a double redirect.
 * $1 staff, $2 name, $3 departments, $4 now, $5 token hash, $6 expires, $7 hash of the browser's old token or null, $8 state hash, $9 sealed token.
 */
export const insertStaffSession: Statement = {
  name: 'staff_session_insert',
  text: `with known as (
      insert into staff (staff_user_id, name, department_ids, is_visible, synced_at) values ($1, $2, $3, true, $4)
      on conflict (staff_user_id) do update
        set name = excluded.name, department_ids = excluded.department_ids, is_visible = true, synced_at = excluded.synced_at
    ), ended as (
      update staff_session set revoked_at = $4 where token_hash = $7 and revoked_at is null
    ), remembered as (
      update oauth_state set session_token_sealed = $9 where state_hash = $8
    )
    insert into staff_session (token_hash, staff_user_id, created_at, expires_at) values ($5, $1, $4, $6)`,
}

/**
 * Who a session belongs to, and what their rights follow from (R59, R84). Only staff that are still visible to the app have a live session.
 * $1 token hash, $2 now.
 */
export const selectStaffSession: Statement = {
  name: 'staff_session_select',
  text: `select s.staff_user_id, s.expires_at, staff.name, staff.department_ids, (select default_role from rights_setting) as default_role,
      (select json_agg(json_build_object('role', role, 'scope', scope)) from staff_role r where r.staff_user_id = s.staff_user_id and r.revoked_at is null) as grants,
      array(with recursive below as (
          select unnest(staff.department_ids) as department_id
          union
          select d.department_id from department d join below b on d.parent_id = b.department_id
        ) select department_id from below) as department_tree_ids
    from staff_session s join staff using (staff_user_id)
    where s.token_hash = $1 and s.revoked_at is null and s.expires_at > $2 and staff.is_visible`,
}

/** $1 staff, $2 now. */
export const revokeStaffSessions: Statement = {
  name: 'staff_session_revoke',
  text: 'update staff_session set revoked_at = $2 where staff_user_id = $1 and revoked_at is null',
}
