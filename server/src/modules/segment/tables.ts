import type { Statement } from '../../db/pool.ts'
import { syncTierTag } from '../corp-tag/jobs.ts'

/**
 * Members for whom all conditions hold. $1-$8 as `segmentFilter` makes them: tiers, least and most growth, registered and active since,
 * channels, corp tags as a list of lists, answers as `[{ field, indexes }]`. Held, archived, restricted and absorbed members are in no segment.
 */
const membersOf = `select m.member_id, m.person_id, m.member_no, m.tier, m.growth_value, m.registered_at from member m
    where m.absorbed_by is null and m.held_at is null and m.archived_at is null and m.restricted_at is null
      and ($1::text[] is null or m.tier = any($1::text[]))
      and ($2::integer is null or m.growth_value >= $2::integer)
      and ($3::integer is null or m.growth_value <= $3::integer)
      and ($4::timestamptz is null or m.registered_at >= $4::timestamptz)
      and ($5::timestamptz is null or m.last_activity_at >= $5::timestamptz)
      and ($6::uuid[] is null or m.channel_id = any($6::uuid[]))
      and not exists (select from jsonb_array_elements($7::jsonb) as asked(tag_ids) where not exists (
        select from external_contact x join follow_user f using (external_user_id)
        where x.person_id = m.person_id and f.ended_at is null and f.tag_ids && array(select jsonb_array_elements_text(asked.tag_ids))))
      and not exists (select from jsonb_to_recordset($8::jsonb) as asked(field text, indexes text[]) where not exists (
        select from answer_index i where i.member_id = m.member_id and i.field_key = asked.field and encode(i.value_index, 'hex') = any(asked.indexes)))`

/** How many the conditions find, and how many of them are somebody's live contact. $1-$8 conditions. */
export const countMembers: Statement = {
  name: 'segment_count',
  text: `with wanted as materialized (${membersOf})
    select count(*)::int as members, count(*) filter (where exists (select from external_contact x join follow_user f using (external_user_id)
      where x.person_id = w.person_id and f.ended_at is null))::int as reachable from wanted w`,
}

/** The ten who registered last. $1-$8 conditions. */
export const sampleMembers: Statement = {
  name: 'segment_sample',
  text: `select w.member_no, w.tier, w.growth_value, w.registered_at, x.external_user_id, x.name_sealed, x.data_key_sealed
    from (${membersOf} order by m.registered_at desc, m.member_id limit 10) w
      left join lateral (select external_user_id, name_sealed, data_key_sealed from external_contact x where x.person_id = w.person_id order by external_user_id limit 1) x on true
    order by w.registered_at desc, w.member_id`,
}

/**
 * Makes the membership what the conditions say and asks for a sync of each pair whose tag is not what we last left there: a sync that was
 * lost is asked for again by the next run. $1-$8 conditions, $9 segment id, $10 now, $11 tag id or null.
 */
export const refreshMembers: Statement = {
  name: 'segment_refresh',
  text: `with wanted as materialized (${membersOf}), joined as (
      insert into segment_member (segment_id, member_id, since) select $9::uuid, member_id, $10::timestamptz from wanted on conflict do nothing
    ), left_out as (
      delete from segment_member s where s.segment_id = $9::uuid and not exists (select from wanted w where w.member_id = s.member_id)
    ), queued as (
      insert into outbox (job, job_key, payload)
      select '${syncTierTag.name}', f.external_user_id || ':' || f.staff_user_id, jsonb_build_object('externalUserId', f.external_user_id, 'staffUserId', f.staff_user_id)
      from follow_user f join external_contact c using (external_user_id) left join wanted w on w.person_id = c.person_id
        left join pair_tag_state p on p.external_user_id = f.external_user_id and p.staff_user_id = f.staff_user_id and p.added_at = f.added_at
      where $11::text is not null and f.ended_at is null and (w.member_id is not null) <> coalesce($11::text = any(p.tag_ids), false)
        and not exists (select from staff s where s.staff_user_id = f.staff_user_id and not s.is_visible)
      returning 1
    )
    update segment set member_count = (select count(*) from wanted), refreshed_at = $10::timestamptz where segment_id = $9::uuid
    returning member_count, (select count(*)::int from queued) as pairs`,
}

/** One writer of segments at a time: names and their number are checked before they are written. */
export const lockSegments: Statement = { name: 'segment_lock', text: 'select pg_advisory_xact_lock(7240525)' }

