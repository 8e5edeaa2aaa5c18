import type { Statement } from '../../db/pool.ts'

/** The member behind a session's identifiers, found by the furthest reaching first (R34). $1 namespaces, $2 values. */
export const selectOwnMember: Statement = {
  name: 'lifecycle_own_member',
  text: `select m.member_id, m.person_id, m.member_no, m.tier, m.growth_value, m.registered_at, m.last_activity_at, m.form_version, m.data_key_sealed, m.phone_sealed,
      c.name as channel_name, coalesce((select form_key from form_version f where f.version = m.form_version), c.form_key, 'default') as form_key
    from unnest($1::text[], $2::text[]) with ordinality as n(namespace, value, rank) join identifier i using (namespace, value) join member m using (person_id)
    left join channel c on c.channel_id = m.channel_id
    where m.absorbed_by is null and m.restricted_at is null order by n.rank limit 1`,
}

/** $1 member id. */
export const selectOwnAnswers: Statement = {
  name: 'lifecycle_own_answers',
  text: 'select field_key, value_sealed, answered_at from member_answer where member_id = $1 order by answered_at, field_key',
}

/** These fields as they were last asked for, in whatever form. $1 keys. */
export const selectFieldsEverAsked: Statement = {
  name: 'lifecycle_fields_ever_asked',
  text: `select distinct on (f.field->>'key') f.field from form_version v cross join lateral jsonb_array_elements(v.definition->'fields') as f(field)
    where f.field->>'key' = any($1::text[]) order by f.field->>'key', v.published_at desc`,
}

/** $1 person id. */
export const selectOwnIdentifiers: Statement = {
  name: 'lifecycle_own_identifiers',
  text: 'select namespace, value from identifier where person_id = $1 order by namespace, value',
}

/** $1 person id, $2 member id. */
export const selectOwnRecords: Statement = {
  name: 'lifecycle_own_records',
  text: `select (select count(*)::int from growth_entry where member_id = $2) as growth, (select count(*)::int from consent where person_id = $1) as consents,
      (select count(*)::int from timeline_entry where person_id = $1) as timeline, (select count(*)::int from delivery where person_id = $1) as messages,
      (select count(*)::int from audit_entry where person_id = $1 and action = 'contact.read' and outcome = 'shown') as looks`,
}

/** Whole records for a copy. $1 person id, $2 member id. */
export const selectOwnCopy: Statement = {
  name: 'lifecycle_own_copy',
  text: `select
      coalesce((select json_agg(json_build_object('kind', kind, 'amount', amount, 'source', source, 'occurredAt', occurred_at) order by occurred_at) from growth_entry where member_id = $2), '[]') as growth,
      coalesce((select json_agg(json_build_object('purpose', purpose, 'decision', decision, 'policyVersion', policy_version, 'grantedAt', granted_at, 'withdrawnAt', withdrawn_at) order by granted_at) from consent where person_id = $1), '[]') as consents,
      coalesce((select json_agg(json_build_object('kind', kind, 'at', at) order by at) from timeline_entry where person_id = $1), '[]') as timeline,
      coalesce((select json_agg(json_build_object('medium', medium, 'purpose', purpose, 'state', state, 'createdAt', created_at) order by created_at) from delivery where person_id = $1), '[]') as messages,
      coalesce((select json_agg(json_build_object('at', at, 'fields', fields) order by at) from audit_entry where person_id = $1 and action = 'contact.read' and outcome = 'shown'), '[]') as looks`,
}

/** Which of these sensitive fields the person agreed to, and has not taken back. $1 person id, $2 purposes. */
export const selectStandingPurposes: Statement = {
  name: 'lifecycle_standing_purposes',
  text: `select distinct purpose from consent where person_id = $1 and purpose = any($2::text[]) and decision = 'granted' and withdrawn_at is null`,
}

/** $1 member id, $2 keys. */
export const deleteOwnAnswers: Statement = { name: 'lifecycle_delete_own_answers', text: 'delete from member_answer where member_id = $1 and field_key = any($2::text[])' }
