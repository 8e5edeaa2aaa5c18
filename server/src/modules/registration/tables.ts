import type { SetStatement, Statement } from '../../db/pool.ts'

/** $1 token. What the landing page says about where the person came from. */
export const selectEntryChannel: Statement = {
  name: 'registration_entry_channel',
  text: `select c.token, c.name, c.store_name, s.name as staff_name, c.kind, c.form_key, c.binding_mode,
      c.revoked_at, c.expires_at, c.max_registrations, c.counted_registrations
    from channel c left join staff s on s.staff_user_id = c.staff_user_id where c.token = $1`,
}

/** Few: the row of a limited channel is held until the commit. */
const runsPerSet = 8

/**
 * Whole registrations, those of a set in one statement, so that they share one round trip and one commit (R7, R35, P4, P5, docs/adr/0023).
 *
 * Order of the parts: the channel, and whether there is a consent of this session (nobody's session: the consent is the recorded basis, or none); who
 * owns the identifiers (a member before a mere contact, then as listed); claim the idempotency key together with the answer; places of limited channels;
 * then person, identifiers and the evidence for them, member, answers, consent, growth, timeline, touch, visit and the follow-up job. The draft is done with.
 * `identified` has no `on conflict` on purpose: two first registrations of one human at once must collide there, in one set or in two,
 * so that the loser runs again and finds the winner's person instead of making a second one. What a mere contact holds already is left to
 * it: an independent channel joins nobody by itself (R40), it gives a new person
 * with the openid of this very session, or nobody would find the member again, and lets the junction ask.
 * Look-ups are laterals with a limit, and joins know how few runs come: whatever a cached plan believed of a table's size, they stay look-ups by key.
 * `num_nulls` is a test no index answers: the one of persons would give all consents of people who never registered.
 * Runs are done in order of the identifier that reaches furthest, so that two sets do not wait for each other in a circle.
 *
 * A run: `scope`, `key`, `request_hash`, `at`, `namespace` and `open_id` of the session or null, `namespaces` and `ids` of the identifiers, `evidence`, `consent_ids`,
 * `standing_versions` (policy versions that count), `policy_version`, `form_version`, `channel_token` or null, `visit_id` or null, `new_person_id`, `new_member_id`,
 * `member_no`, `data_key`, `phone` and `phone_index` or null, `tier`, `growth`, `growth_entry_id` or null while growth waits, `timeline_entry_id`, `touch_id`,
 * `field_keys` (answered) and their `answers`, `entered_by` or null, `confirmed_at` or null, `recorded_consent_id` and its `basis` or null, `edges` (evidence),
 * `risk_decision_id` and its `reasons` or null.
 */
