import type { Statement } from '../../db/pool.ts'

/** The first of these that somebody holds who is a member, locked so that caps hold. $1 namespaces, $2 values, in order of trust. */
export const lockMemberByIdentifiers: Statement = {
  name: 'interaction_lock_member',
  text: `select m.member_id, m.person_id, m.growth_value, m.tier, to_char(m.tier_review_on, 'YYYY-MM-DD') as review_on, to_char(m.tier_grace_until, 'YYYY-MM-DD') as grace_until,
      m.registered_at, m.confirmed_at is not null and m.held_at is null as may_earn
    from member m where m.absorbed_by is null and m.person_id = (
      select i.person_id from unnest($1::text[], $2::text[]) with ordinality as n(namespace, value, place) join identifier i using (namespace, value)
      join member h on h.person_id = i.person_id and h.absorbed_by is null order by n.place limit 1) for update`,
}

/** Interactions of a kind that earned something, on the local day and in the local month of an instant. $1 member id, $2 kind, $3 instant. */
export const selectInteractionCount: Statement = {
  name: 'interaction_count',
  text: `with local as (select date_trunc('month', $3::timestamptz at time zone 'Asia/Shanghai') as month, date_trunc('day', $3::timestamptz at time zone 'Asia/Shanghai') as day)
    select count(*) filter (where occurred_at >= day at time zone 'Asia/Shanghai' and occurred_at < (day + interval '1 day') at time zone 'Asia/Shanghai')::int as on_day,
      count(*)::int as in_month
    from interaction, local where member_id = $1 and kind = $2 and growth > 0
      and occurred_at >= month at time zone 'Asia/Shanghai' and occurred_at < (month + interval '1 month') at time zone 'Asia/Shanghai'`,
}

/** $1 id, $2 member id, $3 kind, $4 key of the source, $5 document id or null, $6 occurred, $7 now, $8 growth, $9, $10 the identifier it came through. No row when it is known. */
export const insertInteraction: Statement = {
  name: 'interaction_insert',
  text: `insert into interaction (interaction_id, member_id, kind, source_key, document_id, occurred_at, recorded_at, growth, via_namespace, via_value)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (kind, source_key) do nothing returning 1`,
}

/** $1 staff, then arrays of the same length: $2 days, $3 chats, $4 messages, $5 reply shares (hundredths of a percent), $6 reply minutes, $7 applications, $8 new contacts, $9 lost; $10 now. */
export const upsertBehaviour: Statement = {
  name: 'staff_behaviour_upsert',
  text: `insert into staff_behaviour (staff_user_id, day, chats, messages, reply_share, reply_minutes, new_applications, new_contacts, lost_contacts, fetched_at)
    select $1, d.*, $10 from unnest($2::date[], $3::int[], $4::int[], $5::int[], $6::int[], $7::int[], $8::int[], $9::int[]) as d
    on conflict (staff_user_id, day) do update set chats = excluded.chats, messages = excluded.messages, reply_share = excluded.reply_share,
      reply_minutes = excluded.reply_minutes, new_applications = excluded.new_applications, new_contacts = excluded.new_contacts,
      lost_contacts = excluded.lost_contacts, fetched_at = excluded.fetched_at`,
}

/** Sums of the last 30 days with figures, by employee, the busiest first. $1 first day. */
export const selectBehaviour: Statement = {
  name: 'staff_behaviour_sums',
  text: `select b.staff_user_id, coalesce(s.name, b.staff_user_id) as name, sum(b.chats)::int as chats, sum(b.messages)::int as messages,
      round(avg(b.reply_share))::int as reply_share, round(avg(b.reply_minutes))::int as reply_minutes, sum(b.new_applications)::int as new_applications,
      sum(b.new_contacts)::int as new_contacts, sum(b.lost_contacts)::int as lost_contacts, to_char(max(b.day), 'YYYY-MM-DD') as until
    from staff_behaviour b left join staff s using (staff_user_id) where b.day >= $1::date group by b.staff_user_id, s.name order by chats desc, b.staff_user_id`,
}

const documentColumns = `d.document_id, d.title, d.target_url, coalesce(s.name, d.created_by) as created_by, d.created_at, d.revoked_at,
      (select token from document_share own where own.document_id = d.document_id and own.staff_user_id = $1) as token,
      (select count(*)::int from document_share h where h.document_id = d.document_id) as sharers,
      (select coalesce(sum(y.opened), 0)::int from document_day y join document_share h using (token) where h.document_id = d.document_id) as opened,
      (select coalesce(sum(y.by_members), 0)::int from document_day y join document_share h using (token) where h.document_id = d.document_id) as by_members,
      i.members, i.growth
    from document d left join staff s on s.staff_user_id = d.created_by
    cross join lateral (select count(distinct member_id)::int as members, coalesce(sum(growth), 0)::int as growth from interaction where document_id = d.document_id) i`

/** The newest 200. $1 whose links. */
export const selectDocuments: Statement = { name: 'document_list', text: `select ${documentColumns} order by d.created_at desc, d.document_id desc limit 200` }

/** $1 whose links, $2 document id. */
export const selectDocument: Statement = { name: 'document_select', text: `select ${documentColumns} where d.document_id = $2` }

/** $1 id, $2 title, $3 target, $4 by, $5 now. */
export const insertDocument: Statement = { name: 'document_insert', text: 'insert into document (document_id, title, target_url, created_by, created_at) values ($1, $2, $3, $4, $5)' }

/** $1 id, $2 now. Twice keeps the first time. */
export const revokeDocumentRow: Statement = { name: 'document_revoke', text: 'update document set revoked_at = coalesce(revoked_at, $2) where document_id = $1 returning document_id' }

/** The link of one employee; the one they have stays. $1 new token, $2 document id, $3 staff, $4 now. No row when there is no such document. */
export const keepShare: Statement = {
  name: 'document_keep_share',
  text: `insert into document_share (token, document_id, staff_user_id, created_at) select $1, document_id, $3, $4 from document where document_id = $2 and revoked_at is null
    on conflict (document_id, staff_user_id) do update set staff_user_id = excluded.staff_user_id returning token`,
}

/** $1 token. */
export const selectShared: Statement = {
  name: 'document_by_token',
  text: 'select d.document_id, d.target_url from document_share h join document d using (document_id) where h.token = $1 and d.revoked_at is null',
}

/** $1 token, $2 local day, $3 whether by a member. */
export const countOpening: Statement = {
  name: 'document_count_opening',
  text: `insert into document_day (token, day, opened, by_members) values ($1, $2, 1, $3::boolean::int)
    on conflict (token, day) do update set opened = document_day.opened + 1, by_members = document_day.by_members + excluded.by_members`,
}