const columns = `s.segment_id, s.name, s.conditions, s.state, s.tag_id, s.failure, s.member_count, s.refreshed_at, coalesce(b.name, s.created_by) as created_by, s.created_at, s.changed_at`

export const selectSegments: Statement = {
  name: 'segment_list',
  text: `select ${columns} from segment s left join staff b on b.staff_user_id = s.created_by order by s.created_at desc, s.segment_id desc`,
}

/** $1 id. */
export const selectSegment: Statement = {
  name: 'segment_select',
  text: `select ${columns}, t.name as tag_name from segment s left join staff b on b.staff_user_id = s.created_by left join corp_tag t using (tag_id) where s.segment_id = $1`,
}

/** $1 id. */
export const lockSegment: Statement = { name: 'segment_lock_row', text: 'select conditions, state, tag_id from segment where segment_id = $1 for update' }

/** $1 id, $2 name, $3 conditions, $4 by, $5 now. */
export const insertSegment: Statement = {
  name: 'segment_insert',
  text: 'insert into segment (segment_id, name, conditions, created_by, created_at, changed_at) values ($1, $2, $3, $4, $5, $5)',
}

/** $1 id, $2 name, $3 conditions, $4 now. */
export const updateSegment: Statement = { name: 'segment_update', text: 'update segment set name = $2, conditions = $3, changed_at = $4 where segment_id = $1' }

/** $1 id, $2 state, $3 now. */
export const updateSegmentState: Statement = { name: 'segment_update_state', text: 'update segment set state = $2, changed_at = $3 where segment_id = $1' }

/** $1 id, $2 why or null. */
export const updateFailure: Statement = { name: 'segment_update_failure', text: 'update segment set failure = $2 where segment_id = $1' }

/** $1 id. */
export const deleteMembers: Statement = { name: 'segment_delete_members', text: 'delete from segment_member where segment_id = $1' }

/** $1 id. */
export const deleteSegmentRow: Statement = { name: 'segment_delete', text: `delete from segment where segment_id = $1 and state = 'deleting'` }

/** $1 name, $2 id that may have it or null. */
export const selectNames: Statement = {
  name: 'segment_names',
  text: `select count(*)::int as segments, count(*) filter (where lower(name) = lower($1) and segment_id is distinct from $2::uuid)::int as same_name,
      (select count(*)::int from corp_tag) as tags from segment`,
}

/** Tags of people: those of the system follow from other things. */
export const selectFreeTags: Statement = {
  name: 'segment_free_tags',
  text: 'select tag_id from corp_tag t where t.tier is null and not exists (select from segment s where s.tag_id = t.tag_id)',
}

/** $1 channel ids. */
export const selectChannels: Statement = { name: 'segment_channels', text: 'select channel_id from channel where channel_id = any($1::uuid[])' }

/** Every version of every form, oldest first: answers outlive the version they were given to. */
export const selectFormDefinitions: Statement = { name: 'segment_forms', text: 'select definition from form_version order by published_at' }

/** Answers of these fields that are not indexed as they are. $1 fields. */
export const selectUnindexedAnswers: Statement = {
  name: 'segment_unindexed',
  text: `select a.member_id, a.field_key, a.value_sealed, a.answered_at, m.data_key_sealed
    from member_answer a join member m using (member_id) left join answer_index i using (member_id, field_key)
    where a.field_key = any($1::text[]) and i.answered_at is distinct from a.answered_at limit 500`,
}

/**
 * An answer that changed or went since it was read is left to the next look. The instant is the answer's own: ours knows milliseconds only.
 * $1 members, $2 fields, $3 hashes, $4 answered at.
 */
export const upsertAnswerIndex: Statement = {
  name: 'segment_index',
  text: `insert into answer_index (member_id, field_key, value_index, answered_at)
    select a.member_id, a.field_key, o.value_index, a.answered_at
    from unnest($1::uuid[], $2::text[], $3::bytea[], $4::timestamptz[]) as o(member_id, field_key, value_index, answered_at) join member_answer a using (member_id, field_key)
    where date_trunc('milliseconds', a.answered_at) = date_trunc('milliseconds', o.answered_at)
    on conflict (member_id, field_key) do update set value_index = excluded.value_index, answered_at = excluded.answered_at`,
}

/** $1 fields some segment asks for. */
export const deleteUnusedIndex: Statement = { name: 'segment_unused_index', text: 'delete from answer_index where field_key <> all($1::text[])' }
