import type { Statement } from '../../db/pool.ts'

/** The library as a rep chooses from it. */
export const selectLibrary: Statement = {
  name: 'corp_tag_library',
  text: `select g.group_id, g.name, jsonb_agg(jsonb_build_object('tagId', t.tag_id, 'name', t.name, 'groupName', g.name, 'isManaged', t.tier is not null)
      order by t.sort_order desc, t.name) as tags
    from corp_tag_group g join corp_tag t using (group_id) group by g.group_id, g.name, g.sort_order order by g.sort_order desc, g.name`,
}

/** Tags by id, with what a change needs to know. $1 tag ids. */
export const selectTags: Statement = {
  name: 'corp_tag_select',
  text: `select t.tag_id, t.name, g.name as group_name, t.tier is not null as is_managed
    from corp_tag t join corp_tag_group g using (group_id) where t.tag_id = any($1::text[]) order by g.sort_order desc, t.sort_order desc, t.name`,
}

/** Our own tags, remembered by tier: a renamed tag stays ours. */
export const selectManagedTags: Statement = { name: 'corp_tag_managed', text: 'select tag_id, tier from corp_tag where tier is not null' }

/** $1 ids kept. Tags go with their group. */
export const deleteOtherGroups: Statement = { name: 'corp_tag_delete_groups', text: 'delete from corp_tag_group where group_id <> all($1::text[])' }

/** $1 ids kept. */
export const deleteOtherTags: Statement = { name: 'corp_tag_delete', text: 'delete from corp_tag where tag_id <> all($1::text[])' }

/** $1 ids, $2 names, $3 order. */
export const upsertGroups: Statement = {
  name: 'corp_tag_upsert_groups',
  text: `insert into corp_tag_group (group_id, name, sort_order) select * from unnest($1::text[], $2::text[], $3::bigint[])
    on conflict (group_id) do update set name = excluded.name, sort_order = excluded.sort_order`,
}

/** A tier belongs to one tag: taken from all before it is given. */
export const forgetManagedTags: Statement = { name: 'corp_tag_forget_managed', text: 'update corp_tag set tier = null where tier is not null' }

/** $1 ids, $2 groups, $3 names, $4 order, $5 tiers or null. */
export const upsertTags: Statement = {
  name: 'corp_tag_upsert',
  text: `insert into corp_tag (tag_id, group_id, name, sort_order, tier) select * from unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[])
    on conflict (tag_id) do update set group_id = excluded.group_id, name = excluded.name, sort_order = excluded.sort_order, tier = excluded.tier`,
}

/** One library is written at a time. */
export const lockLibrary: Statement = { name: 'corp_tag_lock', text: 'select pg_advisory_xact_lock(7240524)' }

/** What a pair should carry. $1 external user id, $2 staff. */
export const selectPairTier: Statement = {
  name: 'corp_tag_pair_tier',
  text: `select m.tier from follow_user f join external_contact c using (external_user_id) left join member m on m.person_id = c.person_id
    where f.external_user_id = $1 and f.staff_user_id = $2 and f.ended_at is null`,
}

/** $1 external user id, $2 staff, $3 tag ids. */
export const updatePairTags: Statement = {
  name: 'corp_tag_update_pair',
  text: 'update follow_user set tag_ids = $3 where external_user_id = $1 and staff_user_id = $2',
}

/** What the pairs of one employee should carry, for these contacts. $1 staff, $2 external user ids. Contacts the mirror does not know are left to the mirror. */
export const selectPairTiers: Statement = {
  name: 'corp_tag_pair_tiers',
  text: `select c.external_user_id, m.tier from external_contact c left join member m on m.person_id = c.person_id
    where c.external_user_id = any($2::text[])
      and exists (select from follow_user f where f.external_user_id = c.external_user_id and f.staff_user_id = $1 and f.ended_at is null)`,
}

/** $1 staff, $2 now, $3 checked, $4 differed. */
export const insertTagReport: Statement = {
  name: 'corp_tag_report_insert',
  text: 'insert into tier_tag_report (staff_user_id, at, checked, differed) values ($1, $2, $3, $4) on conflict do nothing',
}
