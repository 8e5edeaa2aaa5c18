import { cardDocument } from '@qihui/server/src/modules/contact/tables.ts'

/**
 * What the product's sets do, for one run by itself: the work that pgbench does as a ceiling. The card is compared with the product's
 * before it is measured.
 */

/** $1 digest, $2 event, $3 change type, $4 sealed body, $5 received at, $6 jobs as JSON. */
export const insertCallbackEvent = `with fresh as (
      insert into callback_event (digest, event, change_type, body_sealed, received_at) values ($1, $2, $3, $4, $5)
      on conflict (digest) do nothing returning 1
    ), queued as (
      insert into outbox (job, job_key, payload)
      select wanted.job, wanted.job_key, wanted.payload
      from fresh, jsonb_to_recordset($6::jsonb) as wanted(job text, job_key text, payload jsonb)
    )
    select exists (select from fresh) as is_new`

/**
 * $1 external user id, $2 viewing staff, $3 audit id, $4 now, $5 request id, $6 fields shown, comma lists by standing and then contact or
 * member, $7 the viewer's departments, $8 those and all below, $9 the farthest standing the right reaches.
 */
export const selectSidebarContact = `with contact as (
      select c.external_user_id, c.person_id, c.type, c.avatar_url, c.corp_name, c.data_key_sealed as contact_key_sealed, c.name_sealed,
        v.remark_sealed, v.tag_ids,
        case when v.staff_user_id is not null then 0
          when $9::int < 1 then 3
          when exists (select from follow_user f join staff s using (staff_user_id) where f.external_user_id = c.external_user_id and f.ended_at is null and s.department_ids && $7::int[]) then 1
          when exists (select from follow_user f join staff s using (staff_user_id) where f.external_user_id = c.external_user_id and f.ended_at is null and s.department_ids && $8::int[]) then 2
          else 3 end as standing,
        m.member_id, m.member_no, m.growth_value, m.tier, m.tier_review_on, m.tier_grace_until, m.archived_at, m.registered_at, m.data_key_sealed, m.phone_sealed, ch.name as channel_name
      from external_contact c
      left join follow_user v on v.external_user_id = c.external_user_id and v.staff_user_id = $2 and v.ended_at is null
      left join member m on m.person_id = c.person_id and m.restricted_at is null
      left join channel ch on ch.channel_id = m.channel_id
      where c.external_user_id = $1
    ), audited as (
      insert into audit_entry (audit_entry_id, at, actor_kind, actor_id, action, subject, person_id, fields, outcome, request_id)
      select $3, $4, 'staff', $2, 'contact.read', $1, person_id,
        case when standing <= $9 then string_to_array(($6::text[])[standing * 2 + case when member_id is null then 1 else 2 end], ',') else '{}'::text[] end,
        case when standing <= $9 then 'shown' when standing is null then 'absent' else 'refused' end, $5
      from (values (1)) as always left join contact on true
      returning outcome
    )
    select a.outcome, c.contact_key_sealed, c.name_sealed, c.remark_sealed, c.data_key_sealed, c.phone_sealed,
      ${cardDocument} as card
    from audited a left join contact c on a.outcome = 'shown'`

/**
 * $1 scope, $2 key, $3 request hash, $4 now, $5 session namespace or null, $6 session openid or null, $7 identifier namespaces, $8 identifier values, $9
 * evidence, $10 consent ids, $11 policy versions that count, $12 policy version, $13 form version, $14 channel token or null, $15 visit id or null, $16
 * new person id, $17 new member id, $18 member number, $19 data key, $20 phone or null, $21 phone index or null, $22 tier, $23 growth, $24 growth entry
 * id or null while growth waits, $25 timeline id, $26 touch id, $27 answered fields, $28 their answers, $29 entered by or null, $30 confirmed at or
 * null, $31 recorded consent id or null, $32 its basis, $33-$37 evidence: ids, namespaces and values of a, namespaces and values of b, $38 source and
 * $39 strength of each, $40 risk decision id or null, $41 its reasons.
 */
