import type { Statement } from '../../db/pool.ts'

/** $1 member id. The whole ledger of one member, as the engine reads it. */
export const selectLedger: Statement = {
  name: 'tier_ledger',
  text: 'select amount, occurred_at, posted_at from growth_entry where member_id = $1',
}

/** $1 version, $2 effective from, $3 definition, $4 published at. */
export const insertTierRules: Statement = {
  name: 'tier_rules_insert',
  text: 'insert into tier_rules (version, effective_from, definition, published_at) values ($1, $2, $3, $4) on conflict (version) do nothing',
}

/** Every version there has been, oldest first. */
export const selectTierRules: Statement = { name: 'tier_rules_all', text: 'select version, effective_from, definition from tier_rules order by effective_from, version' }

/** $1 member id, $2 tier, $3 since, $4 growth value, $5 anchor, $6 review day or null, $7 end of grace or null. */
export const updateStanding: Statement = {
  name: 'tier_update_standing',
  text: `update member set tier = $2, tier_since = $3, growth_value = $4, tier_anchor = $5, tier_review_on = $6, tier_grace_until = $7 where member_id = $1`,
}

/** $1 member id, then arrays of the same length: $2 instants, $3 kinds, $4 tiers, $5 values, $6 rule versions. Known decisions stay as they are. */
export const insertTierEvents: Statement = {
  name: 'tier_events_insert',
  text: `insert into tier_event (member_id, at, kind, tier, growth_value, rules_version)
    select $1, e.* from unnest($2::timestamptz[], $3::text[], $4::text[], $5::int[], $6::text[]) as e(at, kind, tier, growth_value, rules_version)
    on conflict do nothing`,
}

/** The member behind a session's identifiers, found by unionid first (R34). $1 namespaces, $2 values, in order of trust. */
export const selectOwnTierSubject: Statement = {
  name: 'tier_own_subject',
  text: `select m.member_id, m.registered_at from unnest($1::text[], $2::text[]) with ordinality as n(namespace, value, rank)
    join identifier i using (namespace, value) join member m using (person_id) where m.absorbed_by is null order by n.rank limit 1`,
}

/** The member behind a contact, for a rep who serves it; no row when they do not. $1 external user id, $2 staff. */
export const selectContactTierSubject: Statement = {
  name: 'tier_contact_subject',
  text: `select m.member_id, m.registered_at from external_contact c
    join follow_user f on f.external_user_id = c.external_user_id and f.staff_user_id = $2 and f.ended_at is null
    left join member m on m.person_id = c.person_id and m.absorbed_by is null where c.external_user_id = $1`,
}

/** $1 member id, $2 entry after which the page begins or null, $3 most lines. Newest booking first. */
export const selectGrowthEntries: Statement = {
  name: 'tier_growth_entries',
  text: `select growth_entry_id, kind, source, amount, occurred_at, posted_at from growth_entry where member_id = $1
    and ($2::uuid is null or (posted_at, growth_entry_id) < (select posted_at, growth_entry_id from growth_entry where growth_entry_id = $2 and member_id = $1))
    order by posted_at desc, growth_entry_id desc limit $3`,
}

/**
 * This transaction's commit does not wait for the disk. Only for work that is found undone and done again when a crash takes it back:
 * what is committed durably after it makes it durable too.
 */
export const deferDurability: Statement = { name: 'tier_defer_durability', text: `select set_config('synchronous_commit', 'off', true)` }

/** The last day whose reviews are done, `YYYY-MM-DD`, or null. */
export const selectLastTierDay: Statement = { name: 'tier_last_day', text: `select to_char(max(day), 'YYYY-MM-DD') as day from tier_day` }

/** $1 day, $2 now. */
export const insertTierDay: Statement = { name: 'tier_day_insert', text: 'insert into tier_day (day, finished_at) values ($1, $2) on conflict (day) do nothing' }

/**
 * Reviews and ends of grace that one local midnight decides, for at most one batch of members: the same decisions as
 * `tierStanding` of @qihui/shared/tier makes for one of them, as set-based work. Run until it answers 0. Each batch commits by itself and
 * moves its members' days into the future, so a killed run goes on where it was. Begins the period unlocks are counted from, and answers
 * besides for whom.
 *
 * Nobody is locked before it is decided about, which would be a second write for each of a million: whoever was written to meanwhile
 * (`xmin`, by whatever path the row is found) is left as they are and stays due, so the next run decides on what that posting left.
 *
 * $1 day (the local day that begins), $2 its first instant, $3 batch size, $4 codes, $5 thresholds, $6 review months (null: never),
 * $7 begin of the qualifying window, $8 days of grace, $9 most steps down or null, $10 rules version, $11 number of lanes (a power of two), $12 this lane (from 0).
 */
