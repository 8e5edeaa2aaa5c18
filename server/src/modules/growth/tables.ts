import type { Statement } from '../../db/pool.ts'

/** $1 unionid namespace, $2 unionid. Locks the member so that parallel awards add up. */
export const lockMemberByUnionId: Statement = {
  name: 'growth_lock_member',
  text: `select m.member_id, m.person_id, m.growth_value, m.tier, to_char(m.tier_review_on, 'YYYY-MM-DD') as review_on, to_char(m.tier_grace_until, 'YYYY-MM-DD') as grace_until, m.registered_at from member m
    where m.person_id = (select person_id from identifier where namespace = $1 and value = $2) for update`,
}

/**
 * $1 id, $2 member id, $3 kind, $4 amount, $5 source, $6 source id, $7 occurred, $8 posted, $9 reverses or null, $10 fen or null,
 * $11, $12 the identifier it came through or null; a reversal comes through what it reverses. $13 rules version or null.
 * Postings of one member never share an instant: a refund in the millisecond of its order would otherwise undo an upgrade. No row when this source event was posted before.
 */
export const insertGrowthEntry: Statement = {
  name: 'growth_entry_insert',
  text: `insert into growth_entry (growth_entry_id, member_id, kind, amount, source, source_id, occurred_at, posted_at, reverses, money_fen, via_namespace, via_value, rules_version)
    values ($1, $2, $3, $4, $5, $6, $7,
      greatest($8, (select max(posted_at) + interval '1 millisecond' from growth_entry where member_id = $2)), $9, $10,
      coalesce($11, (select via_namespace from growth_entry where growth_entry_id = $9)), coalesce($12, (select via_value from growth_entry where growth_entry_id = $9)), $13)
    on conflict (source, source_id, kind) do nothing returning posted_at, via_namespace, via_value`,
}

/** The order a refund belongs to, with what was taken back of it so far. $1 order number. Locks the member. */
export const lockOrder: Statement = {
  name: 'growth_lock_order',
  text: `select m.member_id, m.person_id, m.growth_value, m.tier, to_char(m.tier_review_on, 'YYYY-MM-DD') as review_on, to_char(m.tier_grace_until, 'YYYY-MM-DD') as grace_until, m.registered_at, e.growth_entry_id, e.amount as earned, e.money_fen, e.occurred_at, e.rules_version
    from growth_entry e join member m using (member_id) where e.source = 'order' and e.source_id = $1 and e.kind = 'earn' for update of m`,
}

/** $1 entry id. */
export const selectReversed: Statement = {
  name: 'growth_reversed',
  text: 'select coalesce(sum(amount), 0)::int as amount, coalesce(sum(money_fen), 0)::int as money_fen from growth_entry where reverses = $1',
}

/** $1 id, $2 person id, $3 at, $4 kind, $5 data, $6, $7 the identifier it came through or null. */
export const insertTimelineEntry: Statement = {
  name: 'growth_timeline_insert',
  text: 'insert into timeline_entry (timeline_entry_id, person_id, at, kind, data, via_namespace, via_value) values ($1, $2, $3, $4, $5, $6, $7)',
}

/** $1 member id. Who was absorbed, held or has not confirmed earns nothing: no row. */
export const lockMemberById: Statement = {
  name: 'growth_lock_member_by_id',
  text: `select member_id, person_id, growth_value, tier, registered_at from member
    where member_id = $1 and absorbed_by is null and confirmed_at is not null and held_at is null for update`,
}

/**
 * Groups of fields that members completed in a time and were not rewarded for. $1 groups (jsonb), $2 from, $3 until or null, $4 now,
 * $5 member id or null for everybody.
 */
export const selectCompletedGroups: Statement = {
  name: 'growth_completed_groups',
  text: `with wanted as (
      select g.key, g.growth, f.field_key, jsonb_array_length(g."fieldKeys") as fields
      from jsonb_to_recordset($1::jsonb) as g(key text, growth int, "fieldKeys" jsonb) cross join lateral jsonb_array_elements_text(g."fieldKeys") as f(field_key)
    ), completed as (
      select a.member_id, w.key, max(w.growth) as growth, max(a.answered_at) as done_at from wanted w join member_answer a using (field_key)
      where $5::uuid is null or a.member_id = $5 group by a.member_id, w.key, w.fields having count(*) = w.fields
    )
    select c.member_id, c.key as group_key, c.growth, c.done_at from completed c join member m using (member_id)
    where c.done_at >= $2 and c.done_at <= $4 and ($3::timestamptz is null or c.done_at < $3)
      and m.absorbed_by is null and m.confirmed_at is not null and m.held_at is null
      and not exists (select from growth_entry e where e.member_id = c.member_id and e.source = 'formCompletion' and split_part(e.source_id, ':', 2) = c.key)
    order by c.done_at, c.member_id`,
}
