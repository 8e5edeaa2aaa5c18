import type { Statement } from '../../db/pool.ts'

/** $1 review id. */
export const lockReview: Statement = { name: 'identity_lock_review', text: 'select state, person_ids, edge_ids from identity_review where review_id = $1 for update' }

/** $1 id, $2 state, $3 by, $4 now, $5 note. */
export const closeReview: Statement = { name: 'identity_close_review', text: 'update identity_review set state = $2, decided_by = $3, decided_at = $4, note = $5 where review_id = $1' }

/** Who these persons are today. $1 person ids. */
export const selectLiving: Statement = {
  name: 'identity_living',
  text: `with recursive chain as (
      select person_id, absorbed_by from person where person_id = any($1::uuid[])
      union select p.person_id, p.absorbed_by from person p join chain c on p.person_id = c.absorbed_by
    ) select person_id from chain where absorbed_by is null`,
}

/** $1 person ids. */
export const selectHeldMembers: Statement = {
  name: 'identity_held_members',
  text: 'select exists (select from member where person_id = any($1::uuid[]) and absorbed_by is null and held_at is not null) as has_held',
}

/** $1 audit ids, $2 person ids (same length), $3 now, $4 staff, $5 action, $6 subject, $7 fields, $8 outcome, $9 request id. */
export const insertAudit: Statement = {
  name: 'identity_audit',
  text: `insert into audit_entry (audit_entry_id, at, actor_kind, actor_id, action, subject, person_id, fields, outcome, request_id)
    select audit_entry_id, $3, 'staff', $4, $5, $6, person_id, $7, $8, $9 from unnest($1::uuid[], $2::uuid[]) as a(audit_entry_id, person_id)`,
}

const reviewColumns = `r.review_id, r.reason, r.created_at, r.state, coalesce(s.name, r.decided_by) as decided_by, r.decided_at, r.person_ids`

/** Open ones oldest first, decided ones newest first. $1 whether open, $2 how many. */
export const selectReviews: Statement = {
  name: 'identity_reviews',
  text: `select ${reviewColumns} from identity_review r left join staff s on s.staff_user_id = r.decided_by
    where (r.state = 'open') = $1
    order by case when $1 then r.created_at end, r.decided_at desc limit $2`,
}

/** $1 review id. */
export const selectReview: Statement = {
  name: 'identity_review',
  text: `select ${reviewColumns} from identity_review r left join staff s on s.staff_user_id = r.decided_by where r.review_id = $1`,
}

/** Persons as a reviewer sees them, the absorbed included. $1 person ids. */
export const selectReviewPersons: Statement = {
  name: 'identity_review_persons',
  text: `select p.person_id, p.created_at, c.external_user_id, c.data_key_sealed as contact_key_sealed, c.name_sealed,
      m.member_id, m.member_no, m.tier, m.growth_value, m.registered_at, m.data_key_sealed, m.phone_sealed, ch.name as channel_name,
      exists (select from identity_edge e join identifier i on i.person_id = p.person_id and ((e.a_namespace = i.namespace and e.a_value = i.value and e.b_namespace like 'staff-userid@%')
        or (e.b_namespace = i.namespace and e.b_value = i.value and e.a_namespace like 'staff-userid@%'))) as is_staff,
      (select coalesce(jsonb_agg(jsonb_build_object('namespace', i.namespace, 'value', i.value, 'evidence', i.evidence, 'observedAt', i.observed_at) order by i.namespace, i.observed_at), '[]')
        from identifier i where i.person_id = p.person_id) as identifiers,
      (select coalesce(jsonb_agg(distinct coalesce(s.name, f.staff_user_id)), '[]') from external_contact e join follow_user f using (external_user_id) left join staff s using (staff_user_id)
        where e.person_id = p.person_id and f.ended_at is null) as followed_by,
      (select coalesce(jsonb_agg(jsonb_build_object('purpose', purpose, 'state', case when withdrawn_at is not null then 'withdrawn' else decision end, 'at', coalesce(withdrawn_at, granted_at)) order by purpose), '[]')
        from (select distinct on (purpose) purpose, decision, withdrawn_at, granted_at from consent where person_id = p.person_id order by purpose, granted_at desc, consent_id desc) latest) as consents
    from person p
    left join lateral (select external_user_id, data_key_sealed, name_sealed from external_contact where person_id = p.person_id order by external_user_id limit 1) c on true
    left join member m on m.person_id = p.person_id and m.absorbed_by is null
    left join channel ch on ch.channel_id = m.channel_id
    where p.person_id = any($1::uuid[])`,
}

