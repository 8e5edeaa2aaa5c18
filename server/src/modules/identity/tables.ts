import type { Statement } from '../../db/pool.ts'

/** $1 person id. Follows absorption to the living person. */
export const selectSurvivor: Statement = {
  name: 'identity_survivor',
  text: `with recursive chain as (
      select person_id, absorbed_by from person where person_id = $1
      union all select p.person_id, p.absorbed_by from person p join chain c on p.person_id = c.absorbed_by
    ) select person_id from chain where absorbed_by is null`,
}

/**
 * Everything strong evidence shows to be one human with this person: own identifiers, own contacts,
 * and contacts that carry one of its unionids. $1 person id, $2 unionid namespace, $3 external-userid namespace.
 */
export const selectObserved: Statement = {
  name: 'identity_observed',
  text: `with own_unionid as (
      select value from identifier where person_id = $1 and namespace = $2
      union select union_id from external_contact where person_id = $1 and union_id is not null
    ), contact as (
      select external_user_id, union_id from external_contact where person_id = $1 or union_id in (select value from own_unionid)
    )
    select namespace, value from identifier where person_id = $1
    union select $3, external_user_id from contact
    union select $2, union_id from contact where union_id is not null`,
}

/** Persons that hold one of these, by identifier or as contact. $1 namespaces, $2 values, $3 external-userid namespace, $4 person id. */
export const selectOwnerIds: Statement = {
  name: 'identity_owner_ids',
  text: `with observed as (select * from unnest($1::text[], $2::text[]) as o(namespace, value))
    select person_id from identifier join observed using (namespace, value)
    union select c.person_id from external_contact c join observed o on o.namespace = $3 and o.value = c.external_user_id
    union select $4::uuid`,
}

/** $1 person ids. Locked in order of id, so that two junctions cannot wait for each other. */
export const lockOwners: Statement = {
  name: 'identity_lock_owners',
  text: `select p.person_id, p.created_at, exists (select from member m where m.person_id = p.person_id) as is_member,
      (select coalesce(jsonb_agg(jsonb_build_object('namespace', namespace, 'value', value)), '[]') from identifier i where i.person_id = p.person_id) as identifiers
    from person p where p.person_id = any($1::uuid[]) and p.absorbed_by is null order by p.person_id for update of p`,
}

/** $1 namespaces, $2 values, $3 person id, $4 now. */
export const insertIdentifiers: Statement = {
  name: 'identity_insert_identifiers',
  text: `insert into identifier (namespace, value, person_id, evidence, observed_at)
    select namespace, value, $3, 'junction', $4 from unnest($1::text[], $2::text[]) as o(namespace, value) on conflict (namespace, value) do nothing`,
}

/** Moves everything of the absorbed persons to the survivor. $1 survivor, $2 absorbed ids. */
export const absorbStatements: readonly Statement[] = [
  ...['identifier', 'external_contact', 'member', 'consent', 'touch', 'timeline_entry'].map((table) => ({
    name: `identity_absorb_${table}`,
    text: `update ${table} set person_id = $1 where person_id = any($2::uuid[])`,
  })),
  { name: 'identity_absorb_person', text: 'update person set absorbed_by = $1 where person_id = any($2::uuid[])' },
]

/** $1 id, $2 person id, $3 now, $4 entry key: said once, however often the junction runs. */
export const insertLinkedEntry: Statement = {
  name: 'identity_linked_entry',
  text: `insert into timeline_entry (timeline_entry_id, person_id, at, kind, entry_key) values ($1, $2, $3, 'identity.linked', $4) on conflict (entry_key) do nothing`,
}

/** $1 id, $2 reason, $3 key, $4 person ids, $5 now. */
export const insertReview: Statement = {
  name: 'identity_review_insert',
  text: `insert into identity_review (review_id, reason, review_key, person_ids, created_at) values ($1, $2, $3, $4, $5) on conflict (review_key) do nothing`,
}

/** The pairs whose tier tag has to follow: a member's contacts and the staff who follow them. $1 person id. */
export const selectMemberPairs: Statement = {
  name: 'identity_member_pairs',
  text: `select f.external_user_id, f.staff_user_id from external_contact c join follow_user f using (external_user_id)
    where c.person_id = $1 and f.ended_at is null and exists (select from member m where m.person_id = $1)`,
}
