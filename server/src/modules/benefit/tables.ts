import type { Statement } from '../../db/pool.ts'

/** $1 version, $2 effective from, $3 definition, $4 published at. */
export const insertBenefitRules: Statement = {
  name: 'benefit_rules_insert',
  text: 'insert into benefit_rules (version, effective_from, definition, published_at) values ($1, $2, $3, $4) on conflict (version) do nothing',
}

/** Every version there has been, oldest first. */
export const selectBenefitRules: Statement = {
  name: 'benefit_rules_all',
  text: 'select version, effective_from, definition from benefit_rules order by effective_from, version',
}

/** The local day the period of alias `m` began; the index `member_tier_period` is on exactly this. */
const periodOn = `coalesce(m.tier_period_on, (m.tier_since at time zone 'Asia/Shanghai')::date)`
/** Benefits wait while a membership is looked at or not confirmed (R95). */
const isServed = 'm.absorbed_by is null and m.held_at is null and m.confirmed_at is not null'

/** The lines of the rules in force at an instant, one per benefit and tier. */
function linesAt(at: string): string {
  return `rules as (
      select version, definition from benefit_rules where effective_from <= ${at}::timestamptz order by effective_from desc, version desc limit 1
    ), line as materialized (
      select r.version, b->>'code' as benefit, b->>'kind' as kind, (b#>>'{coupon,repeatMonths}')::int as repeat_months, u->>'tier' as tier, (u->>'day')::int as day
      from rules r, jsonb_array_elements(r.definition->'benefits') b, jsonb_array_elements(b->'unlocks') u
    )`
}

/** $1 member ids, $2 the local day their period began. */
export const beginPeriods: Statement = { name: 'benefit_begin_periods', text: 'update member set tier_period_on = $2::date where member_id = any($1::uuid[])' }

/**
 * Gives members what is due and ends what their tier no longer carries: the same decisions as `benefitStanding` of @qihui/shared/benefit
 * makes for one of them, as set-based work. Run again it changes nothing. A grant of this very period that an undone merge had ended is
 * taken up again. Coupons ask for their codes. $1 member ids, $2 today, $3 now.
 * @returns members whose adviser has to be looked at
 */
export const settleGrants: Statement = {
  name: 'benefit_settle',
  text: `with ${linesAt('$3')}, subject as (
      select m.member_id, m.tier, ${periodOn} as period_on from member m where m.member_id = any($1::uuid[]) and ${isServed} order by m.member_id for update
    ), ended as (
      update benefit_grant g set ended_at = $3 from subject s
      where g.member_id = s.member_id and g.ended_at is null and not exists (select from line l where l.tier = s.tier and l.benefit = g.benefit)
      returning g.member_id, g.kind
    ), granted as (
      insert into benefit_grant (grant_id, member_id, origin_member_id, benefit, kind, tier, period_on, rules_version, granted_at)
      select gen_random_uuid(), s.member_id, s.member_id, l.benefit, l.kind, s.tier, s.period_on, l.version, $3
      from subject s join line l on l.tier = s.tier and s.period_on + l.day <= $2::date
      where not exists (
        select from benefit_grant g where g.member_id = s.member_id and g.benefit = l.benefit
          and case when l.kind = 'coupon'
            then g.period_on = s.period_on or ((g.granted_at at time zone 'Asia/Shanghai')::date + make_interval(months => l.repeat_months))::date > $2::date
            else g.ended_at is null end)
      on conflict (origin_member_id, benefit, period_on) do update set ended_at = null
        where benefit_grant.kind <> 'coupon' and benefit_grant.member_id = excluded.member_id
      returning member_id, kind
    ), queued as (
      insert into outbox (job, job_key, payload) select 'issueCoupons', 'all', '{}' where exists (select from granted where kind = 'coupon')
    )
    select distinct member_id from (select * from ended union all select * from granted) changed where kind = 'adviser'`,
}

/** Members whose steps fall on a day, and those whose period began in the course of the day before it. $1 day, $2 after this member, $3 most, $4 instant the rules are of. */
export const selectDueMembers: Statement = {
  name: 'benefit_due_members',
  text: `with ${linesAt('$4')}
    select distinct m.member_id from (select distinct tier, day from line) l
    join member m on m.tier = l.tier and ${periodOn} between $1::date - l.day - 1 and $1::date - l.day
    where ${isServed} and m.member_id > $2::uuid order by m.member_id limit $3`,
}

/** Everybody, for the first run and for a day other rules begin. $1 after this member, $2 most. */
export const selectServedMembers: Statement = {
  name: 'benefit_served_members',
  text: `select m.member_id from member m where ${isServed} and m.member_id > $1::uuid order by m.member_id limit $2`,
}

