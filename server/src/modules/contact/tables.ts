import type { SetStatement, Statement } from '../../db/pool.ts'

/** One contact is mirrored by one transaction at a time. $1 external user id. */
export const lockContact: Statement = { name: 'contact_lock', text: 'select pg_advisory_xact_lock(hashtextextended($1, 7240523))' }

/** $1 external user id. */
export const selectContact: Statement = {
  name: 'contact_select',
  text: `select person_id, type, union_id, data_key_sealed, name_sealed, avatar_url, corp_name from external_contact where external_user_id = $1`,
}

/** Who is known to be this human, unionid first (R34); a member of an independent channel is left to the junction, which asks (R40). $1 external-userid namespace, $2 external user id, $3 unionid namespace, $4 unionid or null. */
export const selectPersonOfContact: Statement = {
  name: 'contact_person',
  text: `select person_id from identifier i where ((namespace = $1 and value = $2) or (namespace = $3 and value = $4))
      and not exists (select from member m join channel c using (channel_id) where m.person_id = i.person_id and c.binding_mode = 'independent')
    order by namespace = $3 desc limit 1`,
}

/** Keeps a person from being absorbed until the transaction ends. $1 person id. */
export const holdPerson: Statement = { name: 'contact_hold_person', text: 'select absorbed_by from person where person_id = $1 for share' }

/** $1 person id, $2 now. */
export const insertPerson: Statement = { name: 'contact_insert_person', text: 'insert into person (person_id, created_at) values ($1, $2)' }

/** Identifiers another person holds stay there: the junction looks at both. $1 namespaces, $2 values, $3 person id, $4 now. */
export const insertContactIdentifiers: Statement = {
  name: 'contact_insert_identifiers',
  text: `insert into identifier (namespace, value, person_id, evidence, observed_at)
    select namespace, value, $3, 'externalContact', $4 from unnest($1::text[], $2::text[]) as o(namespace, value)
    on conflict (namespace, value) do nothing`,
}

/** A unionid once seen stays: it vanishes from answers when the console's binding is switched off. $1-$9 as the columns. */
export const upsertContact: Statement = {
  name: 'contact_upsert',
  text: `insert into external_contact as c
      (external_user_id, person_id, type, union_id, data_key_sealed, name_sealed, avatar_url, corp_name, mirrored_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    on conflict (external_user_id) do update set
      type = excluded.type, union_id = coalesce(excluded.union_id, c.union_id), name_sealed = excluded.name_sealed,
      avatar_url = excluded.avatar_url, corp_name = excluded.corp_name, mirrored_at = excluded.mirrored_at`,
}

/** $1 external user id. */
export const selectFollows: Statement = {
  name: 'contact_follows',
  text: 'select staff_user_id, tag_ids, ended_at from follow_user where external_user_id = $1',
}

/**
 * A relation an event has ended stays ended while WeCom goes on listing it with the same start; a later start is a new relation.
 * One that was only missing from a list (`ended_by` null) lives again when it is listed.
 * $1 external user id, $2 staff, $3 remark, $4 state, $5 add way, $6 tag ids, $7 added at.
 */
export const upsertFollow: Statement = {
  name: 'contact_upsert_follow',
  text: `insert into follow_user as f (external_user_id, staff_user_id, remark_sealed, state, add_way, tag_ids, added_at)
    values ($1, $2, $3, $4, $5, $6, $7)
    on conflict (external_user_id, staff_user_id) do update set
      remark_sealed = excluded.remark_sealed, state = excluded.state, add_way = excluded.add_way, tag_ids = excluded.tag_ids,
      ended_at = case when f.ended_by is null or excluded.added_at > f.added_at then null else f.ended_at end,
      ended_by = case when excluded.added_at > f.added_at then null else f.ended_by end,
      added_at = excluded.added_at
    returning ended_at is null as is_live`,
}

/** Relations that are no longer listed. $1 external user id, $2 staff still listed, $3 now. */
export const endUnlistedFollows: Statement = {
  name: 'contact_end_unlisted',
  text: `update follow_user set ended_at = $3 where external_user_id = $1 and ended_at is null and staff_user_id <> all($2::text[])
    returning staff_user_id, added_at`,
}

/** The end an event told of, unless the relation began after it. $1 external user id, $2 staff, $3 ended at, $4 ended by. */
export const endFollowOf: Statement = {
  name: 'contact_end_follow',
  text: `update follow_user set ended_at = $3, ended_by = $4
    where external_user_id = $1 and staff_user_id = $2 and added_at <= $3 and ended_by is null
    returning added_at, (select person_id from external_contact where external_user_id = $1) as person_id`,
}

