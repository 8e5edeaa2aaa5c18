import type { SetStatement, Statement } from '../../db/pool.ts'

/**
 * Everything the door asks before it lets anybody in, read at once: an earlier answer to this key, the consents named, whether the session
 * belongs to a member, what waits in the draft, the channel, the visit, an allowance, and the last decision of a day about this account.
 * Look-ups are laterals with a limit: whatever a cached plan believed of a table's size, they stay look-ups by key.
 * A run: `scope`, `key`, `namespaces` and `ids` of the session's identifiers, `namespace`, `open_id`, `consent_ids`, `channel_token`,
 * `visit_id`, `at`.
 */
export const selectGates: SetStatement = {
  name: 'registration_gate',
  setText: `select run.ordinality::int as run, s.status,
      (select jsonb_agg(jsonb_build_object('purpose', purpose, 'policyVersion', policy_version)) from consent
        where consent_id = any(run.consent_ids) and namespace = run.namespace and open_id = run.open_id and decision = 'granted' and withdrawn_at is null) as consents,
      m.member_id, m.person_id, m.confirmed_at,
      d.draft_id, d.data_key_sealed, d.phone_sealed,
      c.channel_id, c.channel_kind, c.form_key, c.staff_user_id, c.channel_person_id, c.revoked_at, c.expires_at, c.max_registrations, c.counted_registrations,
      v.opened_at, r.outcome, r.verdict, a.allowed
    from rows from (json_to_recordset($1::json) as (scope text, key text, namespaces text[], ids text[], namespace text, open_id text, consent_ids uuid[], channel_token text, visit_id uuid, at timestamptz))
      with ordinality as run
    left join lateral (select status from idempotency_key i where i.scope = run.scope and i.key = run.key limit 1) s on true
    left join lateral (select m.member_id, m.person_id, m.confirmed_at from unnest(run.namespaces, run.ids) with ordinality as n(namespace, value, place)
      cross join lateral (select person_id from identifier i where i.namespace = n.namespace and i.value = n.value limit 1) i
      cross join lateral (select member_id, person_id, confirmed_at from member m where m.person_id = i.person_id limit 1) m
      order by n.place limit 1) m on true
    left join lateral (select draft_id, data_key_sealed, phone_sealed from registration_draft d where d.namespace = run.namespace and d.open_id = run.open_id and d.expires_at > run.at limit 1) d on true
    left join lateral (select channel_id, kind as channel_kind, form_key, staff_user_id, person_id as channel_person_id, revoked_at, expires_at, max_registrations, counted_registrations
      from channel where token = run.channel_token limit 1) c on true
    left join lateral (select opened_at from visit v where v.visit_id = run.visit_id and (v.open_id is null or (v.namespace = run.namespace and v.open_id = run.open_id)) limit 1) v on true
    left join lateral (select outcome, verdict from risk_decision d where d.namespace = run.namespace and d.open_id = run.open_id and d.at > run.at - interval '24 hours' and outcome in ('hold', 'deny')
      order by d.at desc limit 1) r on true
    left join lateral (select max(max_per_ten_minutes) as allowed from risk_allowance w where w.channel_id = c.channel_id and w.starts_at <= run.at and w.ends_at > run.at) a on true`,
}

/** $1 namespace, $2 openid, $3 now. */
export const selectDraft: Statement = {
  name: 'registration_draft_select',
  text: `select draft_id, channel_token, form_version, data_key_sealed, answers_sealed, phone_sealed, challenge_expires_at
    from registration_draft where namespace = $1 and open_id = $2 and expires_at > $3`,
}

/**
 * Keeps what was typed. A draft with another id in the way has run out, or was made at the same moment: it gives way.
 * $1 namespace, $2 openid, $3 draft id, $4 channel token or null, $5 form version, $6 data key, $7 answers, $8 now, $9 expires.
 */
