import type { Statement } from '../../db/pool.ts'

/** $1 erasure id. */
export const lockErasure: Statement = {
  name: 'lifecycle_lock_erasure',
  text: 'select erasure_id, reason, state, person_id, requested_at from erasure where erasure_id = $1 for update',
}

/** Whether anything holds these persons. Approval is not waited for. $1 person ids, $2 now. */
export const selectIsHeld: Statement = {
  name: 'lifecycle_is_held',
  text: `select exists (select from legal_hold where lifted_at is null and expires_at > $2 and (person_id = any($1::uuid[]) or data_class = 'members')) as is_held`,
}

/** $1 erasure id. */
export const markHeld: Statement = { name: 'lifecycle_mark_held', text: `update erasure set state = 'held' where erasure_id = $1 and state = 'restricted'` }

/** Everything that waits: restricted ones a crash left behind, and held ones whose hold may have ended. */
export const selectWaitingErasures: Statement = { name: 'lifecycle_waiting_erasures', text: `select erasure_id from erasure where state <> 'erased' order by requested_at` }

const counted = (change: string) => `with done as (${change} returning 1) select count(*)::int as count from done`
const known = `exists (select from restricted_identifier r where r.person_id = any($1::uuid[])`

/** Which ids a step asks for, in this order. */
type StepIds = readonly ('persons' | 'members')[]
const step = (name: string, ids: StepIds, change: string) => ({ step: name, ids, statement: { name: `lifecycle_erase_${name}`, text: counted(change) } })

/**
 * What is deleted or emptied, in order; each says how many rows it concerned. An identifier the same human has registered with anew keeps
 * its evidence: that belongs to the new person.
 */
export const eraseSteps: readonly { readonly step: string; readonly ids: StepIds; readonly statement: Statement }[] = [
  step('evidence', ['persons'], `delete from identity_edge e where ${known} and ((r.namespace = e.a_namespace and r.value = e.a_value) or (r.namespace = e.b_namespace and r.value = e.b_value)))
    and not (exists (select from identifier i where i.namespace = e.a_namespace and i.value = e.a_value) and exists (select from identifier i where i.namespace = e.b_namespace and i.value = e.b_value))`),
  step('answers', ['members'], 'delete from member_answer where member_id = any($1::uuid[])'),
  step('messages', ['persons'], 'delete from delivery where person_id = any($1::uuid[])'),
  step('timeline', ['persons'], 'delete from timeline_entry where person_id = any($1::uuid[])'),
  // An interaction is named by whoever reported it: the name may hold an account of the person.
  step('ledgerOrigins', ['members'], `update growth_entry set via_namespace = null, via_value = null,
      source_id = case when source in ('chatDay', 'documentView') then growth_entry_id::text else source_id end where member_id = any($1::uuid[])`),
  step('interactions', ['members'], 'delete from interaction where member_id = any($1::uuid[])'),
  step('coupons', ['members'], 'delete from coupon where member_id = any($1::uuid[]) and redeemed_at is null'),
  // What was paid stays, as an amount; the code could be shown by somebody who kept it.
  step('couponCodes', ['members'], `update coupon set code_index = uuid_send(gen_random_uuid()), code_sealed = '', order_no = null where member_id = any($1::uuid[])`),
  step('benefits', ['members'], 'delete from benefit_grant g where g.member_id = any($1::uuid[]) and not exists (select from coupon c where c.grant_id = g.grant_id)'),
  step('advisers', ['members'], 'delete from member_adviser where member_id = any($1::uuid[])'),
  step('segments', ['members'], 'delete from segment_member where member_id = any($1::uuid[])'),
  step('touches', ['persons'], 'update touch set via_namespace = null, via_value = null where person_id = any($1::uuid[])'),
  step('visits', ['persons', 'members'], `update visit v set namespace = null, open_id = null where v.member_id = any($2::uuid[]) or ${known} and r.namespace = v.namespace and r.value = v.open_id)`),
  step('riskDecisions', ['persons', 'members'], `update risk_decision d set namespace = '', open_id = '' where d.member_id = any($2::uuid[]) or ${known} and r.namespace = d.namespace and r.value = d.open_id)`),
  step('consentOrigins', ['persons'], `update consent set namespace = '', open_id = null, channel_token = null, basis = null where person_id = any($1::uuid[])`),
  step('links', ['persons'], `update channel c set external_user_id = null where c.person_id = any($1::uuid[]) or (c.kind = 'invitation' and ${known} and r.value = c.external_user_id))`),
  step('mergeImages', ['persons'], 'delete from person_merge_row w using person_merge m where w.merge_id = m.merge_id and (m.survivor_id = any($1::uuid[]) or m.absorbed_ids && $1::uuid[])'),
  step('merges', ['persons'], 'delete from person_merge where survivor_id = any($1::uuid[]) or absorbed_ids && $1::uuid[]'),
  step('reviews', ['persons'], 'delete from identity_review where person_ids && $1::uuid[]'),
  step('approvals', ['persons'], 'delete from approval where person_id = any($1::uuid[])'),
  step('storedAnswers', ['members'], `delete from idempotency_key where response->>'memberId' = any($1::text[])`),
  step('jobs', ['persons', 'members'], `delete from outbox where payload->>'personId' = any($1::text[]) or payload->>'memberId' = any($2::text[])`),
]

