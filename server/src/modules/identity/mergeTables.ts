import type { Statement } from '../../db/pool.ts'

/** A table whose rows follow their person or member when two become one. */
interface MovedTable {
  readonly table: string
  /** The row's key as one text, of alias `t`. */
  readonly key: string
  /** Finds the row again by `b.row_key`; uses the primary key. */
  readonly match: string
}

const byId = (table: string, column: string): MovedTable => ({ table, key: `t.${column}::text`, match: `t.${column} = b.row_key::uuid` })

/** Rows of a person. Every column `person_id` of the database is here or in `keptApart`; a test compares. */
export const personTables: readonly MovedTable[] = [
  { table: 'identifier', key: 't.namespace || chr(10) || t.value', match: 't.namespace = split_part(b.row_key, chr(10), 1) and t.value = split_part(b.row_key, chr(10), 2)' },
  { table: 'external_contact', key: 't.external_user_id', match: 't.external_user_id = b.row_key' },
  byId('consent', 'consent_id'),
  byId('touch', 'touch_id'),
  byId('timeline_entry', 'timeline_entry_id'),
  byId('channel', 'channel_id'),
  byId('delivery', 'delivery_id'),
  byId('pending_link', 'pending_link_id'),
  byId('legal_hold', 'hold_id'),
]

/** Rows of a member, moved when two members become one; they keep their own ids and sources. */
export const memberTables: readonly MovedTable[] = [byId('growth_entry', 'growth_entry_id'), byId('visit', 'visit_id'), byId('risk_decision', 'decision_id'), byId('benefit_grant', 'grant_id'), byId('coupon', 'coupon_id'), byId('interaction', 'interaction_id')]

/** Columns that name a person or a member and do not move, with the reason. */
export const keptApart: Readonly<Record<string, string>> = {
  'person.person_id': 'the person itself; absorbed_by points at the survivor',
  'member.person_id': 'moved by its own statement: a person has one living member',
  'member.member_id': 'the member itself; absorbed_by points at the survivor',
  'member_answer.member_id': "sealed with the member's own key: readable through that member only",
  'tier_event.member_id': 'what the engine decided about that member then; it decides anew from the joined ledger',
  'member_adviser.member_id': 'chosen for that member; the one that stays keeps theirs, or gets the rep who serves the joined person',
  'erasure.person_id': 'a restricted person is known by nothing and meets nobody; empty once they are erased',
  'restricted_identifier.person_id': 'what a restricted person was known by; nobody is joined through it',
  'segment_member.member_id': 'who is in a segment is worked out again every night',
  'answer_index.member_id': 'goes with the answer, which is readable through that member only',
  'approval.person_id': 'a grant is about the person as they were asked about: after a merge it opens nothing, and who needs it asks again',
  'audit_entry.person_id': 'says whom somebody looked at on that day; rows are only ever added',
}

type Column = 'person_id' | 'member_id'

/** Keeps the images of the rows, then moves them. $1 merge id, $2 from ids, $3 to id. */
function moveRows({ table, key }: MovedTable, column: Column): Statement {
  return {
    name: `identity_move_${table}`,
    text: `with image as (
        insert into person_merge_row (merge_id, table_name, row_key, before)
        select $1::uuid, '${table}', ${key}, jsonb_build_object('${column}', t.${column}) from ${table} t where t.${column} = any($2::uuid[])
        on conflict (merge_id, table_name, row_key) do nothing
      ) update ${table} set ${column} = $3 where ${column} = any($2::uuid[])`,
  }
}

/** Puts the rows of a merge back that are still where it put them. $1 merge id, $2 where the merge put them. */
function returnRows({ table, match }: MovedTable, column: Column): Statement {
  return {
    name: `identity_return_${table}`,
    text: `update ${table} t set ${column} = (b.before->>'${column}')::uuid from person_merge_row b
      where b.merge_id = $1 and b.table_name = '${table}' and ${match} and t.${column} = $2`,
  }
}

export const movePersonRows: readonly Statement[] = personTables.map((table) => moveRows(table, 'person_id'))
export const moveMemberRows: readonly Statement[] = memberTables.map((table) => moveRows(table, 'member_id'))
export const returnPersonRows: readonly Statement[] = personTables.map((table) => returnRows(table, 'person_id'))
export const returnMemberRows: readonly Statement[] = memberTables.map((table) => returnRows(table, 'member_id'))

/** $1 id, $2 survivor, $3 absorbed ids, $4 decided by, $5 review or null, $6 edge ids, $7 now. */
export const insertMerge: Statement = {
  name: 'identity_insert_merge',
  text: 'insert into person_merge (merge_id, survivor_id, absorbed_ids, decided_by, review_id, edge_ids, merged_at) values ($1, $2, $3, $4, $5, $6, $7)',
}

