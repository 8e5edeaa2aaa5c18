import type { Statement } from '../../db/pool.ts'

/** Every version there has been, oldest first, with the name of who published it. */
export const selectGrowthRules: Statement = {
  name: 'growth_rules_all',
  text: `select r.version, r.effective_from, r.definition, r.published_at, coalesce(s.name, r.published_by) as published_by
    from growth_rules r left join staff s on s.staff_user_id = r.published_by order by r.effective_from, r.version`,
}

/** $1 version, $2 effective from, $3 definition, $4 published at, $5 by or null. A version that is there stays as it is. */
export const insertGrowthRules: Statement = {
  name: 'growth_rules_insert',
  text: `insert into growth_rules (version, effective_from, definition, published_at, published_by)
    values ($1, $2, $3, $4, $5) on conflict (version) do nothing returning 1`,
}

/** Publishers come one after the other; readers are not held up. */
export const lockGrowthRules: Statement = { name: 'growth_rules_lock', text: 'lock table growth_rules in share row exclusive mode' }

/**
 * What a draft would make of the entries of the last days, and of the tiers their growth supports: set-based, one row, nothing is
 * written. Only what counts now is compared: entries that have left the window would change nobody's standing.
 * An order counts with what is left of it after refunds; a registration or an interaction that was taken back stays taken back.
 *
 * $1 now, $2 first instant of the trial, $3 first instant of the qualifying window, $4 tier thresholds, $5 registration,
 * $6 order points, $7 order fen, $8 form groups, $9 chat day growth, $10 its monthly cap, $11 document view growth, $12 daily and $13 monthly cap.
 */
export const previewGrowth: Statement = {
  name: 'growth_rules_preview',
  text: `with living as (
      select member_id, confirmed_at from member where absorbed_by is null and confirmed_at is not null and held_at is null
    ), span as (
      select greatest($2::timestamptz, $3::timestamptz) as starts
    ), earned as (
      select e.growth_entry_id, e.member_id, e.source, e.amount, e.money_fen from growth_entry e, span
      where e.kind = 'earn' and e.occurred_at > span.starts and e.occurred_at <= $1
        and e.source in ('order', 'registration', 'riskReview', 'formCompletion', 'chatDay', 'documentView')
    ), reversed as (
      select r.reverses, sum(r.amount) as amount, sum(r.money_fen) as money_fen from growth_entry r join earned e on e.growth_entry_id = r.reverses group by r.reverses
    ), settled as (
      select e.member_id, e.source, e.amount + coalesce(r.amount, 0) as net, e.money_fen + coalesce(r.money_fen, 0) as paid_fen
      from earned e left join reversed r on r.reverses = e.growth_entry_id
    ), replaced as (
      select member_id, sum(net) as growth from settled
      where source <> 'order' or paid_fen is not null group by member_id
    ), ordered as (
      select member_id, sum(floor(greatest(paid_fen, 0)::numeric * $6::bigint / $7::bigint)) as growth from settled where source = 'order' and paid_fen is not null group by member_id
    ), joined as (
      select member_id, count(*) filter (where net > 0) * $5::int as growth from settled where source in ('registration', 'riskReview') group by member_id
      union all
      select l.member_id, $5::int from living l, span where l.confirmed_at > span.starts and l.confirmed_at <= $1
        and not exists (select from growth_entry e where e.member_id = l.member_id and e.source in ('registration', 'riskReview') and e.kind = 'earn')
    ), wanted as (
      select g.key, g.growth, f.field_key, jsonb_array_length(g."fieldKeys") as fields
      from jsonb_to_recordset($8::jsonb) as g(key text, growth int, "fieldKeys" jsonb) cross join lateral jsonb_array_elements_text(g."fieldKeys") as f(field_key)
    ), completed as (
      select c.member_id, sum(c.growth) as growth from (
        select a.member_id, g.key, max(g.growth) as growth, max(a.answered_at) as done_at from wanted g join member_answer a using (field_key) join living using (member_id)
        group by a.member_id, g.key, g.fields having count(*) = g.fields
      ) c, span where c.done_at > span.starts and c.done_at <= $1 group by c.member_id
    ), acts as (
      select i.member_id, i.kind, i.occurred_at, i.recorded_at, i.interaction_id, (i.occurred_at at time zone 'Asia/Shanghai')::date as day
      from interaction i, span where i.occurred_at > span.starts and i.occurred_at <= $1
    ), daily as (
      select *, row_number() over (partition by member_id, kind, day order by recorded_at, interaction_id) as nth from acts
    ), counted as (
      select *, row_number() over (partition by member_id, kind, date_trunc('month', day) order by recorded_at, interaction_id) as nth_of_month from daily
      where nth <= case kind when 'chatDay' then 1 else $12::int end
    ), acted as (
      select member_id, sum(case kind when 'chatDay' then $9::int else $11::int end) as growth from counted
      where nth_of_month <= case kind when 'chatDay' then $10::int else $13::int end group by member_id
    ), drafted as (
      select member_id, sum(growth) as growth from (
        select * from ordered union all select * from joined union all select * from completed union all select * from acted
      ) d group by member_id
    ), held as (
      select e.member_id, sum(e.amount) as growth from growth_entry e where e.occurred_at > $3 and e.occurred_at <= $1 group by e.member_id
    ), compared as (
      select l.member_id, coalesce(h.growth, 0) as before, coalesce(h.growth, 0) - coalesce(r.growth, 0) + coalesce(d.growth, 0) as after
      from living l left join held h using (member_id) left join replaced r using (member_id) left join drafted d using (member_id)
    ), stepped as (
      select before, after, greatest(width_bucket(before::int, $4::int[]), 1) as step_before, greatest(width_bucket(after::int, $4::int[]), 1) as step_after from compared
    )
    select count(*)::int as members, count(*) filter (where after > before)::int as growth_up, count(*) filter (where after < before)::int as growth_down,
      count(*) filter (where step_after > step_before)::int as tier_up, count(*) filter (where step_after < step_before)::int as tier_down,
      coalesce(sum(before), 0)::float8 as total_before, coalesce(sum(after), 0)::float8 as total_after,
      array[count(*) filter (where step_before = 1), count(*) filter (where step_before = 2), count(*) filter (where step_before = 3)]::int[] as tiers_before,
      array[count(*) filter (where step_after = 1), count(*) filter (where step_after = 2), count(*) filter (where step_after = 3)]::int[] as tiers_after
    from stepped`,
}
