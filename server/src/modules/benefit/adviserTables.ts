import type { Statement } from '../../db/pool.ts'

/** Whether the benefit of a dedicated adviser is in effect for alias `a`. */
const hasAdviserBenefit = `exists (select from benefit_grant g where g.member_id = a.member_id and g.kind = 'adviser' and g.ended_at is null)`
/** Staff who can look after somebody: seen by the app, and not refused a contact way by WeCom, which tells of a missing right. */
const canAdvise = `s.is_visible and not exists (select from adviser_way w where w.staff_user_id = s.staff_user_id and w.state = 'failed')`

/** Ends what no longer stands: the benefit ended, the adviser left, or has turned out not to be allowed. $1 member ids, $2 now. */
export const endAdvisers: Statement = {
  name: 'benefit_end_advisers',
  text: `update member_adviser a set ended_at = $2 where a.member_id = any($1::uuid[]) and a.ended_at is null
    and not (${hasAdviserBenefit} and exists (select from staff s where s.staff_user_id = a.staff_user_id and s.is_visible and (a.basis <> 'load' or ${canAdvise})))`,
}

/**
 * Gives each of these members who has the benefit and no adviser one (R49, R53): who has followed them longest, else the rep of the
 * channel they came through, else whoever looks after the fewest, one after the other, ties always the same way. $1 member ids, $2 now.
 * @returns advisers who have no contact way yet
 */
export const chooseAdvisers: Statement = {
  name: 'benefit_choose_advisers',
  text: `with needy as (
      select a.member_id, a.person_id, a.channel_id from member a where a.member_id = any($1::uuid[]) and a.absorbed_by is null and ${hasAdviserBenefit}
        and not exists (select from member_adviser p where p.member_id = a.member_id and p.ended_at is null)
    ), known as (
      select n.member_id, f.staff_user_id as follower, c.staff_user_id as host from needy n
      left join lateral (
        select f.staff_user_id from external_contact e join follow_user f using (external_user_id) join staff s using (staff_user_id)
        where e.person_id = n.person_id and f.ended_at is null and s.is_visible order by f.added_at, f.staff_user_id limit 1
      ) f on true
      left join lateral (
        select c.staff_user_id from channel c join staff s using (staff_user_id) where c.channel_id = n.channel_id and ${canAdvise}
      ) c on true
    ), rest as (
      select member_id, row_number() over (order by member_id) as turn from known where follower is null and host is null
    ), slot as (
      select staff_user_id, row_number() over (order by load + place, md5(staff_user_id)) as turn
      from (
        select s.staff_user_id, (select count(*) from member_adviser p where p.staff_user_id = s.staff_user_id and p.ended_at is null) as load from staff s where ${canAdvise}
      ) candidate cross join generate_series(1, (select count(*) from rest)) as place
    ), chosen as (
      select k.member_id, coalesce(k.follower, k.host, slot.staff_user_id) as staff_user_id,
        case when k.follower is not null then 'follow' when k.host is not null then 'channel' else 'load' end as basis
      from known k left join rest using (member_id) left join slot using (turn)
    ), made as (
      insert into member_adviser (adviser_id, member_id, staff_user_id, basis, since)
      select gen_random_uuid(), member_id, staff_user_id, basis, $2 from chosen where staff_user_id is not null on conflict do nothing
      returning staff_user_id
    )
    select distinct staff_user_id from made where not exists (select from adviser_way w where w.staff_user_id = made.staff_user_id)`,
}

/** Members who have the benefit and no adviser, or one who cannot look after them any more. $1 after this member, $2 most. */
export const selectUnadvised: Statement = {
  name: 'benefit_unadvised',
  text: `select distinct a.member_id from benefit_grant a
    where a.kind = 'adviser' and a.ended_at is null and a.member_id > $1::uuid and not exists (
      select from member_adviser p join staff s using (staff_user_id)
      where p.member_id = a.member_id and p.ended_at is null and s.is_visible and (p.basis <> 'load' or ${canAdvise}))
    order by a.member_id limit $2`,
}

/** $1 staff, $2 token, $3 now. */
export const insertAdviserWay: Statement = {
  name: 'benefit_insert_way',
  text: 'insert into adviser_way (staff_user_id, token, created_at) values ($1, $2, $3) on conflict (staff_user_id) do nothing',
}

/** $1 staff. */
export const selectUnpreparedWay: Statement = {
  name: 'benefit_unprepared_way',
  text: `select w.token, w.created_at, s.name from adviser_way w join staff s using (staff_user_id) where w.staff_user_id = $1 and w.state <> 'ready'`,
}

/** $1 staff, $2 config id, $3 address of the QR. */
export const keepAdviserWay: Statement = { name: 'benefit_keep_way', text: `update adviser_way set state = 'ready', config_id = $2, url = $3 where staff_user_id = $1` }

/** $1 staff. */
export const failAdviserWay: Statement = { name: 'benefit_fail_way', text: `update adviser_way set state = 'failed' where staff_user_id = $1` }

/** $1 member id. */
export const selectAdviser: Statement = {
  name: 'benefit_adviser',
  text: `select a.staff_user_id, s.name, a.since, w.url from member_adviser a join staff s using (staff_user_id) left join adviser_way w using (staff_user_id)
    where a.member_id = $1 and a.ended_at is null`,
}