/**
 * What the survivor holds already, so that what comes later can be told from it; and its consents, which the merge may narrow.
 * $1 merge id, $2 person ids.
 */
export const keepImages: Statement = {
  name: 'identity_keep_images',
  text: `insert into person_merge_row (merge_id, table_name, row_key, before)
    select $1::uuid, 'identifier', namespace || chr(10) || value, jsonb_build_object('person_id', person_id) from identifier where person_id = any($2::uuid[])
    union all
    select $1::uuid, 'consent', consent_id::text, jsonb_build_object('person_id', person_id, 'withdrawn_at', withdrawn_at) from consent where person_id = any($2::uuid[])
    union all
    select $1::uuid, 'person', person_id::text, jsonb_build_object('absorbed_by', absorbed_by) from person where person_id = any($2::uuid[])
    union all
    select $1::uuid, 'member', member_id::text, jsonb_build_object('person_id', person_id, 'absorbed_by', absorbed_by, 'confirmed_at', confirmed_at)
    from member where person_id = any($2::uuid[]) and absorbed_by is null`,
}

/** The living members of persons, the one that stays first. $1 person ids, $2 survivor. */
export const lockMembers: Statement = {
  name: 'identity_lock_members',
  text: `select member_id, person_id, registered_at from member where person_id = any($1::uuid[]) and absorbed_by is null
    order by person_id = $2 desc, registered_at, member_id for update`,
}

/** $1 absorbed ids, $2 survivor. */
export const absorbPersons: Statement = { name: 'identity_absorb_persons', text: 'update person set absorbed_by = $2 where person_id = any($1::uuid[])' }

/** $1 member id, $2 person id. */
export const moveMember: Statement = { name: 'identity_move_member', text: 'update member set person_id = $2 where member_id = $1 and person_id <> $2' }

/** Who confirmed themselves once has confirmed. $1 absorbed member ids, $2 the one that stays. */
export const absorbMembers: Statement = {
  name: 'identity_absorb_members',
  text: `with absorbed as (update member set absorbed_by = $2 where member_id = any($1::uuid[]) returning confirmed_at, last_activity_at, archived_at)
    update member set confirmed_at = coalesce(confirmed_at, (select min(confirmed_at) from absorbed)),
      last_activity_at = greatest(last_activity_at, (select max(last_activity_at) from absorbed)),
      archived_at = case when (select bool_and(archived_at is not null) from absorbed) then archived_at end
    where member_id = $2`,
}

/** How each person stands on each purpose. $1 person ids. */
export const selectStandings: Statement = {
  name: 'identity_standings',
  text: `select distinct on (person_id, purpose) person_id, purpose, case when withdrawn_at is not null then 'withdrawn' else decision end as state
    from consent where person_id = any($1::uuid[]) order by person_id, purpose, granted_at desc, consent_id desc`,
}

/** $1 person id, $2 purposes, $3 now. */
export const narrowConsents: Statement = {
  name: 'identity_narrow_consents',
  text: `update consent set withdrawn_at = $3 where person_id = $1 and purpose = any($2::text[]) and decision = 'granted' and withdrawn_at is null`,
}

/** Questions whose persons have become one answer themselves. $1 survivor, $2 all ids, $3 decided by, $4 now. */
export const closeReviews: Statement = {
  name: 'identity_close_reviews',
  text: `update identity_review set state = 'merged', decided_by = $3, decided_at = $4 where state = 'open' and person_ids <@ ($2::uuid[] || $1::uuid)`,
}

/** $1 merge id. */
export const lockMerge: Statement = {
  name: 'identity_lock_merge',
  text: `select m.merge_id, m.survivor_id, m.absorbed_ids, m.review_id, m.edge_ids, m.merged_at, m.undone_at from person_merge m where merge_id = $1 for update`,
}

/** A later merge that has not been undone stands on this one. $1 merge id. */
export const isCovered: Statement = {
  name: 'identity_merge_covered',
  text: `select exists (select from person_merge m join person_merge later on later.undone_at is null and later.merge_id > m.merge_id
      and (later.survivor_id = any(m.absorbed_ids || m.survivor_id) or later.absorbed_ids && (m.absorbed_ids || m.survivor_id))
    where m.merge_id = $1) as is_covered`,
}

/** Which person held which identifier when they were joined. $1 merge id. */
export const selectHeldBefore: Statement = {
  name: 'identity_held_before',
  text: `select split_part(row_key, chr(10), 1) as namespace, split_part(row_key, chr(10), 2) as value, before->>'person_id' as person_id
    from person_merge_row where merge_id = $1 and table_name = 'identifier'`,
}

/** $1 person id. */
export const selectIdentifiers: Statement = { name: 'identity_identifiers', text: 'select namespace, value from identifier where person_id = $1' }

