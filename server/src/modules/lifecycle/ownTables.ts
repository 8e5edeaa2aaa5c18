import type { Statement } from '../../db/pool.ts'

/** The member behind a session's identifiers, found by the furthest reaching first (R34). $1 namespaces, $2 values. */
export const selectOwnMember: Statement = {
  name: 'lifecycle_own_member',
  text: `select m.member_id, m.person_id, m.member_no, m.tier, m.growth_value, m.registered_at, m.last_activity_at, m.form_version, m.policy_version, m.data_key_sealed, m.phone_sealed,
      c.name as channel_name
    from unnest($1::text[], $2::text[]) with ordinality as n(namespace, value, rank) join identifier i using (namespace, value) join member m using (person_id)
    left join channel c on c.channel_id = m.channel_id
    where m.absorbed_by is null and m.restricted_at is null order by n.rank limit 1`,
}
