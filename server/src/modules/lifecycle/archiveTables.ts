import type { Statement } from '../../db/pool.ts'

/**
 * One batch of the daily walk over the members, in the order of their ids: whoever has been quiet for long enough is archived or told. The last
 * act is compared in the very update: a row that somebody changes meanwhile is waited for and compared anew, so nobody who has just come
 * back is archived. Marketing messages that wait for the archived are taken back with it.
 * $1 id to go on after, $2 now, $3 before: archived, $4 before: second notice, $5 before: first notice, $6 batch size.
 */
export const archiveBatch: Statement = {
  name: 'lifecycle_archive_batch',
  text: `with walked as materialized (
      select member_id from member where member_id > $1 order by member_id limit $6
    ), quiet as (
      update member m set
        archived_at = case when m.last_activity_at < $3 then $2::timestamptz end,
        quiet_notice = case when m.last_activity_at < $4 then 173 else 150 end
      from walked w
      where m.member_id = w.member_id and m.archived_at is null and m.restricted_at is null and m.absorbed_by is null and m.last_activity_at < $5
        and (m.last_activity_at < $3 or m.quiet_notice < case when m.last_activity_at < $4 then 173 else 150 end)
      returning m.member_id, m.person_id, m.archived_at is not null as is_archived, m.quiet_notice
    ), silenced as (
      update delivery d set state = 'cancelled', reason = '会员已归档', finished_at = $2
      from quiet q where q.is_archived and d.person_id = q.person_id and d.state = 'queued' and d.purpose = 'marketing'
    ), told as (
      insert into outbox (job, job_key, payload)
      select 'sendQuietNotice', concat(member_id, '|', quiet_notice), jsonb_build_object('memberId', member_id, 'days', quiet_notice) from quiet where not is_archived
    )
    select (select member_id from walked order by member_id desc limit 1) as last_id, (select count(*)::int from quiet where is_archived) as archived,
      (select count(*)::int from quiet where not is_archived) as warned`,
}

/** A run that was cut short and taken up again adds up. $1 day, $2 archived, $3 warned, $4 now. */
export const insertArchiveRun: Statement = {
  name: 'lifecycle_archive_run',
  text: `insert into archive_run (day, archived, warned, finished_at) values ($1, $2, $3, $4)
    on conflict (day) do update set archived = archive_run.archived + excluded.archived, warned = archive_run.warned + excluded.warned, finished_at = excluded.finished_at`,
}

/** A member who is still as quiet as when the notice was asked for. $1 member id, $2 days of the notice. */
export const selectQuietMember: Statement = {
  name: 'lifecycle_quiet_member',
  text: `select member_id, person_id, last_activity_at, data_key_sealed, phone_sealed from member
    where member_id = $1 and quiet_notice = $2 and archived_at is null and restricted_at is null and confirmed_at is not null and held_at is null and phone_sealed is not null
    for update`,
}

/** Said once per quiet time. $1 id, $2 person id, $3 now, $4 key, $5 days. No row when it was said before. */
export const insertNoticeEntry: Statement = {
  name: 'lifecycle_notice_entry',
  text: `insert into timeline_entry (timeline_entry_id, person_id, at, kind, data, entry_key) values ($1, $2, $3, 'member.quietNotice', jsonb_build_object('days', $5::int), $4)
    on conflict (entry_key) do nothing returning 1`,
}

/** Archived members whose time is over and whom nothing holds. $1 archived before, $2 now, $3 how many. */
export const selectPurgeable: Statement = {
  name: 'lifecycle_purgeable',
  text: `select m.person_id from member m
    where m.archived_at < $1 and m.restricted_at is null and m.absorbed_by is null
      and not exists (select from legal_hold h where h.lifted_at is null and h.expires_at > $2 and (h.person_id = m.person_id or h.data_class = 'members'))
    order by m.archived_at limit $3`,
}