/** The last day whose unlocks are done and the rules it was done by. */
export const selectLastBenefitDay: Statement = {
  name: 'benefit_last_day',
  text: `select to_char(day, 'YYYY-MM-DD') as day, rules_version from benefit_day order by benefit_day.day desc limit 1`,
}

/** $1 day, $2 rules version, $3 now. */
export const insertBenefitDay: Statement = {
  name: 'benefit_day_insert',
  text: 'insert into benefit_day (day, rules_version, finished_at) values ($1, $2, $3) on conflict (day) do update set rules_version = excluded.rules_version, finished_at = excluded.finished_at',
}

const grantColumns = `g.benefit, g.kind, to_char(g.period_on, 'YYYY-MM-DD') as period_on, to_char(g.granted_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as granted_on, g.ended_at is not null as is_ended`

/** $1 member id. */
export const selectGrants: Statement = { name: 'benefit_grants', text: `select ${grantColumns} from benefit_grant g where g.member_id = $1 order by g.granted_at, g.grant_id` }

const subjectColumns = `m.member_id, m.tier, to_char(${periodOn}, 'YYYY-MM-DD') as period_on, not (${isServed}) as is_waiting`

/** The member behind a session's identifiers, found by unionid first (R34). $1 namespaces, $2 values, in order of trust. */
export const selectOwnSubject: Statement = {
  name: 'benefit_own_subject',
  text: `select ${subjectColumns} from unnest($1::text[], $2::text[]) with ordinality as n(namespace, value, place)
    join identifier i using (namespace, value) join member m using (person_id) where m.absorbed_by is null order by n.place limit 1`,
}

/** The member behind a contact, for a rep who serves it; no row when they do not. $1 external user id, $2 staff. */
export const selectContactSubject: Statement = {
  name: 'benefit_contact_subject',
  text: `select ${subjectColumns} from external_contact c
    join follow_user f on f.external_user_id = c.external_user_id and f.staff_user_id = $2 and f.ended_at is null
    left join member m on m.person_id = c.person_id and m.absorbed_by is null where c.external_user_id = $1`,
}

/** Coupon grants without a code, with the rules they were given by. $1 most. */
export const lockUnissued: Statement = {
  name: 'benefit_unissued',
  text: `select g.grant_id, g.member_id, g.benefit, g.rules_version, g.granted_at from benefit_grant g
    where g.kind = 'coupon' and g.issued_at is null order by g.grant_id limit $1 for update skip locked`,
}

/** Arrays of one length: $1 ids, $2 grants, $3 members, $4 indexes, $5 sealed codes, $6 names, $7 amounts, $8 thresholds, $9 ends; $10 now. */
export const insertCoupons: Statement = {
  name: 'benefit_insert_coupons',
  text: `with made as (
      insert into coupon (coupon_id, grant_id, member_id, code_index, code_sealed, name, amount_fen, threshold_fen, expires_at, issued_at)
      select c.*, $10::timestamptz from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bytea[], $5::bytea[], $6::text[], $7::int[], $8::int[], $9::timestamptz[]) as c
      on conflict do nothing returning grant_id
    ) update benefit_grant g set issued_at = $10 from made where g.grant_id = made.grant_id`,
}

/** Usable first, then the newest. $1 member id, $2 now. */
export const selectCoupons: Statement = {
  name: 'benefit_coupons',
  text: `select coupon_id, code_sealed, name, amount_fen, threshold_fen, expires_at, redeemed_at from coupon where member_id = $1
    order by redeemed_at is null and expires_at > $2 desc, issued_at desc, coupon_id limit 50`,
}

/** $1 member id, $2 now. */
export const countUsableCoupons: Statement = {
  name: 'benefit_usable_coupons',
  text: 'select count(*)::int as usable from coupon where member_id = $1 and redeemed_at is null and expires_at > $2',
}

/** Uses a coupon that can be used; no row otherwise. $1 code index, $2 order, $3 now. */
export const redeemUsable: Statement = {
  name: 'benefit_redeem',
  text: `update coupon set redeemed_at = $3, order_no = $2 where code_index = $1 and redeemed_at is null and expires_at > $3
    returning coupon_id, member_id, name, amount_fen, threshold_fen, redeemed_at, order_no`,
}

/** $1 code index. */
export const selectCouponByCode: Statement = {
  name: 'benefit_coupon_by_code',
  text: 'select coupon_id, name, amount_fen, threshold_fen, redeemed_at, order_no from coupon where code_index = $1',
}