export const decideDueTiers: Statement = {
  name: 'tier_decide_due',
  text: `with due as materialized (
      select member_id, person_id, tier, tier_anchor, tier_review_on, tier_grace_until, array_position($4::text[], tier) as step, ctid as place, xmin as written_by
      from member
      where coalesce(tier_grace_until, tier_review_on + 1) <= $1::date and (tier_grace_until is not null or tier_review_on is not null)
        and hashtext(member_id::text) & ($11::int - 1) = $12::int
      order by coalesce(tier_grace_until, tier_review_on + 1) limit $3
    ), valued as materialized (
      select due.*, counted.value, counted.shown from due cross join lateral (
        -- What decides is what was known at midnight; what is shown counts what has come since.
        select coalesce(sum(e.amount) filter (where e.posted_at <= $2::timestamptz and e.occurred_at <= $2::timestamptz), 0)::int as value, coalesce(sum(e.amount), 0)::int as shown
        from growth_entry e where e.member_id = due.member_id and e.occurred_at > $7::timestamptz
      ) counted
    ), supported as (
      select *, greatest(width_bucket(value, $5::int[]), 1) as target from valued
    ), decided as (
      select *, case
          when target > step then 'upgraded'
          when tier_grace_until is null and target = step then 'kept'
          when tier_grace_until is null then 'graceStarted'
          when target = step then 'graceEnded'
          else 'downgraded'
        end as kind,
        case
          when target > step then target
          when tier_grace_until is not null and target < step then greatest(target, step - coalesce($9::int, step))
          else step
        end as new_step
      from supported
    ), planned as (
      select *, ($6::int[])[new_step] as months,
        ((extract(year from tier_review_on) - extract(year from tier_anchor)) * 12 + extract(month from tier_review_on) - extract(month from tier_anchor))::int as passed
      from decided
    ), standing as (
      select *,
        case when kind in ('kept', 'graceStarted') then tier_anchor else $1::date end as new_anchor,
        case when kind = 'graceStarted' then $1::date + $8::int end as new_grace,
        case
          when kind = 'graceStarted' or months is null then null
          when kind <> 'kept' then ($1::date + make_interval(months => months))::date
          when (tier_anchor + make_interval(months => greatest(passed / months, 1) * months))::date > tier_review_on
            then (tier_anchor + make_interval(months => greatest(passed / months, 1) * months))::date
          else (tier_anchor + make_interval(months => (passed / months + 1) * months))::date
        end as new_review
      from planned
    ), moved as (
      update member m set
        tier = ($4::text[])[s.new_step], growth_value = s.shown,
        tier_since = case when s.new_step = s.step then m.tier_since else $2::timestamptz end,
        tier_anchor = s.new_anchor, tier_review_on = s.new_review, tier_grace_until = s.new_grace,
        tier_period_on = case when s.kind = 'graceStarted' then m.tier_period_on else $1::date end
      from standing s where m.member_id = s.member_id and m.ctid = any (array(select place from due)) and m.xmin = s.written_by
      returning m.member_id, m.person_id, m.tier, s.kind, s.value, s.new_step <> s.step as has_changed
    ), remembered as (
      insert into tier_event (member_id, at, kind, tier, growth_value, rules_version)
      select member_id, $2::timestamptz, kind, tier, value, $10 from moved on conflict do nothing
    ), queued as (
      insert into outbox (job, job_key, payload)
      select 'linkIdentity', person_id::text, jsonb_build_object('personId', person_id) from moved where has_changed
    )
    select (select count(*)::int from due) as seen, (select count(*)::int from moved) as decided,
      (select coalesce(array_agg(member_id) filter (where kind <> 'graceStarted'), '{}') from moved) as begun_ids`,
}

/**
 * Growth that has left the window since the day before is taken from the value people are shown. $1 first instant of the day, $2 qualifying months.
 * The value of a tier decision is never read from here.
 */
export const refreshGrowthValues: Statement = {
  name: 'tier_refresh_growth',
  text: `with bounds as (
      select (($1::timestamptz at time zone 'Asia/Shanghai') - make_interval(months => $2::int)) at time zone 'Asia/Shanghai' as window_start,
        (($1::timestamptz at time zone 'Asia/Shanghai') - interval '1 day' - make_interval(months => $2::int)) at time zone 'Asia/Shanghai' as earlier_start
    ), left_window as (
      select distinct member_id from growth_entry, bounds where occurred_at > earlier_start and occurred_at <= window_start
    ), fresh as (
      select l.member_id, coalesce(sum(e.amount), 0)::int as value from left_window l cross join bounds
      left join growth_entry e on e.member_id = l.member_id and e.occurred_at > window_start
      -- Whom this midnight decided is shown the right value already.
      where not exists (select from tier_event t where t.member_id = l.member_id and t.at = $1::timestamptz)
      group by l.member_id
    )
    update member m set growth_value = f.value from fresh f where m.member_id = f.member_id and m.growth_value <> f.value`,
}
