import type { Statement } from '../../db/pool.ts'

const channelColumns = `c.channel_id, c.token, c.kind, c.name, c.store_name, c.staff_user_id, c.utm, c.form_key, c.binding_mode, c.corp_tag_ids,
    c.welcome_text, c.state, c.expires_at, c.revoked_at, c.max_registrations, c.counted_registrations, c.created_by, c.created_at,
    (select count(*)::int from member m where m.channel_id = c.channel_id) as registrations`

/** Kinds an employee makes and manages; the others belong to one person and end by themselves. */
const managedKinds = `('scan', 'inviteLink')`

/**
 * What a new channel refers to, checked in one look. $1 form key, $2 corp tag ids, $3 staff or null.
 * Tier tags are the system's own and never a channel's.
 */
export const selectChannelReferences: Statement = {
  name: 'channel_references',
  text: `select exists (select from form where form_key = $1) as has_form,
    (select count(*)::int from corp_tag where tag_id = any($2::text[])) as known_tags,
    (exists (select from corp_tag where tag_id = any($2::text[]) and tier is not null)
      or exists (select from segment where tag_id = any($2::text[]))) as has_managed_tag,
    $3::text is null or exists (select from staff where staff_user_id = $3 and is_visible) as has_staff`,
}

/**
 * $1 id, $2 token, $3 kind, $4 name, $5 store, $6 staff, $7 utm, $8 form key, $9 binding mode, $10 corp tag ids, $11 welcome variant,
 * $12 end, $13 limit, $14 who made it, $15 now.
 */
export const insertChannel: Statement = {
  name: 'channel_insert',
  text: `insert into channel (channel_id, token, kind, name, store_name, staff_user_id, utm, form_key, binding_mode, corp_tag_ids, welcome_text,
      expires_at, max_registrations, created_by, created_at, state)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 'preparing')`,
}

/** $1 staff, or null for everybody's: channels somebody made or serves. */
export const selectChannels: Statement = {
  name: 'channel_list',
  text: `select ${channelColumns} from channel c
    where c.kind in ${managedKinds} and ($1::text is null or c.staff_user_id = $1 or c.created_by = $1)
    order by c.created_at desc, c.channel_id desc limit 500`,
}

/** $1 channel id, $2 staff, or null for everybody's. */
export const selectManagedChannel: Statement = {
  name: 'channel_managed',
  text: `select ${channelColumns} from channel c
    where c.channel_id = $1 and c.kind in ${managedKinds} and ($2::text is null or c.staff_user_id = $2 or c.created_by = $2)`,
}

/** Said twice it stays as it was said first. $1 channel id, $2 now. */
export const revokeManagedChannel: Statement = {
  name: 'channel_revoke',
  text: 'update channel set revoked_at = coalesce(revoked_at, $2) where channel_id = $1',
}

/** $1 channel id. */
export const selectUnpreparedChannel: Statement = {
  name: 'channel_unprepared',
  text: `select token, name, created_at, case when kind = 'scan' then staff_user_id end as staff_user_id, code_image is not null as has_image,
      contact_way_config_id is not null as has_contact_way
    from channel where channel_id = $1 and state <> 'ready'`,
}

/** $1 channel id, $2 image. */
export const updateCodeImage: Statement = { name: 'channel_code_image', text: 'update channel set code_image = $2 where channel_id = $1' }

/** $1 channel id, $2 config id, $3 address of the QR. */
export const updateContactWay: Statement = {
  name: 'channel_contact_way',
  text: 'update channel set contact_way_config_id = $2, contact_way_url = $3 where channel_id = $1',
}

/** $1 channel id, $2 state. */
export const updateChannelState: Statement = { name: 'channel_state', text: 'update channel set state = $2 where channel_id = $1' }

/** $1 token. */
export const selectCodeImage: Statement = { name: 'channel_image', text: 'select code_image from channel where token = $1 and code_image is not null' }

/** $1 token. */
export const selectContactWayUrl: Statement = {
  name: 'channel_contact_way_url',
  text: 'select contact_way_url from channel where token = $1 and contact_way_url is not null',
}