/** Said once per key. $1 id, $2 person, $3 at, $4 kind, $5 data, $6 key. */
export const insertContactEntry: Statement = {
  name: 'contact_timeline',
  text: `insert into timeline_entry (timeline_entry_id, person_id, at, kind, data, entry_key) values ($1, $2, $3, $4, $5, $6)
    on conflict (entry_key) do nothing`,
}

/** Of these staff, the ones we have no name of. $1 staff ids. */
export const selectUnknownStaff: Statement = {
  name: 'contact_unknown_staff',
  text: `select id as staff_user_id from unnest($1::text[]) as id where not exists (select from staff where staff_user_id = id)`,
}

/** $1 ids, $2 names, $3 departments as JSON texts, $4 now, $5 departments they lead and $6 their leaders as JSON texts. */
export const upsertVisibleStaff: Statement = {
  name: 'contact_upsert_staff',
  text: `insert into staff (staff_user_id, name, department_ids, is_visible, synced_at, led_department_ids, leader_ids)
    select id, name, array(select jsonb_array_elements_text(departments::jsonb)::int), true, $4,
      array(select jsonb_array_elements_text(led::jsonb)::int), array(select jsonb_array_elements_text(leaders::jsonb))
    from unnest($1::text[], $2::text[], $3::text[], $5::text[], $6::text[]) as s(id, name, departments, led, leaders)
    on conflict (staff_user_id) do update
      set name = excluded.name, department_ids = excluded.department_ids, is_visible = true, synced_at = excluded.synced_at,
        led_department_ids = excluded.led_department_ids, leader_ids = excluded.leader_ids`,
}

/** Staff that left the visible scope lose their sessions in the same statement (P6). $1 staff ids, $2 now. */
export const hideStaff: Statement = {
  name: 'contact_hide_staff',
  text: `with hidden as (
      update staff set is_visible = false, synced_at = $2 where staff_user_id = any($1::text[])
    )
    update staff_session set revoked_at = $2 where staff_user_id = any($1::text[]) and revoked_at is null`,
}

/** The whole tree as it is listed now. $1 ids, $2 names, $3 parents, $4 now. */
export const replaceDepartments: Statement = {
  name: 'contact_replace_departments',
  text: `with listed as (
      insert into department (department_id, name, parent_id, synced_at) select *, $4 from unnest($1::int[], $2::text[], $3::int[])
      on conflict (department_id) do update set name = excluded.name, parent_id = excluded.parent_id, synced_at = excluded.synced_at
    )
    delete from department where department_id <> all($1::int[])`,
}

export const selectAllStaff: Statement = { name: 'contact_all_staff', text: 'select staff_user_id from staff' }

/** Logins and sessions nobody can use any more. $1 now. */
export const deleteExpiredLogins: Statement = {
  name: 'contact_delete_expired_logins',
  text: `with states as (delete from oauth_state where expires_at < $1::timestamptz - interval '1 day')
    delete from staff_session where expires_at < $1::timestamptz - interval '1 day'`,
}

/** The mirror's side of the pairs of some staff. $1 staff ids. */
export const selectMirroredPairs: Statement = {
  name: 'contact_mirrored_pairs',
  text: `select f.external_user_id, f.staff_user_id, f.added_at, f.tag_ids, f.state, f.remark_sealed, f.ended_at, f.ended_by,
      c.union_id, c.avatar_url, c.data_key_sealed, c.name_sealed
    from follow_user f join external_contact c using (external_user_id) where f.staff_user_id = any($1::text[])`,
}

/** $1 staff. Everybody who is or was in the contact list of one employee. */
export const selectMirroredList: Statement = {
  name: 'contact_mirrored_list',
  text: 'select external_user_id, ended_at, ended_by from follow_user where staff_user_id = $1',
}

/** The relation a change of a rep needs. $1 external user id, $2 staff. */
export const lockLiveFollow: Statement = {
  name: 'contact_lock_follow',
  text: `select f.tag_ids, c.person_id from follow_user f join external_contact c using (external_user_id)
    where f.external_user_id = $1 and f.staff_user_id = $2 and f.ended_at is null for update of f`,
}

/** Entries of the timeline one card shows. */
const timelineLimit = 30

