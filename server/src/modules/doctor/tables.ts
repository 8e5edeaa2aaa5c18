import type { Statement } from '../../db/pool.ts'

/** Everything the database knows for a diagnosis, in one row. $1 now. */
export const selectDoctorFacts: Statement = {
  name: 'doctor_facts',
  text: `select
      (select count(*)::int from external_contact where type = 1) as wechat_contacts,
      (select count(*)::int from external_contact where type = 1 and union_id is not null) as contacts_with_union_id,
      (select count(*)::int from member_session where namespace like 'mp-openid@%' and created_at > $1::timestamptz - interval '30 days') as logins,
      (select count(*)::int from member_session where namespace like 'mp-openid@%' and created_at > $1::timestamptz - interval '30 days' and union_id is not null) as logins_with_union_id,
      array(select tag_id from corp_tag where tier is not null) as tier_tag_ids`,
}

/** What was refused, and when a callback was last accepted. $1 the name of an accepted one. */
export const selectSightings: Statement = {
  name: 'doctor_sightings',
  text: `select name, count::int, last_at from sighting where name like 'callback.%' or name = $1 or name = 'wechat.45009 /wxa/business/getuserphonenumber'`,
}
