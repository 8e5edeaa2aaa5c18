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
 * Contacts of this person, contacts that carry one of these unionids, and these contacts themselves; each gets its identifier when nobody holds it.
 * $1 person id, $2 external-userid namespace, $3 unionid namespace, $4 unionids seen, $5 external user ids seen, $6 now.
 */
export const noteContacts: Statement = {
  name: 'identity_note_contacts',
  text: `with own as (
      select value from identifier where person_id = $1 and namespace = $3 union select unnest($4::text[])
    ), contact as (
      select external_user_id, union_id, person_id from external_contact where person_id = $1
      union select external_user_id, union_id, person_id from external_contact where union_id in (select value from own)
      union select external_user_id, union_id, person_id from external_contact where external_user_id = any($5::text[])
    ), noted as (
      insert into identifier (namespace, value, person_id, evidence, observed_at)
      select $2, external_user_id, person_id, 'externalContact', $6 from contact order by external_user_id on conflict (namespace, value) do nothing
    )
    select external_user_id, union_id from contact`,
}

/** Seen again is no news, and rejected stays rejected. $1 ids, $2-$5 both ends, $6 sources, $7 strengths, $8 now. */
export const insertEdges: Statement = {
  name: 'identity_insert_edges',
  text: `insert into identity_edge (edge_id, a_namespace, a_value, b_namespace, b_value, source, strength, observed_at)
    select edge_id, a_namespace, a_value, b_namespace, b_value, source, strength, $8
    from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) as e(edge_id, a_namespace, a_value, b_namespace, b_value, source, strength)
    order by a_namespace, a_value, b_namespace, b_value, source
    on conflict (a_namespace, a_value, b_namespace, b_value, source) do nothing`,
}

/** Somebody decided for this evidence by hand: it counts again whatever was decided before. $1-$8 as above, one each. */
export const decideEdge: Statement = {
  name: 'identity_decide_edge',
  text: `insert into identity_edge (edge_id, a_namespace, a_value, b_namespace, b_value, source, strength, observed_at) values ($1, $2, $3, $4, $5, $6, $7, $8)
    on conflict (a_namespace, a_value, b_namespace, b_value, source) do update set state = 'active', observed_at = excluded.observed_at
    returning edge_id`,
}

/**
 * Everything that strong evidence or a common person connects with these identifiers, set aside or not. Who holds each is looked up, not
 * joined: the planner takes what is reached for hundreds and would read every identifier there is for the two or three.
 * $1 namespaces, $2 values, $3 person id whose identifiers count as well.
 */
export const selectComponent: Statement = {
  name: 'identity_component',
  text: `with recursive reached(namespace, value) as (
      (select namespace, value from unnest($1::text[], $2::text[]) as o(namespace, value) union select namespace, value from identifier where person_id = $3)
      union
      select n.namespace, n.value from reached r cross join lateral (
        select e.b_namespace, e.b_value from identity_edge e where e.a_namespace = r.namespace and e.a_value = r.value and e.strength = 'strong' and e.state <> 'rejected'
        union all
        select e.a_namespace, e.a_value from identity_edge e where e.b_namespace = r.namespace and e.b_value = r.value and e.strength = 'strong' and e.state <> 'rejected'
        union all
        select mate.namespace, mate.value from identifier i join identifier mate using (person_id) where i.namespace = r.namespace and i.value = r.value
      ) as n(namespace, value)
    )
    select r.namespace, r.value, (select i.person_id from identifier i where i.namespace = r.namespace and i.value = r.value) as person_id from reached r`,
}

/** $1 namespaces, $2 values: strong evidence that begins at one of them and was not rejected. */
export const selectEdges: Statement = {
  name: 'identity_edges',
  text: `select e.edge_id, e.a_namespace, e.a_value, e.b_namespace, e.b_value, e.source, e.strength, e.state, e.observed_at
    from unnest($1::text[], $2::text[]) as o(namespace, value) join identity_edge e on e.a_namespace = o.namespace and e.a_value = o.value
    where e.strength = 'strong' and e.state <> 'rejected'`,
}

const ownerColumns = `p.person_id, p.created_at,
      exists (select from member m where m.person_id = p.person_id and m.absorbed_by is null) as is_member,
      (select c.binding_mode from member m join channel c using (channel_id) where m.person_id = p.person_id and m.absorbed_by is null) as binding_mode,
      (select coalesce(jsonb_agg(jsonb_build_object('namespace', namespace, 'value', value)), '[]') from identifier i where i.person_id = p.person_id) as identifiers`

/** $1 person ids; the absorbed are left out. */
export const selectOwners: Statement = {
  name: 'identity_owners',
  text: `select ${ownerColumns} from person p where p.person_id = any($1::uuid[]) and p.absorbed_by is null order by p.person_id`,
}