/** Contacts the person was known by, unless somebody registered with them anew. $1 person ids. */
export const selectScrubbedContacts: Statement = {
  name: 'lifecycle_scrubbed_contacts',
  text: `select c.external_user_id from external_contact c join restricted_identifier r on r.value = c.external_user_id and r.namespace like 'external-userid@%'
    where r.person_id = any($1::uuid[]) and not exists (select from member m where m.person_id = c.person_id)`,
}

/** A new key without the old name, and nothing of what tags said; WeCom's own answer fills it again where it may. $1 external user id, $2 key, $3 name. */
export const scrubContact: Statement = {
  name: 'lifecycle_scrub_contact',
  text: `with remarks as (update follow_user set remark_sealed = null where external_user_id = $1),
      hand_edits as (delete from tag_hand_edit where external_user_id = $1)
    update external_contact set data_key_sealed = $2, name_sealed = $3, avatar_url = null, corp_name = null, union_id = null where external_user_id = $1`,
}

/** $1 person ids. */
export const deleteRestrictedIdentifiers: Statement = {
  name: 'lifecycle_delete_identifiers',
  text: counted('delete from restricted_identifier where person_id = any($1::uuid[])'),
}

/** $1 person ids. */
export const selectErasedMembers: Statement = { name: 'lifecycle_erased_members', text: 'select member_id from member where person_id = any($1::uuid[]) for update' }

/** Tombstones: persons with random ids, in the same order of absorption. $1 old ids, $2 new ids, $3 day. */
export const insertTombstones: Statement = {
  name: 'lifecycle_insert_tombstones',
  text: `insert into person (person_id, created_at, absorbed_by)
    select n.new_id, $3, a.new_id from unnest($1::uuid[], $2::uuid[]) as n(old_id, new_id) join person p on p.person_id = n.old_id
    left join unnest($1::uuid[], $2::uuid[]) as a(old_id, new_id) on a.old_id = p.absorbed_by`,
}

/**
 * Shells that ledgers and counts go on pointing at: tier and amounts, days instead of instants, a new key that has sealed nothing, no phone.
 * $1 old member ids, $2 new member ids, $3 member numbers, $4 new keys, $5 old person ids, $6 new person ids.
 */
export const insertShells: Statement = {
  name: 'lifecycle_insert_shells',
  text: `insert into member select shell.* from unnest($1::uuid[], $2::uuid[], $3::text[], $4::bytea[]) as n(old_id, new_id, member_no, data_key)
    join member m on m.member_id = n.old_id join unnest($5::uuid[], $6::uuid[]) as p(old_id, new_id) on p.old_id = m.person_id
    left join unnest($1::uuid[], $2::uuid[]) as a(old_id, new_id) on a.old_id = m.absorbed_by
    cross join lateral jsonb_populate_record(m, jsonb_build_object('member_id', n.new_id, 'person_id', p.new_id, 'member_no', n.member_no, 'data_key_sealed', n.data_key,
      'phone_sealed', null, 'phone_index', null, 'absorbed_by', a.new_id, 'entered_by', null, 'tier_review_on', null, 'tier_grace_until', null,
      'registered_at', date_trunc('day', m.registered_at), 'last_activity_at', date_trunc('day', m.last_activity_at))) as shell`,
}

/**
 * Every column of the schema that names a person or a member, by foreign key or by name, in tables of any module: a table that is added
 * later is covered without anybody thinking of it. What only ever grows (the audit) and our own rows stay out.
 */