/** What a card needs no opening for, as one document: a column costs more to read than a key. `c` is the contact, as `selectSidebarContacts` joins it. */
export const cardDocument = `json_build_object(
        'standing', c.standing, 'externalUserId', c.external_user_id, 'type', c.type, 'avatarUrl', c.avatar_url, 'corpName', c.corp_name,
        'memberId', c.member_id, 'memberNo', c.member_no, 'growthValue', c.growth_value, 'tier', c.tier, 'reviewOn', c.tier_review_on, 'graceUntil', c.tier_grace_until, 'isArchived', case when c.member_id is not null then c.archived_at is not null end, 'registeredAt', c.registered_at, 'channelName', c.channel_name,
        'followUsers', (select json_agg(json_build_object('staffUserId', f.staff_user_id, 'name', coalesce(s.name, f.staff_user_id), 'addedAt', f.added_at) order by f.added_at)
          from follow_user f left join staff s using (staff_user_id)
          where f.external_user_id = c.external_user_id and f.ended_at is null),
        'answers', (select json_agg(json_build_object('key', field_key, 'version', form_version, 'sealed', encode(value_sealed, 'base64')) order by field_key) from member_answer where member_id = c.member_id),
        'corpTags', (select json_agg(json_build_object('tagId', t.tag_id, 'name', t.name, 'groupName', g.name, 'isManaged', t.tier is not null) order by g.sort_order desc, t.sort_order desc)
          from corp_tag t join corp_tag_group g using (group_id) where t.tag_id = any(c.tag_ids)),
        'timeline', (select json_agg(json_build_object('at', e.at, 'kind', e.kind, 'data', e.data, 'staffName', s.name) order by e.at desc)
          from (select at, kind, data from timeline_entry where person_id = c.person_id order by at desc limit ${timelineLimit}) e
          left join staff s on s.staff_user_id = e.data->>'staffUserId'))`

/**
 * The whole card and the audit of its reading in one statement (R15, R17, R59, R61, P8): whoever the right does not reach gets nothing,
 * and the row that says who looked is durable before the answer.
 * A restricted member, whose data are only stored any more, is not shown (PIPL 47).
 * How the viewer stands to the contact is a number: 0 serves them, 1 a colleague of the department does, 2 one of the departments below, 3 nobody near.
 * Look-ups are laterals with a limit: whatever a cached plan believed of a table's size, they stay look-ups by key.
 * A run: `external_user_id`, `viewer` (staff), `audit_id`, `at`, `request_id`, `shown_fields` (comma lists by standing and then contact or
 * member), `departments` (the viewer's), `department_tree` (those and all below), `farthest` (the standing the right reaches, -1 for none).
 */
export const selectSidebarContacts: SetStatement = {
  name: 'contact_sidebar',
  // The database reads four cards while the answers of the last four are written.
  runsPerSet: 4,
  isPipelined: true,
  setText: `with run as (
      select ordinality::int as run, asked.* from rows from (json_to_recordset($1::json) as (external_user_id text, viewer text, audit_id uuid, at timestamptz,
        request_id text, shown_fields text[], departments int[], department_tree int[], farthest int)) with ordinality as asked
    ), contact as (
      select r.*, c.*,
        case when c.person_id is null then null when c.is_own then 0
          when r.farthest < 1 then 3
          when exists (select from follow_user f join staff s using (staff_user_id) where f.external_user_id = r.external_user_id and f.ended_at is null and s.department_ids && r.departments) then 1
          when exists (select from follow_user f join staff s using (staff_user_id) where f.external_user_id = r.external_user_id and f.ended_at is null and s.department_ids && r.department_tree) then 2
          else 3 end as standing
      from run r left join lateral (
        select c.person_id, c.type, c.avatar_url, c.corp_name, c.data_key_sealed as contact_key_sealed, c.name_sealed,
          v.remark_sealed, v.tag_ids, v.staff_user_id is not null as is_own,
          m.member_id, m.member_no, m.growth_value, m.tier, m.tier_review_on, m.tier_grace_until, m.archived_at, m.registered_at, m.data_key_sealed, m.phone_sealed, ch.name as channel_name
        from external_contact c
        left join follow_user v on v.external_user_id = c.external_user_id and v.staff_user_id = r.viewer and v.ended_at is null
        left join member m on m.person_id = c.person_id and m.restricted_at is null
        left join channel ch on ch.channel_id = m.channel_id
        where c.external_user_id = r.external_user_id limit 1) c on true
    ), audited as (
      insert into audit_entry (audit_entry_id, at, actor_kind, actor_id, action, subject, person_id, fields, outcome, request_id)
      select audit_id, at, 'staff', viewer, 'contact.read', external_user_id, person_id,
        case when standing <= farthest then string_to_array(shown_fields[standing * 2 + case when member_id is null then 1 else 2 end], ',') else '{}'::text[] end,
        case when standing <= farthest then 'shown' when standing is null then 'absent' else 'refused' end, request_id
      from contact
      returning audit_entry_id, outcome
    )
    select r.run, a.outcome, c.contact_key_sealed, c.name_sealed, c.remark_sealed, c.data_key_sealed, c.phone_sealed,
      ${cardDocument} as card
    from run r join audited a on a.audit_entry_id = r.audit_id left join contact c on c.run = r.run and a.outcome = 'shown'`,
}
