import type { Statement } from '../../db/pool.ts'

/** What decides about our tags on a pair, of alias `m` (member or nothing). A restricted member is on the way to erasure. */
const facts = `m.tier, m.archived_at is not null as is_archived, m.restricted_at is not null as is_erased,
  coalesce((select array_agg(s.tag_id) from segment_member i join segment s using (segment_id)
    where i.member_id = m.member_id and s.tag_id is not null and s.state <> 'deleting'), '{}') as segment_tag_ids`

/** What a pair should carry, and what we left there. $1 external user id, $2 staff. */
export const selectPair: Statement = {
  name: 'corp_tag_pair',
  text: `select ${facts}, p.tag_ids as left_tag_ids
    from follow_user f join external_contact c using (external_user_id) left join member m on m.person_id = c.person_id
      left join pair_tag_state p on p.external_user_id = f.external_user_id and p.staff_user_id = f.staff_user_id and p.added_at = f.added_at
    where f.external_user_id = $1 and f.staff_user_id = $2 and f.ended_at is null`,
}

/** What the pairs of one employee should carry, for these contacts. $1 staff, $2 external user ids. Contacts the mirror does not know are left to the mirror. */
export const selectPairs: Statement = {
  name: 'corp_tag_pairs',
  text: `select c.external_user_id, ${facts} from external_contact c left join member m on m.person_id = c.person_id
    where c.external_user_id = any($2::text[])
      and exists (select from follow_user f where f.external_user_id = c.external_user_id and f.staff_user_id = $1 and f.ended_at is null)`,
}

/** $1 external user id, $2 staff, $3 tag ids. */
export const updatePairTags: Statement = {
  name: 'corp_tag_update_pair',
  text: 'update follow_user set tag_ids = $3 where external_user_id = $1 and staff_user_id = $2',
}

/** What of ours is on these pairs now. $1 staff, $2 external user ids, $3 our tags on each as JSON arrays, $4 now. */
export const upsertPairStates: Statement = {
  name: 'corp_tag_pair_states',
  text: `insert into pair_tag_state (external_user_id, staff_user_id, added_at, tag_ids, synced_at)
    select f.external_user_id, f.staff_user_id, f.added_at, array(select jsonb_array_elements_text(o.tag_ids)), $4
    from unnest($2::text[], $3::jsonb[]) as o(external_user_id, tag_ids) join follow_user f on f.external_user_id = o.external_user_id and f.staff_user_id = $1
    on conflict (external_user_id, staff_user_id) do update set added_at = excluded.added_at, tag_ids = excluded.tag_ids, synced_at = excluded.synced_at`,
}

/** $1 external user id, $2 staff, $3 now, $4 tags added, $5 tags taken away: kept by name, for ids go. */
export const insertHandEdit: Statement = {
  name: 'corp_tag_hand_edit',
  text: `insert into tag_hand_edit (external_user_id, staff_user_id, at, added_names, removed_names)
    select $1, $2, $3, array(select name from corp_tag where tag_id = any($4::text[]) order by name), array(select name from corp_tag where tag_id = any($5::text[]) order by name)`,
}

/** $1 staff, $2 now, $3 checked, $4 differed. */
export const insertTagReport: Statement = {
  name: 'corp_tag_report_insert',
  text: 'insert into tier_tag_report (staff_user_id, at, checked, differed) values ($1, $2, $3, $4) on conflict do nothing',
}

/** $1 id, $2 now, $3 employees. */
export const insertReviewRun: Statement = {
  name: 'corp_tag_review_run',
  text: 'insert into tag_review_run (run_id, started_at, staff_user_ids) values ($1, $2, $3)',
}

/** The newest look at all pairs and how far it is. */
export const selectReviewRun: Statement = {
  name: 'corp_tag_review_progress',
  text: `select r.started_at, cardinality(r.staff_user_ids) as total, count(distinct t.staff_user_id)::int as reviewed, coalesce(sum(t.differed), 0)::int as differed
    from (select * from tag_review_run order by started_at desc limit 1) r
      left join tier_tag_report t on t.staff_user_id = any(r.staff_user_ids) and t.at >= r.started_at
    group by r.run_id, r.started_at, r.staff_user_ids`,
}

/** Per employee: the last look, and what hands changed. Most edits first. */
export const selectReviewRows: Statement = {
  name: 'corp_tag_review_rows',
  text: `with looked as (
      select distinct on (staff_user_id) staff_user_id, at, checked, differed from tier_tag_report order by staff_user_id, at desc
    ), edited as (
      select e.staff_user_id, count(*)::int as hand_edits, count(*) filter (where l.at is null or e.at > l.at)::int as since, max(e.at) as last_at
      from tag_hand_edit e left join looked l using (staff_user_id) group by e.staff_user_id
    )
    select staff_user_id, coalesce(s.name, staff_user_id) as name, l.at, coalesce(l.checked, 0) as checked, coalesce(l.differed, 0) as differed,
      coalesce(e.hand_edits, 0) as hand_edits, coalesce(e.since, 0) as since, e.last_at
    from looked l full join edited e using (staff_user_id) left join staff s using (staff_user_id)
    order by coalesce(e.hand_edits, 0) desc, coalesce(l.differed, 0) desc, staff_user_id`,
}

/** The newest 50 hand edits. */
export const selectHandEdits: Statement = {
  name: 'corp_tag_hand_edits',
  text: `select e.at, e.external_user_id, coalesce(s.name, e.staff_user_id) as staff_name, e.added_names, e.removed_names, c.name_sealed, c.data_key_sealed
    from tag_hand_edit e join external_contact c using (external_user_id) left join staff s using (staff_user_id) order by e.hand_edit_id desc limit 50`,
}
