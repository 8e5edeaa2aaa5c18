import type { Statement } from '../../db/pool.ts'

/** Position in the standings of one staff to the contact of the row; the same order as the card's. */
const standingOf = (contact: string, staff: string, departments: string, tree: string) => `case
      when exists (select from follow_user f where f.external_user_id = ${contact} and f.staff_user_id = ${staff} and f.ended_at is null) then 0
      when exists (select from follow_user f join staff s using (staff_user_id) where f.external_user_id = ${contact} and f.ended_at is null and s.department_ids && ${departments}::int[]) then 1
      when exists (select from follow_user f join staff s using (staff_user_id) where f.external_user_id = ${contact} and f.ended_at is null and s.department_ids && ${tree}::int[]) then 2
      else 3 end`

/** What of a customer can be asked for, and how the viewer stands to them now. $1 external user id, $2 staff, $3 departments, $4 with those below. */
export const selectSubject: Statement = {
  name: 'approval_subject',
  text: `select c.person_id, m.member_id, m.member_no, m.registered_at, m.data_key_sealed, m.phone_sealed, ch.name as channel_name,
      ${standingOf('c.external_user_id', '$2', '$3', '$4')} as standing,
      (select json_agg(json_build_object('key', field_key, 'version', form_version, 'sealed', encode(value_sealed, 'base64')) order by field_key) from member_answer where member_id = m.member_id) as answers
    from external_contact c left join member m on m.person_id = c.person_id and m.restricted_at is null left join channel ch on ch.channel_id = m.channel_id
    where c.external_user_id = $1`,
}

/** A request its approvers have not been told of. $1 approval. */
export const selectUntold: Statement = { name: 'approval_untold', text: 'select * from approval where approval_id = $1 and told_at is null' }

/** $1 approval, $2 now. */
export const markTold: Statement = { name: 'approval_mark_told', text: 'update approval set told_at = $2 where approval_id = $1' }

/** Everybody visible who holds one of the roles, and how they stand to a contact. $1 external user id, $2 roles. */
export const selectApprovers: Statement = {
  name: 'approval_approvers',
  text: `select holder.staff_user_id, holder.department_ids, holder.tree as department_tree_ids, holder.grants,
      ${standingOf('$1', 'holder.staff_user_id', 'holder.department_ids', 'holder.tree')} as standing
    from (
      select staff.staff_user_id, department_ids, json_agg(json_build_object('role', role, 'scope', scope)) as grants,
        array(with recursive below as (
            select unnest(department_ids) as department_id
            union
            select d.department_id from department d join below b on d.parent_id = b.department_id
          ) select department_id from below) as tree
      from staff join staff_role r on r.staff_user_id = staff.staff_user_id where revoked_at is null and is_visible and role = any($2::text[])
      group by staff.staff_user_id
    ) holder order by holder.staff_user_id`,
}

/** Where people stand: their departments, those they lead, and their leaders up to the top. $1 staff. */
export const selectPositions: Statement = {
  name: 'approval_positions',
  text: `select s.staff_user_id, s.department_ids, s.led_department_ids,
      array(with recursive above as (
          select unnest(s.leader_ids) as id
          union
          select unnest(l.leader_ids) from staff l join above on l.staff_user_id = above.id
        ) select id from above) as leader_ids
    from staff s where s.staff_user_id = any($1::text[])`,
}

export const selectDepartmentParents: Statement = { name: 'approval_departments', text: 'select department_id, parent_id from department' }

/** One requester asks one thing at a time: whom they asked about today is counted. $1 staff. */
export const lockRequester: Statement = { name: 'approval_lock_requester', text: 'select pg_advisory_xact_lock(hashtextextended($1, 7240915))' }

/** Persons asked about within a day, with this one. $1 staff, $2 person, $3 since. */
export const countPersons: Statement = {
  name: 'approval_count_persons',
  text: `select (count(distinct person_id) filter (where person_id <> $2) + 1)::int as persons from approval where requester_id = $1 and requested_at > $3`,
}

/** $1-$16 as the columns. */
export const insertApproval: Statement = {
  name: 'approval_insert',
  text: `insert into approval (approval_id, requester_id, session_hash, external_user_id, person_id, field_keys, field_labels, purpose, note, minutes, max_views,
      needed_approvers, is_break_glass, state, version, views, approver_ids, requested_at, decided_at, open_until)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 1, 0, '{}', $15, case when $13 then $15::timestamptz end, $16)`,
}

