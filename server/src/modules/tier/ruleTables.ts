import type { Statement } from '../../db/pool.ts'

/** Every version with who published it, oldest first. */
export const selectPublishedTierRules: Statement = {
  name: 'tier_rules_published',
  text: `select r.version, r.effective_from, r.definition, r.published_at, coalesce(s.name, r.published_by) as published_by
    from tier_rules r left join staff s on s.staff_user_id = r.published_by order by r.effective_from, r.version`,
}

/** Publishers come one after the other; readers are not held up. */
export const lockTierRules: Statement = { name: 'tier_rules_lock', text: 'lock table tier_rules in share row exclusive mode' }

/** $1 version, $2 effective from, $3 definition, $4 published at, $5 by. */
export const insertPublishedTierRules: Statement = {
  name: 'tier_rules_publish',
  text: 'insert into tier_rules (version, effective_from, definition, published_at, published_by) values ($1, $2, $3, $4, $5)',
}

/**
 * Members by the tier they hold and by the tier their growth would support. With the window as it is the kept value is right; with another
 * one the ledger is added up anew, in one pass; the half that is not needed is not run.
 * $1 thresholds, $2 codes, $3 whether the window is another, $4 its first instant, $5 now.
 */
export const previewTiers: Statement = {
  name: 'tier_rules_preview',
  text: `with valued as (
      select tier, growth_value as value from member where absorbed_by is null and not $3::boolean
      union all
      select m.tier, coalesce(v.value, 0) from member m left join (
        select member_id, sum(amount) as value from growth_entry where occurred_at > $4 and occurred_at <= $5 group by member_id
      ) v using (member_id) where m.absorbed_by is null and $3::boolean
    ), stepped as (
      select array_position($2::text[], tier) as held, greatest(width_bucket(value::int, $1::int[]), 1) as supported from valued
    )
    select count(*)::int as members, count(*) filter (where supported > held)::int as tier_up, count(*) filter (where supported < held)::int as tier_down,
      array[count(*) filter (where held = 1), count(*) filter (where held = 2), count(*) filter (where held = 3)]::int[] as tiers_before,
      array[count(*) filter (where supported = 1), count(*) filter (where supported = 2), count(*) filter (where supported = 3)]::int[] as tiers_after
    from stepped`,
}

/**
 * The value people are shown, added up anew for one stretch of members after the window has changed. $1 first instant of the window,
 * $2 last member id done (or the lowest there is), $3 how many. Answers the last member id, or null at the end.
 */
export const recountGrowthValues: Statement = {
  name: 'tier_recount_growth',
  text: `with stretch as (
      select member_id from member where member_id > $2 order by member_id limit $3
    ), fresh as (
      select s.member_id, coalesce(sum(e.amount), 0)::int as value from stretch s left join growth_entry e on e.member_id = s.member_id and e.occurred_at > $1 group by s.member_id
    ), counted as (
      update member m set growth_value = f.value from fresh f where m.member_id = f.member_id and m.growth_value <> f.value
    )
    select max(member_id::text) as last_id from stretch`,
}
