import type { SetStatement, Statement } from '../../db/pool.ts'

/** $1 token. What the landing page says about where the person came from. */
export const selectEntryChannel: Statement = {
  name: 'registration_entry_channel',
  text: `select c.token, c.name, c.store_name, s.name as staff_name, c.kind, c.form_key, c.binding_mode,
      c.revoked_at, c.expires_at, c.max_registrations, c.counted_registrations
    from channel c left join staff s on s.staff_user_id = c.staff_user_id where c.token = $1`,
}

/** A limited channel's row is held until the commit, so few share one. */
const runsPerSet = 4

/**
 * Whole registrations, those of a set in one statement, so that they share one round trip and one commit (R7, R35, P4, P5, docs/adr/0023).
 *
 * Order of the parts: the channel, and whether there is a consent of this session (nobody's session: the consent is the recorded basis, or none); who
 * owns the identifiers (a member before a mere contact, then as listed); claim the idempotency key together with the answer; places of limited channels;
 * then person, identifiers and the evidence for them, member, answers, consent, growth, timeline, touch, visit and the follow-up job. The draft is done with.
 * `first_identifiers` has no `on conflict` on purpose: two first registrations of one human at once must collide there, in one set or in two,
 * so that the loser runs again and finds the winner's person instead of making a second one. What a mere contact holds already is left to
 * it: an independent channel joins nobody by itself (R40), it gives a new person
 * with the openid of this very session, or nobody would find the member again, and lets the junction ask.
 * Look-ups are laterals with a limit or name their keys as an array: whatever a cached plan believed of a table's size, they stay look-ups by key.
 * `limited` holds the rows of limited channels until the commit and reads them after waiting for them: places are never given twice. Every part
 * writes in order of its keys, so that two sets do not wait for each other in a circle.
 *
 * A run: `scope`, `key`, `request_hash`, `at`, `namespace` and `open_id` of the session or null, `namespaces` and `ids` of the identifiers, `evidence`, `consent_ids`,
 * `standing_versions` (policy versions that count), `policy_version`, `form_version`, `channel_token` or null, `visit_id` or null, `new_person_id`, `new_member_id`,
 * `member_no`, `data_key`, `phone` and `phone_index` or null, `tier`, `growth`, `growth_entry_id` or null while growth waits, `timeline_entry_id`, `touch_id`,
 * `field_keys` (answered) and their `answers`, `entered_by` or null, `confirmed_at` or null, `recorded_consent_id` and its `basis` or null, `edges` (evidence),
 * `risk_decision_id` and its `reasons` or null.
 */
