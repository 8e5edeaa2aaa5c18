import type { Statement } from '../../db/pool.ts'

const policyColumns = 'version, title, text, text_hash, diff_class, published_at, published_by'

/** $1 version, $2 title, $3 text, $4 hash, $5 published at, $6 diff class, $7 by or null. A version that is there stays as it is. */
export const insertPolicyVersion: Statement = {
  name: 'policy_version_insert',
  text: `insert into policy_version (version, title, text, text_hash, published_at, diff_class, published_by)
    values ($1, $2, $3, $4, $5, $6, $7) on conflict (version) do nothing returning 1`,
}

/** Every version's mark, oldest first. */
export const selectPolicyMarks: Statement = {
  name: 'policy_version_marks',
  text: 'select version, published_at, diff_class from policy_version order by published_at, version',
}

/** $1 version. */
export const selectPolicyVersion: Statement = { name: 'policy_version_select', text: `select ${policyColumns} from policy_version where version = $1` }

/** Every version, newest first, with how many people said yes to it. */
export const selectPolicies: Statement = {
  name: 'policy_version_list',
  text: `select ${policyColumns}, (select count(*)::int from consent c where c.policy_version = p.version and c.decision = 'granted') as consents
    from policy_version p order by published_at desc, version desc`,
}

/** Publishers come one after the other; readers are not held up. */
export const lockPolicies: Statement = { name: 'policy_version_lock', text: 'lock table policy_version in share row exclusive mode' }

/** $1 now. */
export const selectPolicyInForce: Statement = {
  name: 'policy_version_in_force',
  text: `select ${policyColumns} from policy_version where published_at <= $1 order by published_at desc, version desc limit 1`,
}

/** Persons who hold one of these identifiers. $n namespaces, $n+1 values. */
const personsOf = (first: number) => `select i.person_id from unnest($${first}::text[], $${first + 1}::text[]) as shown(namespace, value) join identifier i using (namespace, value)`

/**
 * Records a yes or a no per purpose, and in the same round trip that the visit of this session has come this far (R102).
 * The person is known only to members: before registration a consent belongs to the session's openid.
 * $1 ids, $2 purposes (same length), $3 namespace, $4 openid, $5 decision, $6 policy version, $7 channel token or null, $8 evidence, $9 now,
 * $10 namespaces and $11 values of everything the session vouches for, the furthest reaching first.
 */
export const insertConsents: Statement = {
  name: 'consent_insert',
  text: `with holder as (
      select i.person_id from unnest($10::text[], $11::text[]) with ordinality as shown(namespace, value, place)
      join identifier i using (namespace, value) join member using (person_id) order by shown.place limit 1
    ), seen as (
      update visit set consented_at = $9
      where namespace = $3 and open_id = $4 and consented_at is null and member_at is null and $5 = 'granted' and 'membership' = any($2::text[])
        and channel_id = (select channel_id from channel where token = $7)
    ), acted as (
      update member m set last_activity_at = greatest(m.last_activity_at, $9) from holder h where m.person_id = h.person_id and m.archived_at is null and m.restricted_at is null
    )
    insert into consent (consent_id, namespace, open_id, person_id, purpose, decision, policy_version, channel_token, evidence, granted_at)
    select said.consent_id, $3, $4, (select person_id from holder), said.purpose, $5, $6, $7, $8, $9
    from unnest($1::uuid[], $2::text[]) as said(consent_id, purpose)
    returning (select m.member_id from holder h join member m using (person_id) where m.archived_at is not null and m.restricted_at is null) as archived_member_id`,
}

/** Everything this session or its person ever said. An array, not `in`: only so does each half use its index. $1 namespace, $2 openid, $3 namespaces, $4 values. */
const mine = `((c.namespace = $1 and c.open_id = $2) or c.person_id = any(array(${personsOf(3)})))`

/** $1 namespace, $2 openid, $3 namespaces, $4 values. */
export const selectConsentsOfSession: Statement = {
  name: 'consent_of_session',
  text: `select c.purpose, c.decision, c.policy_version, c.granted_at, c.withdrawn_at from consent c where ${mine}`,
}

/** The same with what proves each, newest first. */
export const selectConsentHistory: Statement = {
  name: 'consent_history',
  text: `select c.consent_id, c.purpose, c.decision, c.policy_version, p.text_hash, c.granted_at, c.withdrawn_at, c.evidence, ch.name as channel_name
    from consent c join policy_version p on p.version = c.policy_version left join channel ch on ch.token = c.channel_token
    where ${mine} order by c.granted_at desc, c.consent_id desc`,
}

/** $5 now, $6 purposes or null for all of them. Ends every standing yes of this human, whichever session or channel it came through. */
export const withdrawConsents: Statement = {
  name: 'consent_withdraw',
  text: `update consent c set withdrawn_at = $5 where c.decision = 'granted' and c.withdrawn_at is null
    and ($6::text[] is null or c.purpose = any($6)) and ${mine} returning c.purpose, c.person_id`,
}

/** $1 namespaces, $2 values. */
export const selectPersonsOfSession: Statement = { name: 'consent_persons_of_session', text: `select distinct person_id from (${personsOf(1)}) as held` }

/** $1 person id. */
export const selectConsentsOfPerson: Statement = {
  name: 'consent_of_person',
  text: 'select purpose, decision, policy_version, granted_at, withdrawn_at from consent where person_id = $1',
}

/** $1 person id. Members who have not confirmed, are held, absorbed, archived or restricted may not be approached. */
export const selectApproachableMember: Statement = {
  name: 'consent_approachable_member',
  text: 'select 1 from member where person_id = $1 and confirmed_at is not null and held_at is null and absorbed_by is null and archived_at is null and restricted_at is null',
}

/** $1 person ids, $2 now, $3 why, in words. What names nobody is held against the holders of its number when it is sent. */
export const cancelMarketingDeliveries: Statement = {
  name: 'consent_cancel_marketing',
  text: `update delivery set state = 'cancelled', reason = $3, finished_at = $2
    where state = 'queued' and purpose = 'marketing' and person_id = any($1::uuid[])`,
}

/** $1 person ids, $2 field keys. */
export const deleteAnswers: Statement = {
  name: 'consent_delete_answers',
  text: `delete from member_answer a using member m where m.member_id = a.member_id and m.person_id = any($1::uuid[]) and a.field_key = any($2::text[])`,
}
