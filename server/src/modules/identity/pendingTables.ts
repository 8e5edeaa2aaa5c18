import type { Statement } from '../../db/pool.ts'

/**
 * A member who came through a rep's invitation or contact code and has no contact yet: the two may have no unionid to meet by (R36).
 * An invitation names its contact; a code shared by many suggests something only for members without a unionid.
 * $1 id, $2 person id, $3 now, $4 first try, $5 expiry, $6 unionid namespace.
 */
export const insertPendingLink: Statement = {
  name: 'identity_insert_pending_link',
  text: `insert into pending_link (pending_link_id, person_id, kind, link_key, next_try_at, created_at, expires_at)
    select $1, m.person_id, source.kind, source.kind || ':' || m.member_id || ':' || c.token, $4, $3, $5
    from member m join channel c using (channel_id)
    cross join lateral (select case when c.external_user_id is not null then 'invitation' when c.contact_way_config_id is not null then 'contactWayState' end as kind) source
    where m.person_id = $2 and m.absorbed_by is null and source.kind is not null
      and not exists (select from external_contact e where e.person_id = m.person_id)
      and (source.kind = 'invitation' or not exists (select from identifier i where i.person_id = m.person_id and i.namespace = $6))
    on conflict (link_key) do nothing`,
}

/** Waiting links whose time has come, each to one worker. $1 now, $2 how many. */
export const lockDueLinks: Statement = {
  name: 'identity_lock_due_links',
  text: `select pending_link_id, person_id, kind, tries, created_at, expires_at from pending_link where state = 'waiting' and next_try_at <= $1
    order by next_try_at limit $2 for update skip locked`,
}

/** $1 id, $2 next try. */
export const postponeLink: Statement = { name: 'identity_postpone_link', text: 'update pending_link set tries = tries + 1, next_try_at = $2 where pending_link_id = $1' }

/** $1 id. */
export const expireLink: Statement = { name: 'identity_expire_link', text: `update pending_link set state = 'expired' where pending_link_id = $1` }

/** How far apart adding the rep and registering may lie to be taken for one visit, in hours. */
const sameVisitHours = 24

/**
 * Persons of contacts that a waiting member might be, by the token both carry: the invitation's own contact, or the only contact that came
 * through the code around the time the only such member registered. Never one whose unionid is known to differ. A token is never empty: said
 * again, since the index over states knows only those that are not. $1 person id, $2 unionid namespace.
 */
export const selectWeakCandidates: Statement = {
  name: 'identity_weak_candidates',
  text: `with waiting as (
      select m.person_id, m.channel_id, m.registered_at, c.token, c.external_user_id,
        (select value from identifier i where i.person_id = m.person_id and i.namespace = $2 limit 1) as union_id
      from pending_link p join member m on m.person_id = p.person_id and m.absorbed_by is null join channel c using (channel_id)
      where p.person_id = $1 and p.state = 'waiting' limit 1
    ), candidate as (
      select e.person_id, e.union_id, true as is_named from waiting join external_contact e using (external_user_id)
      union
      select e.person_id, e.union_id, false from waiting w
        join follow_user f on f.state = w.token and f.state <> '' and f.ended_at is null and f.added_at between w.registered_at - interval '${sameVisitHours} hours' and w.registered_at + interval '${sameVisitHours} hours'
        join external_contact e on e.external_user_id = f.external_user_id
      where w.external_user_id is null and not exists (select from member m where m.person_id = e.person_id)
    ), rival as (
      select count(*) as members from waiting w join member m on m.channel_id = w.channel_id and m.absorbed_by is null
        and m.registered_at between w.registered_at - interval '${sameVisitHours} hours' and w.registered_at + interval '${sameVisitHours} hours'
      where not exists (select from external_contact e where e.person_id = m.person_id)
    )
    select distinct c.person_id from candidate c cross join waiting w
    where c.person_id <> w.person_id and (c.union_id is null or w.union_id is null)
      and not exists (select from member m where m.person_id = c.person_id and m.absorbed_by is null)
      and (c.is_named or ((select count(distinct person_id) from candidate) = 1 and (select members from rival) = 1))`,
}

/** Members who wait for a contact of this person, by the token both carry. $1 person id, $2 how many. */
export const selectWaitingFor: Statement = {
  name: 'identity_waiting_for',
  text: `with met as (
      select ch.channel_id from external_contact e join channel ch on ch.external_user_id = e.external_user_id where e.person_id = $1
      union
      select ch.channel_id from external_contact e join follow_user f using (external_user_id) join channel ch on ch.token = f.state where e.person_id = $1 and f.ended_at is null
    )
    select p.person_id from met join member m using (channel_id) join pending_link p on p.person_id = m.person_id and p.state = 'waiting' limit $2`,
}