export const upsertDraft: Statement = {
  name: 'registration_draft_upsert',
  text: `insert into registration_draft as d (namespace, open_id, draft_id, channel_token, form_version, data_key_sealed, answers_sealed, updated_at, expires_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    on conflict (namespace, open_id) do update set draft_id = excluded.draft_id, data_key_sealed = excluded.data_key_sealed,
      channel_token = coalesce(excluded.channel_token, d.channel_token), form_version = excluded.form_version, answers_sealed = excluded.answers_sealed,
      phone_sealed = case when d.draft_id = excluded.draft_id then d.phone_sealed end,
      counted_by = case when d.draft_id = excluded.draft_id then d.counted_by end,
      updated_at = excluded.updated_at, expires_at = excluded.expires_at`,
}

/** The phone alone, when the counters could not be asked. Parameters as `upsertDraft`, $7 the phone. */
export const upsertDraftPhone: Statement = {
  name: 'registration_draft_phone',
  text: `insert into registration_draft as d (namespace, open_id, draft_id, channel_token, form_version, data_key_sealed, phone_sealed, updated_at, expires_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    on conflict (namespace, open_id) do update set draft_id = excluded.draft_id, data_key_sealed = excluded.data_key_sealed,
      answers_sealed = case when d.draft_id = excluded.draft_id then d.answers_sealed end,
      phone_sealed = excluded.phone_sealed, updated_at = excluded.updated_at, expires_at = excluded.expires_at`,
}

/** Consents of this session that were given and not taken back, newest first. $1 namespace, $2 openid. */
export const selectSessionConsents: Statement = {
  name: 'registration_session_consents',
  text: `select consent_id, purpose, policy_version, granted_at from consent
    where namespace = $1 and open_id = $2 and decision = 'granted' and withdrawn_at is null order by granted_at desc, consent_id desc`,
}

/**
 * Keeps a new code unless one has just been sent. A code that still lives keeps the tries it has used, so that asking again gives no new ones.
 * $1 namespace, $2 openid, $3 hash, $4 now, $5 seconds between two codes, $6 seconds a code lives, $7 tries.
 */
export const armChallenge: Statement = {
  name: 'registration_arm_challenge',
  text: `update registration_draft set challenge_hash = $3, challenge_sent_at = $4::timestamptz, challenge_expires_at = $4::timestamptz + make_interval(secs => $6),
      challenge_tries = case when challenge_expires_at > $4 then challenge_tries else 0 end
    where namespace = $1 and open_id = $2 and (challenge_sent_at is null or challenge_sent_at <= $4::timestamptz - make_interval(secs => $5))
      and (challenge_expires_at is null or challenge_expires_at <= $4 or challenge_tries < $7) returning 1`,
}

/** Uses up one try. No row when there is no live code or no try left. $1 namespace, $2 openid, $3 hash of what was typed, $4 now, $5 tries. */
export const tryChallenge: Statement = {
  name: 'registration_try_challenge',
  text: `update registration_draft set challenge_tries = challenge_tries + 1
    where namespace = $1 and open_id = $2 and challenge_expires_at > $4 and challenge_tries < $5 returning challenge_hash = $3 as is_right`,
}

/** $1 visit id, $2 channel token, $3 namespace, $4 openid, $5 now. The same visit once; no row when the channel is unknown. */
export const insertVisit: Statement = {
  name: 'registration_insert_visit',
  text: `insert into visit (visit_id, channel_id, namespace, open_id, place, opened_at)
    select $1, channel_id, $3, $4, 'miniProgram', $5 from channel where token = $2 on conflict (visit_id) do nothing`,
}

/** $1 visit id, $2 channel token, $3 namespace, $4 openid. */
export const selectVisit: Statement = {
  name: 'registration_select_visit',
  text: `select 1 from visit v join channel c using (channel_id) where v.visit_id = $1 and c.token = $2 and v.namespace = $3 and v.open_id = $4`,
}