export const insertRegistrations: SetStatement = {
  name: 'registration_insert',
  // Under a rush two lanes keep both cores of a small database at work.
  lanes: 2,
  runsPerSet,
  setText: `with run as (
      select r.ordinality::int as run, r.*, a.has_consent is not null as has_consent, o.person_id as known_person_id, o.member_id as existing_member_id,
        c.channel_id, c.channel_name, c.adviser_name, c.is_limited is true as is_limited
      from (select * from rows from (json_to_recordset($1::json) as (scope text, key text, request_hash bytea, at timestamptz, namespace text, open_id text, namespaces text[], ids text[],
        evidence text, consent_ids uuid[], standing_versions text[], policy_version text, form_version text, channel_token text, visit_id uuid, new_person_id uuid,
        new_member_id uuid, member_no text, data_key bytea, phone bytea, phone_index bytea, tier text, growth integer, growth_entry_id uuid, timeline_entry_id uuid,
        touch_id uuid, field_keys text[], answers bytea[], entered_by text, confirmed_at timestamptz, recorded_consent_id uuid, basis jsonb, edges json,
        risk_decision_id uuid, reasons text[])) with ordinality limit ${runsPerSet}) r
      left join lateral (
        select true as has_consent where r.namespace is null
        union all
        (select true from consent
          where consent_id = any(r.consent_ids) and namespace = r.namespace and open_id = r.open_id and policy_version = any(r.standing_versions)
            and purpose = 'membership' and decision = 'granted' and withdrawn_at is null
          limit 1)
        limit 1) a on true
      left join lateral (
        select case when is_open then channel_id end as channel_id, name as channel_name, (select s.name from staff s where s.staff_user_id = o.staff_user_id) as adviser_name,
          binding_mode = 'independent' as is_independent, is_open and max_registrations is not null and kind <> 'confirmation' as is_limited
        from (
          select *, (kind <> 'confirmation' or r.namespace is null) and (revoked_at is null or revoked_at > r.at) and (expires_at is null or expires_at > r.at) as is_open
          from channel where token = r.channel_token limit 1) o) c on true
      left join lateral (
        select i.person_id, m.member_id from unnest(r.namespaces, r.ids) with ordinality as n(namespace, value, place)
          cross join lateral (select person_id from identifier i where i.namespace = n.namespace and i.value = n.value limit 1) i
          left join lateral (select member_id from member m where m.person_id = i.person_id limit 1) m on true
        where m.member_id is not null or c.is_independent is not true
        order by m.member_id is null, n.place limit 1) o on true
      order by r.ids[1], r.ordinality
    ), claim as (
      insert into idempotency_key (scope, key, request_hash, status, response, created_at)
      select scope, key, request_hash, 201,
        jsonb_build_object('outcome', case when existing_member_id is null then 'registered' else 'recovered' end, 'memberId', coalesce(existing_member_id, new_member_id)), at
      from run where has_consent
      on conflict (scope, key) do nothing
      returning scope, key, request_hash
    ), target as (
      select r.*, coalesce(r.known_person_id, r.new_person_id) as person_id,
        case when not r.is_limited or (r.existing_member_id is null and take_channel_place(r.channel_id)) then r.channel_id end as source_id
      from run r join claim c on c.scope = r.scope and c.key = r.key and c.request_hash = r.request_hash
    ), new_person as (
      insert into person (person_id, created_at) select person_id, at from target where known_person_id is null
    ), own_session as (
      update identifier i set person_id = t.person_id from target t where t.known_person_id is null and i.namespace = t.namespace and i.value = t.open_id
    ), identified as (
      insert into identifier (namespace, value, person_id, evidence, observed_at)
      select n.namespace, n.value, t.person_id, t.evidence, t.at
      from target t cross join lateral unnest(t.namespaces, t.ids) as n(namespace, value)
        left join lateral (select true as is_held from identifier i where i.namespace = n.namespace and i.value = n.value limit 1) h on true
      where h.is_held is null
    ), shown as (
      insert into identity_edge (edge_id, a_namespace, a_value, b_namespace, b_value, source, strength, observed_at)
      select e.*, t.at from target t
        cross join lateral json_to_recordset(t.edges) as e(edge_id uuid, a_namespace text, a_value text, b_namespace text, b_value text, source text, strength text)
      on conflict (a_namespace, a_value, b_namespace, b_value, source) do nothing
    ), new_member as (
      insert into member (member_id, person_id, member_no, data_key_sealed, phone_sealed, phone_index, tier, tier_since, growth_value,
        channel_id, form_version, policy_version, registered_at, last_activity_at, confirmed_at, entered_by, held_at)
      select new_member_id, person_id, member_no, data_key, phone, phone_index, tier, at, growth,
        source_id, form_version, policy_version, at, at, confirmed_at, entered_by, case when risk_decision_id is not null then at end
      from target where existing_member_id is null
    ), answered as (
      insert into member_answer (member_id, field_key, value_sealed, form_version, answered_at)
      select t.new_member_id, a.field_key, a.value_sealed, t.form_version, t.at from target t cross join lateral unnest(t.field_keys, t.answers) as a(field_key, value_sealed)
      where t.existing_member_id is null
    ), given as (
      update consent c set person_id = t.person_id from target t
      where c.namespace = t.namespace and c.open_id = t.open_id and num_nulls(c.person_id) = 1
    ), recorded as (
      insert into consent (consent_id, person_id, purpose, policy_version, channel_token, granted_at, decision, evidence, basis)
      select recorded_consent_id, person_id, 'membership', policy_version, channel_token, (basis->>'at')::timestamptz, 'granted',
        case when evidence = 'staffEntry' then 'staff' else evidence end, basis
      from target where recorded_consent_id is not null and existing_member_id is null
    ), earned as (
      insert into growth_entry (growth_entry_id, member_id, kind, amount, source, source_id, occurred_at, posted_at, via_namespace, via_value)
      select growth_entry_id, new_member_id, 'earn', growth, 'registration', new_member_id::text, at, at, namespaces[1], ids[1]
      from target where growth_entry_id is not null and existing_member_id is null
    ), told as (
      insert into timeline_entry (timeline_entry_id, person_id, at, kind, data, via_namespace, via_value)
      select timeline_entry_id, person_id, at, 'member.registered', jsonb_build_object('channelName', case when source_id is not null then channel_name end), namespaces[1], ids[1]
      from target where existing_member_id is null
    ), touched as (
      insert into touch (touch_id, person_id, channel_id, kind, occurred_at, via_namespace, via_value)
      select touch_id, person_id, source_id, 'registration', at, namespaces[1], ids[1] from target where source_id is not null and existing_member_id is null
    ), visited as (
      update visit v set member_at = t.at, member_id = t.new_member_id, namespace = t.namespace, open_id = t.open_id,
        consented_at = coalesce(v.consented_at, (select min(c.granted_at) from unnest(t.consent_ids) as given(id)
          cross join lateral (select granted_at from consent where consent_id = given.id limit 1) c), t.at),
        phone_at = coalesce(v.phone_at, case when t.phone is not null then t.at end)
      from target t
      where v.visit_id = t.visit_id and t.existing_member_id is null
        and v.member_at is null and (v.open_id is null or (v.namespace = t.namespace and v.open_id = t.open_id))
    ), judged as (
      insert into risk_decision (decision_id, at, outcome, reasons, namespace, open_id, channel_id, member_id)
      select risk_decision_id, at, 'hold', reasons, namespace, open_id, source_id, new_member_id from target where risk_decision_id is not null and existing_member_id is null
    ), drafted as (
      delete from registration_draft d using target t where d.namespace = t.namespace and d.open_id = t.open_id
    ), queued as (
      insert into outbox (job, job_key, payload)
      select 'linkIdentity', concat_ws('|', person_id, array_to_string(ids, '|')), jsonb_build_object('personId', person_id, 'seenTogether',
        (select jsonb_agg(jsonb_build_object('namespace', namespace, 'value', value)) from unnest(ids, namespaces) as n(value, namespace)))
      from target
    )
    select run, r.has_consent, t.run is not null as is_claimed, r.existing_member_id, t.person_id, case when t.source_id is not null then t.adviser_name end as adviser_name
    from run r left join target t using (run)`,
}