/** Persons and members as they were, consents unless somebody changed them since. $1 merge id, $2 when it happened. */
export const returnTheRest: readonly Statement[] = [
  {
    name: 'identity_return_persons',
    text: `update person t set absorbed_by = (b.before->>'absorbed_by')::uuid from person_merge_row b
      where b.merge_id = $1 and b.table_name = 'person' and t.person_id = b.row_key::uuid and $2::timestamptz is not null`,
  },
  {
    name: 'identity_return_members',
    text: `update member t set person_id = (b.before->>'person_id')::uuid, absorbed_by = (b.before->>'absorbed_by')::uuid,
        confirmed_at = case when t.confirmed_at <= $2 then (b.before->>'confirmed_at')::timestamptz else t.confirmed_at end
      from person_merge_row b where b.merge_id = $1 and b.table_name = 'member' and t.member_id = b.row_key::uuid`,
  },
  {
    name: 'identity_return_consents',
    text: `update consent t set withdrawn_at = (b.before->>'withdrawn_at')::timestamptz from person_merge_row b
      where b.merge_id = $1 and b.table_name = 'consent' and t.consent_id = b.row_key::uuid and t.withdrawn_at = $2`,
  },
]

/** Rows that came after the merge through an identifier of the absorbed person. $1 namespaces, $2 values, $3 survivor, $4 absorbed person. */
export const splitPersonRows: readonly Statement[] = [
  ['identifier', 't.namespace = o.namespace and t.value = o.value'],
  ['external_contact', `o.namespace like 'external-userid@%' and t.external_user_id = o.value`],
  ['consent', 't.namespace = o.namespace and t.open_id = o.value'],
  ['touch', 't.via_namespace = o.namespace and t.via_value = o.value'],
  ['channel', `o.namespace like 'external-userid@%' and t.external_user_id = o.value`],
  // What the mirror writes of a contact names it in its key.
  ['timeline_entry', `(t.via_namespace = o.namespace and t.via_value = o.value)
    or (o.namespace like 'external-userid@%' and t.kind in ('contact.added', 'contact.lost') and split_part(t.entry_key, ':', 2) = o.value)`],
].map(([table, match]) => ({
  name: `identity_split_${table}`,
  text: `update ${table} t set person_id = $4 from unnest($1::text[], $2::text[]) as o(namespace, value) where t.person_id = $3 and (${match})`,
}))

/** The same of rows that hang on a member. $1 namespaces, $2 values, $3 the survivor's member, $4 the absorbed person's. */
export const splitMemberRows: readonly Statement[] = [
  ['growth_entry', 't.via_namespace = o.namespace and t.via_value = o.value'],
  ['visit', 't.namespace = o.namespace and t.open_id = o.value'],
  ['risk_decision', 't.namespace = o.namespace and t.open_id = o.value'],
  ['interaction', 't.via_namespace = o.namespace and t.via_value = o.value'],
].map(([table, match]) => ({
  name: `identity_split_${table}`,
  text: `update ${table} t set member_id = $4 from unnest($1::text[], $2::text[]) as o(namespace, value) where t.member_id = $3 and ${match}`,
}))

/** A member who registered while the two were one, through an identifier of the absorbed person. $1 namespaces, $2 values, $3 survivor, $4 absorbed person. */
export const splitMember: Statement = {
  name: 'identity_split_member',
  text: `update member m set person_id = $4
    where m.person_id = $3 and m.absorbed_by is null and not exists (select from member taken where taken.person_id = $4)
      and exists (select from growth_entry g join unnest($1::text[], $2::text[]) as o(namespace, value) on g.via_namespace = o.namespace and g.via_value = o.value
        where g.member_id = m.member_id and g.source = 'registration')`,
}

/** The funnel's last step is taken back for members without a contact. $1 person ids. */
export const unlinkVisits: Statement = {
  name: 'identity_unlink_visits',
  text: `update visit v set linked_at = null from member m
    where v.member_id = m.member_id and m.person_id = any($1::uuid[]) and not exists (select from external_contact c where c.person_id = m.person_id)`,
}

/** Being linked may be said again. $1 person ids, $2 when they were joined, $3 merge id. */
export const forgetLinkedEntry: Statement = {
  name: 'identity_forget_linked',
  text: `update timeline_entry set entry_key = entry_key || ':' || $3::text where entry_key = any(select 'identity.linked:' || id from unnest($1::uuid[]) as id) and at >= $2`,
}

/** Questions that the merge had answered are answered the other way. $1 merge id, $2 now, $3 by, $4 note. */
export const closeMerge: Statement = {
  name: 'identity_close_merge',
  text: `with undone as (update person_merge set undone_at = $2, undone_by = $3, undo_note = $4 where merge_id = $1 returning review_id, absorbed_ids || survivor_id as person_ids)
    update identity_review r set state = 'keptApart', decided_by = $3, decided_at = $2 from undone u
    where r.state = 'merged' and (r.review_id = u.review_id or r.person_ids <@ u.person_ids)`,
}