export const selectNamingColumns: Statement = {
  name: 'lifecycle_naming_columns',
  text: `with named as (
      select c.table_name::text as table_name, c.column_name::text as column_name, case when c.column_name = 'member_id' then 'member' else 'person' end as names
      from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
      where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.column_name in ('person_id', 'member_id')
      union
      select k.conrelid::regclass::text, a.attname::text, k.confrelid::regclass::text
      from pg_constraint k join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
      where k.contype = 'f' and k.confrelid in ('person'::regclass, 'member'::regclass) and cardinality(k.conkey) = 1
    )
    select table_name, column_name, names from named
    where table_name not in ('person', 'member', 'erasure', 'restricted_identifier') and table_name not like 'audit%' order by table_name, column_name`,
}

/** Points one column at the tombstones. Names come from the catalogue, never from input. $1 old ids, $2 new ids. */
export function repoint(table: string, column: string): Statement {
  return {
    name: `lifecycle_repoint_${table}_${column}`.slice(0, 63),
    text: counted(`update "${table}" t set "${column}" = n.new_id from unnest($1::uuid[], $2::uuid[]) as n(old_id, new_id) where t."${column}" = n.old_id`),
  }
}

/** Postings that are named after the member: the registration and what followed from a review. $1 old member ids, $2 new member ids. */
export const renameLedger: Statement = {
  name: 'lifecycle_rename_ledger',
  text: counted(`update growth_entry e set source_id = replace(e.source_id, n.old_id::text, n.new_id::text) from unnest($1::uuid[], $2::uuid[]) as n(old_id, new_id)
    where e.member_id = n.new_id and e.source_id like n.old_id::text || '%'`),
}

/** $1 old member ids. The keys go with the rows: what they sealed is noise from here on. */
export const deleteMembers: Statement = { name: 'lifecycle_delete_members', text: counted('delete from member where member_id = any($1::uuid[])') }

/** $1 old person ids. */
export const deletePersons: Statement = { name: 'lifecycle_delete_persons', text: counted('delete from person where person_id = any($1::uuid[])') }

/** $1 erasure id, $2 now. */
export const finishErasure: Statement = {
  name: 'lifecycle_finish_erasure',
  text: `update erasure set state = 'erased', erased_at = $2, person_id = null where erasure_id = $1`,
}

/** Which of these are done here. $1 erasure ids. */
export const selectDoneErasures: Statement = {
  name: 'lifecycle_done_erasures',
  text: `select erasure_id from erasure where erasure_id = any($1::uuid[]) and state = 'erased'`,
}

/** A line of the list whose person this database does not have is done with. $1 erasure id, $2 now. */
export const insertDoneErasure: Statement = {
  name: 'lifecycle_insert_done_erasure',
  text: `insert into erasure (erasure_id, reason, state, requested_at, answer_by, erased_at) values ($1, 'replay', 'erased', $2, $2, $2)
    on conflict (erasure_id) do update set state = 'erased', erased_at = excluded.erased_at, person_id = null`,
}

/** Persons in the order of their ids, a page at a time. $1 after, $2 how many. */
export const selectPersonsPage: Statement = { name: 'lifecycle_persons_page', text: 'select person_id from person where person_id > $1 order by person_id limit $2' }

/** $1 id, $2 now, $3 actor kind, $4 actor, $5 action, $6 subject, $7 fields, $8 request id. */
export const insertAudit: Statement = {
  name: 'lifecycle_audit',
  text: `insert into audit_entry (audit_entry_id, at, actor_kind, actor_id, action, subject, person_id, fields, outcome, request_id)
    values ($1, $2, $3, $4, $5, $6, null, $7, 'done', $8)`,
}

/** $1 erasure id. */
export const selectErasure: Statement = {
  name: 'lifecycle_erasure',
  text: `select e.erasure_id, e.reason, e.state, e.requested_at, e.answer_by, e.erased_at,
      coalesce((select json_agg(json_build_object('step', r.step, 'count', r.count, 'at', r.at) order by r.at, r.step) from erasure_receipt r where r.erasure_id = e.erasure_id), '[]') as receipts
    from erasure e where e.erasure_id = $1`,
}

/** The newest 100, the open ones first. */
export const selectErasures: Statement = {
  name: 'lifecycle_erasures',
  text: `select e.erasure_id, e.reason, e.state, e.requested_at, e.answer_by, e.erased_at,
      coalesce((select json_agg(json_build_object('step', r.step, 'count', r.count, 'at', r.at) order by r.at, r.step) from erasure_receipt r where r.erasure_id = e.erasure_id), '[]') as receipts
    from erasure e order by e.state = 'erased', e.requested_at desc limit 100`,
}