export const insertRegistrations: SetStatement = {
  name: 'registration_insert',
  // Two lanes keep both cores of a small database at work.
  lanes: 2,
  runsPerSet,
  setText: `with run as (
      select r.ordinality::int as run, r.*, a.has_consent is not null as has_consent,
        c.channel_id, c.channel_name, c.adviser_name, c.is_independent is true as is_independent, c.is_limited is true as is_limited
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
    ), named as (
      select r.run, r.is_independent, n.namespace, n.value, n.place, i.person_id as holder_id
      from run r cross join lateral unnest(r.namespaces, r.ids) with ordinality as n(namespace, value, place)
        left join lateral (select person_id from identifier i where i.namespace = n.namespace and i.value = n.value limit 1) i on true
    ), owner as (
      select distinct on (n.run) n.run, n.holder_id as person_id, m.member_id
      from named n left join lateral (select member_id from member m where m.person_id = n.holder_id limit 1) m on true
      where n.holder_id is not null and (m.member_id is not null or not n.is_independent)
      order by n.run, m.member_id is null, n.place
    ), claim as (
      insert into idempotency_key (scope, key, request_hash, status, response, created_at)
      select r.scope, r.key, r.request_hash, 201,
        jsonb_build_object('outcome', case when o.member_id is null then 'registered' else 'recovered' end, 'memberId', coalesce(o.member_id, r.new_member_id)), r.at
      from run r left join owner o using (run) where r.has_consent order by r.scope, r.key
      on conflict (scope, key) do nothing
      returning scope, key, request_hash
    ), target as (
      select r.*, coalesce(o.person_id, r.new_person_id) as person_id, o.person_id is not null as is_known, o.member_id as existing_member_id,
        r.is_limited and o.member_id is null as wants_place
      from claim join run r using (scope, key, request_hash) left join owner o using (run)
    ), limited as (
      select c.channel_id, c.places from (select distinct channel_id from target where wants_place order by channel_id) w
        cross join lateral (select channel_id, max_registrations - counted_registrations as places from channel where channel_id = w.channel_id limit 1 for update) c
    ), settled as (
      select t.*, not t.is_limited or t.has_place as is_attributed
      from (
        select t.*, t.wants_place and l.places >= count(*) filter (where t.wants_place) over (partition by t.channel_id order by t.run) as has_place
        from target t left join limited l using (channel_id)) t
    ), counted as (
      update channel c set counted_registrations = c.counted_registrations + n.count
      from (select channel_id, count(*) as count from settled where has_place group by channel_id) n
      where c.channel_id = n.channel_id
    ), new_person as (
      insert into person (person_id, created_at) select person_id, at from settled where not is_known
    ), first_identifiers as (
      insert into identifier (namespace, value, person_id, evidence, observed_at)
      select n.namespace, n.value, s.person_id, s.evidence, s.at from settled s join named n using (run)
      where not s.is_known and n.holder_id is null order by n.namespace, n.value
    ), own_session as (
      update identifier i set person_id = s.person_id
      from settled s join named n on n.run = s.run and n.namespace = s.namespace and n.value = s.open_id and n.holder_id is not null
      where not s.is_known and i.namespace = s.namespace and i.value = s.open_id
    ), more_identifiers as (
      insert into identifier (namespace, value, person_id, evidence, observed_at)
      select n.namespace, n.value, s.person_id, s.evidence, s.at from settled s join named n using (run)
      where s.is_known order by n.namespace, n.value
      on conflict (namespace, value) do nothing
    ), shown as (
      insert into identity_edge (edge_id, a_namespace, a_value, b_namespace, b_value, source, strength, observed_at)
      select e.*, s.at from settled s
        cross join lateral json_to_recordset(s.edges) as e(edge_id uuid, a_namespace text, a_value text, b_namespace text, b_value text, source text, strength text)
      order by e.a_namespace, e.a_value, e.b_namespace, e.b_value, e.source
      on conflict (a_namespace, a_value, b_namespace, b_value, source) do nothing
    ), new_member as (
      insert into member (member_id, person_id, member_no, data_key_sealed, phone_sealed, phone_index, tier, tier_since, growth_value,
        channel_id, form_version, policy_version, registered_at, last_activity_at, confirmed_at, entered_by, held_at)
      select new_member_id, person_id, member_no, data_key, phone, phone_index, tier, at, growth,
        case when is_attributed then channel_id end, form_version, policy_version, at, at, confirmed_at, entered_by, case when risk_decision_id is not null then at end
      from settled where existing_member_id is null order by person_id
      returning member_id, channel_id
    ), joined as (
      select s.*, n.channel_id as joined_channel_id from new_member n join settled s on s.new_member_id = n.member_id
    ), answered as (
      insert into member_answer (member_id, field_key, value_sealed, form_version, answered_at)
      select j.new_member_id, a.field_key, a.value_sealed, j.form_version, j.at from joined j cross join lateral unnest(j.field_keys, j.answers) as a(field_key, value_sealed)
    ), given as (
      update consent c set person_id = s.person_id from settled s
      where c.namespace = s.namespace and c.open_id = s.open_id and c.person_id is null
    ), recorded as (
      insert into consent (consent_id, person_id, purpose, policy_version, channel_token, granted_at, decision, evidence, basis)
      select recorded_consent_id, person_id, 'membership', policy_version, channel_token, (basis->>'at')::timestamptz, 'granted',
        case when evidence = 'staffEntry' then 'staff' else evidence end, basis
      from joined where recorded_consent_id is not null
    ), earned as (
      insert into growth_entry (growth_entry_id, member_id, kind, amount, source, source_id, occurred_at, posted_at, via_namespace, via_value)
      select growth_entry_id, new_member_id, 'earn', growth, 'registration', new_member_id::text, at, at, namespaces[1], ids[1] from joined where growth_entry_id is not null
    ), told as (
      insert into timeline_entry (timeline_entry_id, person_id, at, kind, data, via_namespace, via_value)
      select timeline_entry_id, person_id, at, 'member.registered', jsonb_build_object('channelName', case when joined_channel_id is not null then channel_name end), namespaces[1], ids[1]
      from joined
    ), touched as (
      insert into touch (touch_id, person_id, channel_id, kind, occurred_at, via_namespace, via_value)
      select touch_id, person_id, joined_channel_id, 'registration', at, namespaces[1], ids[1] from joined where joined_channel_id is not null
    ), visited as (
      update visit v set member_at = j.at, member_id = j.new_member_id, namespace = j.namespace, open_id = j.open_id,
        consented_at = coalesce(v.consented_at, (select min(c.granted_at) from unnest(j.consent_ids) as given(id)
          cross join lateral (select granted_at from consent where consent_id = given.id limit 1) c), j.at),
        phone_at = coalesce(v.phone_at, case when j.phone is not null then j.at end)
      from joined j
      where v.visit_id = j.visit_id and v.member_at is null and (v.open_id is null or (v.namespace = j.namespace and v.open_id = j.open_id))
    ), judged as (
      insert into risk_decision (decision_id, at, outcome, reasons, namespace, open_id, channel_id, member_id)
      select risk_decision_id, at, 'hold', reasons, namespace, open_id, joined_channel_id, new_member_id from joined where risk_decision_id is not null
    ), drafted as (
      delete from registration_draft d using settled s where d.namespace = s.namespace and d.open_id = s.open_id
    ), queued as (
      insert into outbox (job, job_key, payload)
      select 'linkIdentity', concat_ws('|', person_id, array_to_string(ids, '|')), jsonb_build_object('personId', person_id, 'seenTogether',
        (select jsonb_agg(jsonb_build_object('namespace', namespace, 'value', value)) from unnest(ids, namespaces) as n(value, namespace)))
      from settled
    )
    select run, r.has_consent, s.run is not null as is_claimed, o.member_id as existing_member_id, s.person_id,
      case when s.channel_id is not null and s.is_attributed then s.adviser_name end as adviser_name
    from run r left join settled s using (run) left join owner o using (run)`,
}