/** Whoever changes a request holds it; the others wait and see the change. $1 approval. */
export const lockApproval: Statement = { name: 'approval_lock', text: 'select * from approval where approval_id = $1 for update' }

/** $1 approval, $2 version it had, $3 state, $4 version, $5 views, $6 approvers, $7 open until, $8 decided at or null. Who is needed besides the first is told anew. */
export const updateApproval: Statement = {
  name: 'approval_update',
  text: `update approval set state = $3, version = $4, views = $5, approver_ids = $6, open_until = $7, decided_at = coalesce(decided_at, $8),
      told_at = case when $3 = 'requested' and cardinality($6::text[]) > cardinality(approver_ids) then null else told_at end
    where approval_id = $1 and version = $2 returning approval_id`,
}

/** Whether a grant was taken back since a look began. $1 approval. */
export const selectIsRevoked: Statement = { name: 'approval_is_revoked', text: `select state = 'revoked' as is_revoked from approval where approval_id = $1` }

/** $1 approval, $2 verdict, $3 by, $4 now, $5 note. */
export const updateReview: Statement = {
  name: 'approval_review',
  text: 'update approval set review_verdict = $2, reviewed_by = $3, reviewed_at = $4, review_note = $5, version = version + 1 where approval_id = $1',
}

const listed = `select a.*, r.name as requester_name, c.data_key_sealed, c.name_sealed,
      (select member_no from member m where m.person_id = a.person_id order by absorbed_by nulls first limit 1) as member_no,
      array(select coalesce(s.name, id) from unnest(a.approver_ids) with ordinality as ids(id, place) left join staff s on s.staff_user_id = id order by place) as approver_names,
      (select name from staff where staff_user_id = a.reviewed_by) as reviewer_name,
      ${standingOf('a.external_user_id', '$1', '$2', '$3')} as standing
    from approval a join staff r on r.staff_user_id = a.requester_id left join external_contact c on c.external_user_id = a.external_user_id`

/** What of these the viewer reaches is left to the caller. $1 viewer, $2 departments, $3 with those below, $4 approval. */
export const selectApproval: Statement = { name: 'approval_one', text: `${listed} where a.approval_id = $4` }

/** $1-$3 as above, $4 since, $5 external user id or null, $6 limit. */
export const selectOwn: Statement = {
  name: 'approval_own',
  text: `${listed} where a.requester_id = $1 and a.requested_at > $4 and ($5::text is null or a.external_user_id = $5) order by a.requested_at desc limit $6`,
}

/** Others' requests within reach. $1-$3 as above, $4 since, $5 farthest standing, $6 limit, $7 waiting, review or all. */
export const selectInReach: Statement = {
  name: 'approval_in_reach',
  text: `select * from (${listed} where a.requested_at > $4 and case $7::text when 'waiting' then a.state = 'requested' and a.requester_id <> $1
      when 'review' then a.is_break_glass and a.reviewed_at is null else true end) l
    where standing <= $5 order by case when $7::text = 'all' then requested_at end desc, requested_at limit $6`,
}

/**
 * What looks odd since $1 (domain rules i 5), by local day: one pair more than five times, decisions between 22:00 and 06:00, decisions
 * within three seconds, one requester asking about more than twenty persons.
 */
export const selectAlerts: Statement = {
  name: 'approval_alerts',
  text: `with recent as (
      select a.*, to_char(requested_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as day, coalesce(s.name, a.requester_id) as requester
      from approval a left join staff s on s.staff_user_id = a.requester_id where requested_at > $1
    ), decided as (
      select r.*, coalesce(s.name, id) as approver, extract(hour from decided_at at time zone 'Asia/Shanghai') as hour
      from recent r cross join unnest(r.approver_ids) as id left join staff s on s.staff_user_id = id
    )
    select 'samePair' as kind, day, requester, approver, count(*)::int as count from decided group by day, requester_id, requester, approver having count(*) > 5
    union all select 'night', day, requester, approver, count(*)::int from decided where hour >= 22 or hour < 6 group by day, requester_id, requester, approver
    union all select 'hasty', day, requester, approver, count(*)::int from decided where decided_at - requested_at < interval '3 seconds' group by day, requester_id, requester, approver
    union all select 'manyPersons', day, requester, null, count(distinct person_id)::int from recent group by day, requester_id, requester having count(distinct person_id) > 20
    order by day desc, kind, requester limit 100`,
}
