import type { Statement } from '../../db/pool.ts'

/**
 * Newest first. $1 staff or null, $2 member number or null, $3 action or null, $4 from (inclusive) or null, $5 until (exclusive) or null,
 * $6 before this moment (microseconds) or null, $7 and before this id, $8 how many.
 */
export const selectAuditEntries: Statement = {
  name: 'audit_list',
  text: `select e.audit_entry_id::text, e.at, (extract(epoch from e.at) * 1000000)::bigint::text as at_micros, e.actor_kind,
      coalesce(s.name, e.actor_id) as actor_name, e.action, e.subject, m.member_no, e.fields, e.outcome,
      exists (select from audit_seal a where a.audit_entry_id = e.audit_entry_id) as is_sealed
    from audit_entry e
    left join staff s on e.actor_kind = 'staff' and s.staff_user_id = e.actor_id
    left join lateral (select member_no from member where member.person_id = e.person_id order by absorbed_by nulls first limit 1) m on true
    where ($1::text is null or (e.actor_kind = 'staff' and e.actor_id = $1))
      and ($2::text is null or e.person_id = (select person_id from member where member_no = $2))
      and ($3::text is null or e.action = $3)
      and e.at >= coalesce($4::timestamptz, '-infinity') and e.at < coalesce($5::timestamptz, 'infinity')
      and ($6::text is null or (e.at, e.audit_entry_id) < (to_timestamp($6::numeric / 1000000), $7::uuid))
    order by e.at desc, e.audit_entry_id desc limit $8`,
}

/**
 * Who looked at a person, and at those who became one with them. $1 namespaces, $2 values of the session, $3 since, $4 how many.
 * Whether somebody serves them now says in which role they looked.
 */
export const selectAccesses: Statement = {
  name: 'audit_accesses',
  text: `with self as (
      select i.person_id from unnest($1::text[], $2::text[]) as n(namespace, value) join identifier i using (namespace, value) join member m using (person_id) limit 1
    ), persons as (select person_id from self union select p.person_id from person p join self on p.absorbed_by = self.person_id)
    select e.at, e.actor_kind, e.action, e.fields,
      exists (select from follow_user f join external_contact c using (external_user_id) join persons p using (person_id) where f.staff_user_id = e.actor_id) as is_serving
    from audit_entry e join persons using (person_id)
    where e.outcome = 'shown' and e.actor_kind in ('staff', 'integration') and e.at >= $3
    order by e.at desc limit $4`,
}

/** Whether the session is a member's. $1 namespaces, $2 values. */
export const selectIsMember: Statement = {
  name: 'audit_is_member',
  text: `select exists (select from unnest($1::text[], $2::text[]) as n(namespace, value) join identifier i using (namespace, value) join member using (person_id)) as is_member`,
}
