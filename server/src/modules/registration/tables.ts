import type { Statement } from '../../db/pool.ts'

/** $1 token. What the landing page says about where the person came from. */
export const selectEntryChannel: Statement = {
  name: 'registration_entry_channel',
  text: `select c.token, c.name, c.store_name, s.name as staff_name
    from channel c left join staff s on s.staff_user_id = c.staff_user_id where c.token = $1`,
}

/**
 * The whole registration as one statement, so that it is one round trip and one commit (R7, R35, P4, P5).
 *
 * Order of the parts: is there a consent of this session; who owns the identifiers (a member before a mere contact, then by unionid); claim the idempotency key together with
 * the answer; then person, identifiers, member, consent, growth, timeline, touch and the follow-up job.
 * `first_identifiers` has no `on conflict` on purpose: two first registrations of one human at once must collide there,
 * so that the loser runs again and finds the winner's person instead of making a second one.
 *
 * $1 scope, $2 key, $3 request hash, $4 now, $5 openid, $6 openid namespace, $7 unionid namespace, $8 unionid or null,
 * $9 consent ids, $10 policy version, $11 form version, $12 channel token or null, $13 new person id, $14 new member id,
 * $15 member number, $16 data key, $17 phone, $18 phone index, $19 tier, $20 growth, $21 growth entry id, $22 timeline id, $23 touch id.
 */
export const insertRegistration: Statement = {
  name: 'registration_insert',
  text: `with consented as (
      select 1 from consent
      where consent_id = any($9::uuid[]) and open_id = $5 and policy_version = $10 and purpose = 'membership' and withdrawn_at is null
      limit 1
    ), owner as (
      select i.person_id from identifier i left join member m using (person_id)
      where (i.namespace = $6 and i.value = $5) or (i.namespace = $7 and i.value = $8)
      order by m.member_id is null, i.namespace = $7 desc limit 1
    ), existing as (
      select m.* from member m join owner using (person_id)
    ), source as (
      select c.channel_id, c.name, s.name as staff_name
      from channel c left join staff s on s.staff_user_id = c.staff_user_id where c.token = $12
    ), claim as (
      insert into idempotency_key (scope, key, request_hash, status, response, created_at)
      select $1, $2, $3::bytea, 201,
        jsonb_build_object('outcome', case when e.member_id is null then 'registered' else 'recovered' end, 'memberId', coalesce(e.member_id, $14::uuid)), $4::timestamptz
      from consented left join existing e on true
      on conflict (scope, key) do nothing
      returning 1
    ), target as (
      select coalesce(o.person_id, $13::uuid) as person_id, o.person_id is not null as is_known from claim left join owner o on true
    ), named as (
      select t.person_id, t.is_known, n.namespace, n.value
      from target t, (values ($6, $5), ($7, $8)) as n(namespace, value) where n.value is not null
    ), new_person as (
      insert into person (person_id, created_at) select person_id, $4 from target where not is_known
    ), first_identifiers as (
      insert into identifier (namespace, value, person_id, evidence, observed_at)
      select namespace, value, person_id, 'code2Session', $4 from named where not is_known
    ), more_identifiers as (
      insert into identifier (namespace, value, person_id, evidence, observed_at)
      select namespace, value, person_id, 'code2Session', $4 from named where is_known
      on conflict (namespace, value) do nothing
    ), new_member as (
      insert into member (member_id, person_id, member_no, data_key_sealed, phone_sealed, phone_index, tier, tier_since, growth_value,
        channel_id, form_version, policy_version, registered_at, last_activity_at)
      select $14, t.person_id, $15, $16, $17, $18, $19, $4, $20, (select channel_id from source), $11, $10, $4, $4
      from target t where not exists (select from existing)
      returning member_id, person_id, channel_id
    ), given as (
      update consent set person_id = t.person_id from target t where consent_id = any($9::uuid[]) and open_id = $5
    ), earned as (
      insert into growth_entry (growth_entry_id, member_id, kind, amount, source, source_id, occurred_at, posted_at)
      select $21, member_id, 'earn', $20, 'registration', member_id::text, $4, $4 from new_member
    ), told as (
      insert into timeline_entry (timeline_entry_id, person_id, at, kind, data)
      select $22, person_id, $4, 'member.registered', jsonb_build_object('channelName', (select name from source)) from new_member
    ), touched as (
      insert into touch (touch_id, person_id, channel_id, kind, occurred_at)
      select $23, person_id, channel_id, 'registration', $4 from new_member where channel_id is not null
    ), queued as (
      insert into outbox (job, job_key, payload)
      select 'linkIdentity', concat_ws('|', t.person_id, $5::text, $8::text), jsonb_build_object('personId', t.person_id, 'seenTogether',
        (select jsonb_agg(jsonb_build_object('namespace', namespace, 'value', value)) from named))
      from target t
    )
    select exists (select from consented) as has_consent, exists (select from claim) as is_claimed,
      (select member_id from existing) as existing_member_id, (select staff_name from source) as adviser_name`,
}