/** The same, locked in order of id, so that two junctions cannot wait for each other. */
export const lockOwners: Statement = { name: 'identity_lock_owners', text: `${selectOwners.text} for update of p` }

/** $1 ids set aside, $2 ids believed. */
export const updateEdgeStates: Statement = {
  name: 'identity_edge_states',
  text: `update identity_edge set state = case when edge_id = any($1::uuid[]) then 'quarantined' else 'active' end
    where (edge_id = any($1::uuid[]) and state = 'active') or (edge_id = any($2::uuid[]) and state = 'quarantined')`,
}

/** They never return by themselves. $1 edge ids. */
export const rejectEdges: Statement = { name: 'identity_reject_edges', text: `update identity_edge set state = 'rejected' where edge_id = any($1::uuid[])` }

/** $1 namespaces, $2 values, $3 person ids, $4 now. */
export const insertIdentifiers: Statement = {
  name: 'identity_insert_identifiers',
  text: `insert into identifier (namespace, value, person_id, evidence, observed_at)
    select namespace, value, person_id, 'junction', $4 from unnest($1::text[], $2::text[], $3::uuid[]) as o(namespace, value, person_id) on conflict (namespace, value) do nothing`,
}

/** One review per reason and persons, ever: what was decided is not asked again, and a shared phone adds nothing to a question already open. $1 id, $2 reason, $3 key, $4 person ids, $5 edge ids, $6 now. */
export const insertReview: Statement = {
  name: 'identity_review_insert',
  text: `insert into identity_review (review_id, reason, review_key, person_ids, edge_ids, created_at)
    select $1::uuid, $2::text, $3::text, $4::uuid[], $5::uuid[], $6::timestamptz
    where $2 <> 'sharedPhone' or not exists (select from identity_review where state = 'open' and person_ids @> $4::uuid[])
    on conflict (review_key) do nothing`,
}

/** $1 id, $2 person id, $3 now, $4 entry key: said once, however often the junction runs. */
export const insertLinkedEntry: Statement = {
  name: 'identity_linked_entry',
  text: `insert into timeline_entry (timeline_entry_id, person_id, at, kind, entry_key) values ($1, $2, $3, 'identity.linked', $4) on conflict (entry_key) do nothing`,
}

/** $1 id, $2 person id, $3 now, $4 kind. */
export const insertMergeEntry: Statement = {
  name: 'identity_merge_entry',
  text: 'insert into timeline_entry (timeline_entry_id, person_id, at, kind) values ($1, $2, $3, $4)',
}

/** The pairs whose tier tag has to follow: contacts of these persons and the staff who follow them. $1 person ids. */
export const selectPairs: Statement = {
  name: 'identity_pairs',
  text: `select f.external_user_id, f.staff_user_id, exists (select from member m where m.person_id = c.person_id and m.absorbed_by is null) as is_member
    from external_contact c join follow_user f using (external_user_id) where c.person_id = any($1::uuid[]) and f.ended_at is null`,
}

/** A member has got its contact: the last step of the funnel, and nothing waits for it any more. $1 person id, $2 now. */
export const noteLinked: Statement = {
  name: 'identity_note_linked',
  text: `with linked as (
      select m.member_id from member m where m.person_id = $1 and m.absorbed_by is null and exists (select from external_contact c where c.person_id = $1)
    ), counted as (
      update visit set linked_at = $2 where linked_at is null and member_id in (select member_id from linked)
    )
    update pending_link set state = 'linked' where person_id = $1 and state = 'waiting' and exists (select from linked)`,
}

/** Other members with the number this person verified; the oldest only, so that many of them make one review each. $1 person id. */
export const selectSamePhone: Statement = {
  name: 'identity_same_phone',
  text: `select other.person_id from member own
    join lateral (
      select m.person_id from member m join person p using (person_id)
      where m.phone_index = own.phone_index and m.absorbed_by is null and m.confirmed_at is not null
      order by p.created_at, p.person_id limit 2
    ) other on other.person_id <> own.person_id
    where own.person_id = $1 and own.absorbed_by is null and own.confirmed_at is not null limit 1`,
}

/** Who holds one of these, a member before anybody else, then as listed. $1 namespaces, $2 values. */
export const selectHolder: Statement = {
  name: 'identity_holder',
  text: `select i.person_id from unnest($1::text[], $2::text[]) with ordinality as n(namespace, value, place) join identifier i using (namespace, value)
    left join member m on m.person_id = i.person_id and m.absorbed_by is null
    order by m.member_id is null, n.place limit 1`,
}
