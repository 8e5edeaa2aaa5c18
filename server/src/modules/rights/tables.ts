import type { Statement } from '../../db/pool.ts'

export const selectSetting: Statement = { name: 'rights_setting', text: 'select model, default_role from rights_setting' }

/** Held while a grant is judged by it. */
export const holdSetting: Statement = { name: 'rights_setting_hold', text: 'select model from rights_setting for share' }

/** $1 model, $2 default role or null, $3 by, $4 now. */
export const updateSetting: Statement = {
  name: 'rights_setting_update',
  text: 'update rights_setting set model = $1, default_role = $2, changed_by = $3, changed_at = $4',
}

/** $1 limit. */
export const selectGrants: Statement = {
  name: 'rights_grants',
  text: `select r.grant_id, r.staff_user_id, s.name as staff_name, s.department_ids, r.role, r.scope, coalesce(g.name, r.granted_by) as granted_by, r.granted_at
    from staff_role r join staff s using (staff_user_id) left join staff g on g.staff_user_id = r.granted_by
    where r.revoked_at is null order by s.name, r.role limit $1`,
}

/** $1 staff ids. */
export const selectStaffNames: Statement = { name: 'rights_staff_names', text: 'select staff_user_id, name, department_ids from staff where staff_user_id = any($1::text[])' }

export const selectDepartmentNames: Statement = { name: 'rights_departments', text: 'select department_id, name from department' }

/** $1 text with the wildcards escaped, $2 departments that limit the answer or null, $3 limit. */
export const searchVisibleStaff: Statement = {
  name: 'rights_search_staff',
  text: `select staff_user_id, name, department_ids from staff
    where is_visible and (name ilike '%' || $1 || '%' or staff_user_id ilike '%' || $1 || '%')
      and ($2::int[] is null or (department_ids <> '{}' and department_ids <@ $2::int[]))
    order by name, staff_user_id limit $3`,
}

/** The person a grant is about, kept from changing departments meanwhile. $1 staff. */
export const holdStaff: Statement = { name: 'rights_hold_staff', text: 'select department_ids from staff where staff_user_id = $1 and is_visible for no key update' }

/** $1 staff, $2 role. */
export const lockLiveGrant: Statement = {
  name: 'rights_lock_live',
  text: 'select grant_id, scope from staff_role where staff_user_id = $1 and role = $2 and revoked_at is null for update',
}

/** $1 grant. */
export const lockGrant: Statement = {
  name: 'rights_lock_grant',
  text: `select r.staff_user_id, r.role, r.scope, s.department_ids from staff_role r join staff s using (staff_user_id)
    where r.grant_id = $1 and r.revoked_at is null for update of r`,
}

/** $1 grant, $2 staff, $3 role, $4 scope, $5 by, $6 now. */
export const insertGrant: Statement = {
  name: 'rights_insert_grant',
  text: 'insert into staff_role (grant_id, staff_user_id, role, scope, granted_by, granted_at) values ($1, $2, $3, $4, $5, $6)',
}

/** $1 grant, $2 by, $3 now. */
export const endGrant: Statement = { name: 'rights_end_grant', text: 'update staff_role set revoked_by = $2, revoked_at = $3 where grant_id = $1' }

/** Who changed whose rights, in the transaction of the change. $1 audit id, $2 now, $3 staff, $4 action, $5 subject, $6 what, $7 request id. */
export const insertRightsAudit: Statement = {
  name: 'rights_audit',
  text: `insert into audit_entry (audit_entry_id, at, actor_kind, actor_id, action, subject, person_id, fields, outcome, request_id)
    values ($1, $2, 'staff', $3, $4, $5, null, $6, 'done', $7)`,
}
