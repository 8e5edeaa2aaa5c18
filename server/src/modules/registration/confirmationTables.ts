import type { Statement } from '../../db/pool.ts'

/** A link by which somebody a rep entered confirms: one use, bound to the person. $1 id, $2 token, $3 name, $4 staff, $5 external user id, $6 person id or null, $7 expires, $8 now. */
export const insertConfirmation: Statement = {
  name: 'registration_insert_confirmation',
  text: `insert into channel (channel_id, token, kind, name, staff_user_id, external_user_id, person_id, max_registrations, expires_at, state, created_by, created_at)
    values ($1, $2, 'confirmation', $3, $4, $5, $6, 1, $7, 'ready', $4, $8)`,
}

/** $1 token, $2 person id. The person is known once the registration is written. */
export const bindConfirmation: Statement = { name: 'registration_bind_confirmation', text: 'update channel set person_id = $2 where token = $1' }

/** $1 member id. */
export const selectConfirmationState: Statement = {
  name: 'registration_confirmation_state',
  text: 'select person_id, confirmed_at is not null as is_confirmed from member where member_id = $1',
}

/** A confirmation link of this person that still works. $1 person id, $2 now. */
export const selectOpenConfirmation: Statement = {
  name: 'registration_open_confirmation',
  text: `select token from channel where kind = 'confirmation' and person_id = $1 and revoked_at is null and expires_at > $2
      and counted_registrations < max_registrations
    order by created_at desc limit 1`,
}

/** $1 token. A link made for a registration that turned out not to be one. */
export const deleteConfirmation: Statement = { name: 'registration_delete_confirmation', text: `delete from channel where token = $1 and kind = 'confirmation'` }

/** $1 external user id. */
export const selectContactUnionId: Statement = { name: 'registration_contact_unionid', text: 'select union_id from external_contact where external_user_id = $1' }

/** Uses up a confirmation link. $1 token, $2 now. No row when it is closed. */
export const consumeConfirmation: Statement = {
  name: 'registration_consume_confirmation',
  text: `update channel set counted_registrations = counted_registrations + 1
    where token = $1 and kind = 'confirmation' and revoked_at is null and (expires_at is null or expires_at > $2) and counted_registrations < max_registrations
    returning person_id, external_user_id`,
}

/** The member to be confirmed, by a person who may have been absorbed since. $1 person id. */
export const lockMemberOfPerson: Statement = {
  name: 'registration_lock_member',
  text: `with recursive chain as (
      select person_id, absorbed_by from person where person_id = $1
      union all select p.person_id, p.absorbed_by from person p join chain c on p.person_id = c.absorbed_by
    )
    select m.member_id, m.person_id, m.growth_value, m.tier, m.registered_at, m.data_key_sealed, m.confirmed_at, m.held_at
    from member m where m.person_id = (select person_id from chain where absorbed_by is null) for update`,
}

/** $1 scope, $2 key, $3 request hash, $4 answer, $5 now. No row when the key was used before. */
export const claimAnswer: Statement = {
  name: 'registration_claim_answer',
  text: `insert into idempotency_key (scope, key, request_hash, status, response, created_at) values ($1, $2, $3, 201, $4, $5)
    on conflict (scope, key) do nothing returning 1`,
}

/** $1 person id, $2 namespace, $3 openid, $4 consent ids, $5 policy versions that count. Joins the session's consents to the person; a row says there is one for the membership. */
export const joinConsents: Statement = {
  name: 'registration_join_consents',
  text: `with joined as (
      update consent set person_id = $1 where namespace = $2 and open_id = $3 and person_id is null
    )
    select 1 from consent where consent_id = any($4::uuid[]) and namespace = $2 and open_id = $3 and policy_version = any($5::text[])
      and purpose = 'membership' and decision = 'granted' and withdrawn_at is null limit 1`,
}

/** $1 member id, $2 now, $3 phone or null, $4 its index or null: what WeChat verified replaces what somebody typed. */
export const confirmMemberRow: Statement = {
  name: 'registration_confirm_member',
  text: `update member set confirmed_at = coalesce(confirmed_at, $2), last_activity_at = greatest(last_activity_at, $2),
      phone_sealed = coalesce($3, phone_sealed), phone_index = coalesce($4, phone_index)
    where member_id = $1`,
}

/** $1 member id, $2 fields, $3 sealed answers, $4 form version, $5 now. */
export const upsertAnswers: Statement = {
  name: 'registration_upsert_answers',
  text: `insert into member_answer (member_id, field_key, value_sealed, form_version, answered_at)
    select $1, a.field_key, a.value_sealed, $4, $5 from unnest($2::text[], $3::bytea[]) as a(field_key, value_sealed)
    on conflict (member_id, field_key) do update set value_sealed = excluded.value_sealed, form_version = excluded.form_version, answered_at = excluded.answered_at`,
}

/**
 * Whether a session cannot be this person's: the person is known in a namespace the session shows, by other values only. WeChat gives one
 * human one unionid, and one openid per app (domain rules a 3). $1 namespaces, $2 values, $3 person id.
 */
export const selectForeignSession: Statement = {
  name: 'registration_foreign_session',
  text: `select exists (select from unnest($1::text[], $2::text[]) as n(namespace, value)
    where exists (select from identifier i where i.person_id = $3 and i.namespace = n.namespace)
      and not exists (select from identifier i where i.person_id = $3 and i.namespace = n.namespace and i.value = n.value)) as is_foreign`,
}

/** What a one-time link proves when it is opened in a session. $1 namespaces, $2 values, $3 person id, $4 now. */
export const insertSessionIdentifiers: Statement = {
  name: 'registration_session_identifiers',
  text: `insert into identifier (namespace, value, person_id, evidence, observed_at)
    select namespace, value, $3, 'bindLink', $4 from unnest($1::text[], $2::text[]) as n(namespace, value) on conflict (namespace, value) do nothing`,
}

/** $1 ids, $2 and $3 namespaces and values of a, $4 and $5 of b, $6 sources, $7 strengths, $8 now. */
export const insertEdges: Statement = {
  name: 'registration_edges',
  text: `insert into identity_edge (edge_id, a_namespace, a_value, b_namespace, b_value, source, strength, observed_at)
    select e.*, $8 from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) as e
    on conflict (a_namespace, a_value, b_namespace, b_value, source) do nothing`,
}

/** $1 id, $2 person id, $3 now, $4 namespace, $5 value it came through. */
export const insertConfirmedEntry: Statement = {
  name: 'registration_confirmed_entry',
  text: `insert into timeline_entry (timeline_entry_id, person_id, at, kind, via_namespace, via_value) values ($1, $2, $3, 'member.confirmed', $4, $5)`,
}

/** $1 visit id, $2 member id, $3 namespace, $4 openid, $5 now. */
export const closeVisit: Statement = {
  name: 'registration_close_visit',
  text: `update visit set member_at = $5, member_id = $2, namespace = $3, open_id = $4, consented_at = coalesce(consented_at, $5)
    where visit_id = $1 and member_at is null and (open_id is null or (namespace = $3 and open_id = $4))`,
}

/** $1 namespace, $2 openid. */
export const deleteDraft: Statement = { name: 'registration_delete_draft', text: 'delete from registration_draft where namespace = $1 and open_id = $2' }