/** What a merge would bring together. $1 person ids. */
export const selectMergeCounts: Statement = {
  name: 'identity_merge_counts',
  text: `select (select count(*)::int from external_contact where person_id = any($1::uuid[])) as contacts,
      (select count(*)::int from timeline_entry where person_id = any($1::uuid[])) as timeline_entries`,
}

/** The ledgers of the living members of persons, the member that would stay first. $1 person ids, $2 survivor. */
export const selectJoinedLedger: Statement = {
  name: 'identity_joined_ledger',
  text: `select m.member_no, m.registered_at, g.amount, g.occurred_at, g.posted_at from member m left join growth_entry g using (member_id)
    where m.person_id = any($1::uuid[]) and m.absorbed_by is null order by m.person_id = $2 desc, m.registered_at, m.member_id`,
}

const mergeColumns = `m.merge_id, m.merged_at, coalesce(s.name, m.decided_by) as decided_by, m.survivor_id, m.absorbed_ids, m.undone_at, coalesce(u.name, m.undone_by) as undone_by,
      (select count(*)::int from person_merge_row b where b.merge_id = m.merge_id and b.table_name not in ('person', 'member')
        and (b.before ? 'member_id' or b.before->>'person_id' = any(m.absorbed_ids::text[]))) as moved_rows,
      m.undone_at is null and not exists (select from person_merge later where later.undone_at is null and later.merge_id > m.merge_id
        and (later.survivor_id = any(m.absorbed_ids || m.survivor_id) or later.absorbed_ids && (m.absorbed_ids || m.survivor_id))) as can_undo`

/** Newest first. $1 how many. */
export const selectMerges: Statement = {
  name: 'identity_merges',
  text: `select ${mergeColumns} from person_merge m left join staff s on s.staff_user_id = m.decided_by left join staff u on u.staff_user_id = m.undone_by
    order by m.merge_id desc limit $1`,
}

/** $1 merge id. */
export const selectMerge: Statement = {
  name: 'identity_merge',
  text: `select ${mergeColumns} from person_merge m left join staff s on s.staff_user_id = m.decided_by left join staff u on u.staff_user_id = m.undone_by
    where m.merge_id = $1`,
}

/**
 * Linked of linkable, by binding mode. Linkable: a member whose contact is known for sure, because the person holds it, because a mirrored
 * contact carries one of the unionids shown with the member, or because a vendor showed the two together; evidence somebody rejected does not count.
 * Linked: the member's person holds a contact. $1 unionid namespace, $2 external-userid namespace.
 */
export const selectConsistency: Statement = {
  name: 'identity_consistency',
  text: `with living as (
      select m.person_id, coalesce(c.binding_mode, 'progressive') as binding_mode, exists (select from external_contact e where e.person_id = m.person_id) as is_linked
      from member m left join channel c using (channel_id) where m.absorbed_by is null
    ), known as (
      select person_id, value as union_id from living join identifier using (person_id) where namespace = $1
      union
      select l.person_id, x.b_value from living l join identifier i using (person_id)
        join identity_edge x on x.a_namespace = i.namespace and x.a_value = i.value and x.b_namespace = $1 and x.strength = 'strong' and x.state <> 'rejected'
    ), shown as (
      select k.person_id, e.external_user_id from known k join external_contact e using (union_id)
        where not exists (select from identity_edge x where x.state = 'rejected' and x.a_namespace = $2 and x.a_value = e.external_user_id and x.b_namespace = $1 and x.b_value = k.union_id)
      union
      select l.person_id, e.external_user_id from living l join identifier i using (person_id)
        join identity_edge x on x.strength = 'strong' and x.state <> 'rejected'
          and ((x.a_namespace = i.namespace and x.a_value = i.value and x.b_namespace = $2) or (x.b_namespace = i.namespace and x.b_value = i.value and x.a_namespace = $2))
        join external_contact e on e.external_user_id = case when x.a_namespace = $2 then x.a_value else x.b_value end
    )
    select binding_mode, count(*)::int as linkable, count(*) filter (where is_linked)::int as linked
    from living l where is_linked or exists (select from shown s where s.person_id = l.person_id) group by binding_mode`,
}

export const selectOpenWork: Statement = {
  name: 'identity_open_work',
  text: `select (select count(*)::int from pending_link where state = 'waiting') as pending_links, (select count(*)::int from identity_review where state = 'open') as open_reviews`,
}