/** $1 id, $2 token, $3 name, $4 staff, $5 external user id, $6 link or null, $7 its end, $8 now. */
export const insertInvitation: Statement = {
  name: 'channel_insert_invitation',
  text: `insert into channel (channel_id, token, kind, name, staff_user_id, external_user_id, state, link_url, link_expires_at, created_by, created_at)
    values ($1, $2, 'invitation', $3, $4, $5, 'ready', $6, $7, $4, $8)`,
}

/** $1 token, $2 staff, $3 external user id. */
export const selectInvitation: Statement = {
  name: 'channel_invitation',
  text: `select 1 from channel where token = $1 and kind = 'invitation' and staff_user_id = $2 and external_user_id = $3`,
}

/** Tags of the channel that still exist; tier tags are the system's own. $1 token. */
export const selectChannelTags: Statement = {
  name: 'channel_tags',
  text: `select array_agg(t.tag_id order by t.tag_id) as tag_ids from channel c join corp_tag t on t.tag_id = any(c.corp_tag_ids)
    where c.token = $1 and t.tier is null`,
}

/** $1 external user id, $2 staff. */
export const selectLiveFollow: Statement = {
  name: 'channel_live_follow',
  text: 'select 1 from follow_user where external_user_id = $1 and staff_user_id = $2 and ended_at is null',
}

/** Everything the invite page says of a token. $1 token. */
export const selectInviteChannel: Statement = {
  name: 'channel_invite',
  text: `select ${channelColumns}, s.name as staff_name, c.code_image is not null as has_image, c.contact_way_url is not null as has_contact_way,
      c.link_url, c.link_expires_at
    from channel c left join staff s using (staff_user_id) where c.token = $1`,
}

/** $1 channel id, $2 link, $3 its end. */
export const updateUrlLink: Statement = { name: 'channel_url_link', text: 'update channel set link_url = $2, link_expires_at = $3 where channel_id = $1' }

/**
 * One row per visit. A repeat adds only who it is, once that is known. $1 visit id, $2 token, $3 place, $4 now, $5 namespace, $6 openid
 * (both null before a login). @returns one row with `is_new`, none when nothing changed.
 */
export const insertVisit: Statement = {
  name: 'channel_visit_insert',
  text: `insert into visit as v (visit_id, channel_id, place, opened_at, namespace, open_id)
    select $1, channel_id, $3, $4, $5, $6 from channel where token = $2
    on conflict (visit_id) do update set namespace = excluded.namespace, open_id = excluded.open_id
      where v.open_id is null and excluded.open_id is not null and v.channel_id = excluded.channel_id
    returning xmax = 0 as is_new`,
}

/**
 * How many visits of a channel came how far, and the median seconds to there; who had agreed before they came took none.
 * $1 channel id, $2 visits opened after this are in flight.
 */
export const selectFunnel: Statement = {
  name: 'channel_funnel',
  text: `select step, visits, median_seconds, (select count(*)::int from visit where channel_id = $1 and member_at is null and opened_at > $2) as in_flight
    from (
      select count(*)::int as opened, count(consented_at)::int as consented, count(phone_at)::int as phone, count(member_at)::int as member, count(linked_at)::int as linked,
        percentile_cont(0.5) within group (order by greatest(0, extract(epoch from consented_at - opened_at))) filter (where consented_at is not null) as consented_seconds,
        percentile_cont(0.5) within group (order by extract(epoch from phone_at - opened_at)) as phone_seconds,
        percentile_cont(0.5) within group (order by extract(epoch from member_at - opened_at)) as member_seconds,
        percentile_cont(0.5) within group (order by extract(epoch from linked_at - opened_at)) as linked_seconds
      from visit where channel_id = $1
    ) f, lateral (values
      (1, 'opened', f.opened, case when f.opened > 0 then 0 end),
      (2, 'consented', f.consented, f.consented_seconds),
      (3, 'phone', f.phone, f.phone_seconds),
      (4, 'member', f.member, f.member_seconds),
      (5, 'linked', f.linked, f.linked_seconds)) as s(place, step, visits, median_seconds)
    order by place`,
}