export const insertRegistration = `with consented as (
      select 1 where $5::text is null
      union all
      (select 1 from consent
        where consent_id = any($10::uuid[]) and namespace = $5 and open_id = $6 and policy_version = any($11::text[])
          and purpose = 'membership' and decision = 'granted' and withdrawn_at is null
        limit 1)
    ), named as (
      select n.namespace, n.value, n.place, i.person_id as holder_id from unnest($7::text[], $8::text[]) with ordinality as n(namespace, value, place)
        left join lateral (select person_id from identifier i where i.namespace = n.namespace and i.value = n.value limit 1) i on true
    ), owner as (
      select n.holder_id as person_id, m.member_id from named n left join lateral (select member_id from member m where m.person_id = n.holder_id limit 1) m on true
      where n.holder_id is not null
        and (m.member_id is not null or not exists (select from channel c where c.token = $14 and c.binding_mode = 'independent'))
      order by m.member_id is null, n.place limit 1
    ), existing as (
      select member_id from owner where member_id is not null
    ), claim as (
      insert into idempotency_key (scope, key, request_hash, status, response, created_at)
      select $1, $2, $3::bytea, 201,
        jsonb_build_object('outcome', case when e.member_id is null then 'registered' else 'recovered' end, 'memberId', coalesce(e.member_id, $17::uuid)), $4::timestamptz
      from consented left join existing e on true
      on conflict (scope, key) do nothing
      returning 1
    ), target as (
      select coalesce(o.person_id, $16::uuid) as person_id, o.person_id is not null as is_known from claim left join owner o on true
    ), new_person as (
      insert into person (person_id, created_at) select person_id, $4 from target where not is_known
    ), first_identifiers as (
      insert into identifier (namespace, value, person_id, evidence, observed_at)
      select namespace, value, person_id, $9, $4 from named, target
      where not is_known and holder_id is null
    ), own_session as (
      update identifier i set person_id = t.person_id from target t
      where not t.is_known and i.namespace = $5 and i.value = $6 and exists (select from named n where n.namespace = $5 and n.value = $6 and n.holder_id is not null)
    ), more_identifiers as (
      insert into identifier (namespace, value, person_id, evidence, observed_at)
      select namespace, value, person_id, $9, $4 from named, target where is_known
      on conflict (namespace, value) do nothing
    ), shown as (
      insert into identity_edge (edge_id, a_namespace, a_value, b_namespace, b_value, source, strength, observed_at)
      select e.*, $4 from target, unnest($33::uuid[], $34::text[], $35::text[], $36::text[], $37::text[], $38::text[], $39::text[]) as e
      on conflict (a_namespace, a_value, b_namespace, b_value, source) do nothing
    ), open_channel as (
      select c.channel_id, c.name, c.staff_user_id, c.max_registrations is not null and c.kind <> 'confirmation' as is_limited
      from channel c where c.token = $14 and (c.kind <> 'confirmation' or $5 is null)
        and (c.revoked_at is null or c.revoked_at > $4) and (c.expires_at is null or c.expires_at > $4)
    ), counted as (
      update channel c set counted_registrations = c.counted_registrations + 1 from open_channel o, target
      where c.channel_id = o.channel_id and o.is_limited and c.counted_registrations < c.max_registrations and not exists (select from existing)
      returning c.channel_id
    ), source as (
      select o.channel_id, o.name, s.name as staff_name from open_channel o left join staff s using (staff_user_id)
      where not o.is_limited or exists (select from counted)
    ), new_member as (
      insert into member (member_id, person_id, member_no, data_key_sealed, phone_sealed, phone_index, tier, tier_since, growth_value,
        channel_id, form_version, policy_version, registered_at, last_activity_at, confirmed_at, entered_by, held_at)
      select $17, t.person_id, $18, $19, $20, $21, $22, $4, $23, (select channel_id from source), $13, $12, $4, $4, $30::timestamptz, $29,
        case when $40::uuid is not null then $4::timestamptz end
      from target t where not exists (select from existing)
      returning member_id, person_id, channel_id
    ), answered as (
      insert into member_answer (member_id, field_key, value_sealed, form_version, answered_at)
      select n.member_id, a.field_key, a.value_sealed, $13, $4 from new_member n, unnest($27::text[], $28::bytea[]) as a(field_key, value_sealed)
    ), given as (
      update consent set person_id = t.person_id from target t where namespace = $5 and open_id = $6 and consent.person_id is null
    ), recorded as (
      insert into consent (consent_id, person_id, purpose, policy_version, channel_token, granted_at, decision, evidence, basis)
      select $31, n.person_id, 'membership', $12, $14, ($32::jsonb->>'at')::timestamptz, 'granted',
        case when $9 = 'staffEntry' then 'staff' else $9 end, $32 from new_member n where $31::uuid is not null
    ), earned as (
      insert into growth_entry (growth_entry_id, member_id, kind, amount, source, source_id, occurred_at, posted_at, via_namespace, via_value)
      select $24, member_id, 'earn', $23, 'registration', member_id::text, $4, $4, ($7::text[])[1], ($8::text[])[1] from new_member where $24::uuid is not null
    ), told as (
      insert into timeline_entry (timeline_entry_id, person_id, at, kind, data, via_namespace, via_value)
      select $25, person_id, $4, 'member.registered', jsonb_build_object('channelName', (select name from source)), ($7::text[])[1], ($8::text[])[1] from new_member
    ), touched as (
      insert into touch (touch_id, person_id, channel_id, kind, occurred_at, via_namespace, via_value)
      select $26, person_id, channel_id, 'registration', $4, ($7::text[])[1], ($8::text[])[1] from new_member where channel_id is not null
    ), visited as (
      update visit v set member_at = $4, member_id = n.member_id, namespace = $5, open_id = $6,
        consented_at = coalesce(v.consented_at, (select min(c.granted_at) from unnest($10::uuid[]) as given(id)
          cross join lateral (select granted_at from consent where consent_id = given.id limit 1) c), $4),
        phone_at = coalesce(v.phone_at, case when $20::bytea is not null then $4 end)
      from new_member n where v.visit_id = $15 and v.member_at is null and (v.open_id is null or (v.namespace = $5 and v.open_id = $6))
    ), judged as (
      insert into risk_decision (decision_id, at, outcome, reasons, namespace, open_id, channel_id, member_id)
      select $40, $4, 'hold', $41::text[], $5, $6, channel_id, member_id from new_member where $40::uuid is not null
    ), drafted as (
      delete from registration_draft d using target where d.namespace = $5 and d.open_id = $6
    ), queued as (
      insert into outbox (job, job_key, payload)
      select 'linkIdentity', concat_ws('|', t.person_id, array_to_string($8::text[], '|')), jsonb_build_object('personId', t.person_id, 'seenTogether',
        (select jsonb_agg(jsonb_build_object('namespace', namespace, 'value', value)) from named))
      from target t
    )
    select exists (select from consented) as has_consent, exists (select from claim) as is_claimed,
      (select member_id from existing) as existing_member_id, (select person_id from target) as person_id,
      (select staff_name from source) as adviser_name`
