import type { Statement } from '../../db/pool.ts'

const isManaged = '(t.tier is not null or exists (select from segment s where s.tag_id = t.tag_id))'

/** The library as a rep chooses from it. */
export const selectLibrary: Statement = {
  name: 'corp_tag_library',
  text: `select g.group_id, g.name, jsonb_agg(jsonb_build_object('tagId', t.tag_id, 'name', t.name, 'groupName', g.name, 'isManaged', ${isManaged})
      order by t.sort_order desc, t.name) as tags
    from corp_tag_group g join corp_tag t using (group_id) group by g.group_id, g.name, g.sort_order order by g.sort_order desc, g.name`,
}

/** Tags by id, with what a change needs to know. $1 tag ids. */
export const selectTags: Statement = {
  name: 'corp_tag_select',
  text: `select t.tag_id, t.name, g.name as group_name, ${isManaged} as is_managed
    from corp_tag t join corp_tag_group g using (group_id) where t.tag_id = any($1::text[]) order by g.sort_order desc, t.sort_order desc, t.name`,
}

/** Our own tier tags, remembered by tier: a renamed tag stays ours. */
export const selectTierTags: Statement = { name: 'corp_tag_tiers', text: 'select tag_id, tier from corp_tag where tier is not null' }

/** Every segment with its tag: one that is being deleted is still ours to take away. */
export const selectSegmentTags: Statement = { name: 'corp_tag_segments', text: `select segment_id, name, tag_id, state from segment order by created_at` }

/** $1 ids kept. @returns the tags that are gone */
export const deleteOtherTags: Statement = { name: 'corp_tag_delete', text: 'delete from corp_tag where tag_id <> all($1::text[]) returning tag_id' }

/** $1 ids kept. */
export const deleteOtherGroups: Statement = { name: 'corp_tag_delete_groups', text: 'delete from corp_tag_group where group_id <> all($1::text[])' }

/** A deleted tag has left every pair by itself; the mirror follows, or the sweep would read each of them again. $1 tag ids. */
export const stripTags: Statement = {
  name: 'corp_tag_strip',
  text: `update follow_user set tag_ids = array(select kept from unnest(tag_ids) with ordinality as o(kept, place) where kept <> all($1::text[]) order by place)
    where tag_ids && $1::text[]`,
}

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

/** $1 ids of tags and groups; $2 whether we made them. */
export const updateOurTags: Statement = {
  name: 'corp_tag_ours',
  text: `with groups as (update corp_tag_group set is_ours = $2 where group_id = any($1::text[])) update corp_tag set is_ours = $2 where tag_id = any($1::text[])`,
}

/** $1 segment ids, $2 their tags. */
export const updateSegmentTags: Statement = {
  name: 'corp_tag_update_segments',
  text: `update segment s set tag_id = o.tag_id, failure = null from unnest($1::uuid[], $2::text[]) as o(segment_id, tag_id)
    where s.segment_id = o.segment_id and (s.tag_id is distinct from o.tag_id or s.failure is not null) and s.state <> 'deleting'`,
}

/** $1 segment ids, $2 why their tag cannot be written. */
export const updateSegmentFailure: Statement = { name: 'corp_tag_segment_failure', text: 'update segment set failure = $2 where segment_id = any($1::uuid[])' }

/** One library is written at a time. */
export const lockLibrary: Statement = { name: 'corp_tag_lock', text: 'select pg_advisory_xact_lock(7240524)' }

/** The library with whose tags they are, who carries them and what was last asked of each. */
export const selectLibraryView: Statement = {
  name: 'corp_tag_library_view',
  text: `with carried as (
      select tag_id, count(distinct external_user_id)::int as customers from follow_user, unnest(tag_ids) as tag_id where ended_at is null group by tag_id
    ), newest as (
      select distinct on (target_id) target_id, jsonb_build_object('state', state, 'failure', failure, 'at', coalesce(finished_at, created_at)) as change
      from corp_tag_change where target_id is not null order by target_id, created_at desc
    )
    select g.group_id, g.name, g.is_ours, ng.change, jsonb_agg(jsonb_build_object('tagId', t.tag_id, 'name', t.name, 'order', t.sort_order,
      'isManaged', ${isManaged}, 'isOurs', t.is_ours, 'customers', coalesce(c.customers, 0), 'change', nt.change) order by t.sort_order desc, t.name) as tags
    from corp_tag_group g join corp_tag t using (group_id)
      left join carried c on c.tag_id = t.tag_id left join newest nt on nt.target_id = t.tag_id left join newest ng on ng.target_id = g.group_id
    group by g.group_id, g.name, g.is_ours, g.sort_order, ng.change order by g.sort_order desc, g.name`,
}

const changeColumns = 'c.change_id, c.summary, c.state, c.failure, coalesce(s.name, c.created_by) as created_by, c.created_at'

/** The newest 50 changes asked for. */
export const selectLibraryChanges: Statement = {
  name: 'corp_tag_changes',
  text: `select ${changeColumns} from corp_tag_change c left join staff s on s.staff_user_id = c.created_by order by c.created_at desc, c.change_id desc limit 50`,
}

/** $1 id, $2 change, $3 tag or group it is about or null, $4 in words, $5 by, $6 now. */
export const insertLibraryChange: Statement = {
  name: 'corp_tag_change_insert',
  text: `insert into corp_tag_change (change_id, change, target_id, summary, created_by, created_at) values ($1, $2, $3, $4, $5, $6)`,
}

/** $1 id. */
export const selectLibraryChange: Statement = {
  name: 'corp_tag_change_select',
  text: `select change, created_at from corp_tag_change where change_id = $1 and state = 'waiting'`,
}

/** $1 id, $2 state, $3 why it failed or null, $4 now. */
export const finishLibraryChange: Statement = {
  name: 'corp_tag_change_finish',
  text: `update corp_tag_change set state = $2, failure = $3, finished_at = $4 where change_id = $1 and state = 'waiting'`,
}

/** $1 tag ids. */
export const selectTagOrder: Statement = { name: 'corp_tag_order', text: 'select tag_id, sort_order from corp_tag where tag_id = any($1::text[])' }
