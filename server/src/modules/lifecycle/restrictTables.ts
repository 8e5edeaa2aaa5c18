import type { Statement } from '../../db/pool.ts'

/** A person and everybody who was absorbed into them, the survivor first. $1 any of them. */
export const selectFamily: Statement = {
  name: 'lifecycle_family',
  text: `with recursive up as (
      select person_id, absorbed_by from person where person_id = $1
      union all select p.person_id, p.absorbed_by from person p join up on p.person_id = up.absorbed_by
    ), down as (
      select person_id, 0 as depth from up where absorbed_by is null
      union all select p.person_id, d.depth + 1 from person p join down d on p.absorbed_by = d.person_id
    ) select person_id from down order by depth, person_id`,
}

/** Nothing of them moves while this is decided. $1 person ids. */
export const lockFamily: Statement = { name: 'lifecycle_lock_family', text: 'select person_id from person where person_id = any($1::uuid[]) order by person_id for update' }

/** The erasure that already runs for one of these. $1 person ids. */
export const selectRunningErasure: Statement = { name: 'lifecycle_running_erasure', text: 'select erasure_id from erasure where person_id = any($1::uuid[])' }

/** $1 id, $2 reason, $3 person id, $4 now, $5 answer by. */
export const insertErasure: Statement = {
  name: 'lifecycle_insert_erasure',
  text: `insert into erasure (erasure_id, reason, state, person_id, requested_at, answer_by) values ($1, $2, 'restricted', $3, $4, $5)`,
}

/** $1 erasure id, $2 step, $3 count, $4 now. */
export const insertReceipt: Statement = {
  name: 'lifecycle_insert_receipt',
  text: 'insert into erasure_receipt (erasure_id, step, count, at) values ($1, $2, $3, $4) on conflict (erasure_id, step) do update set count = excluded.count, at = excluded.at',
}

const counted = (change: string) => `with done as (${change} returning 1) select count(*)::int as count from done`
const step = (name: string, text: string) => ({ step: name, statement: { name: `lifecycle_restrict_${name}`, text } })
/** The family's members, sessions and drafts go by what they are recognised by. */
const byIdentifier = (table: string, match: string) => counted(`delete from ${table} t using identifier i where i.person_id = any($1::uuid[]) and ${match}`)

/** What makes a person unreachable, in order (PIPL 47: nothing but storage and protection). Each says how many rows it concerned. $1 person ids of the family, $2 now. */
export const restrictSteps: readonly { readonly step: string; readonly statement: Statement }[] = [
  step('phoneIndex', counted('update member set phone_index = null, restricted_at = $2 where person_id = any($1::uuid[])')),
  step('sessions', byIdentifier('member_session', `t.created_at <= $2 and ((i.namespace = t.namespace and i.value = t.open_id) or (i.namespace like 'unionid@%' and i.value = t.union_id))`)),
  step('drafts', byIdentifier('registration_draft', 't.updated_at <= $2 and i.namespace = t.namespace and i.value = t.open_id')),
  step('consents', counted(`update consent set withdrawn_at = $2 where person_id = any($1::uuid[]) and decision = 'granted' and withdrawn_at is null`)),
  step('messagesStopped', counted(`update delivery set state = 'cancelled', reason = '会员已注销', finished_at = $2 where person_id = any($1::uuid[]) and state = 'queued'`)),
  step('links', counted('update channel set revoked_at = $2 where person_id = any($1::uuid[]) and revoked_at is null')),
  step('waiting', counted('delete from pending_link where person_id = any($1::uuid[]) and created_at <= $2')),
  step('reviews', counted(`update identity_review set state = 'keptApart', decided_by = 'erasure', decided_at = $2 where state = 'open' and person_ids && $1::uuid[]`)),
  step('identifiers', `with moved as (delete from identifier where person_id = any($1::uuid[]) returning namespace, value, person_id, evidence, observed_at),
    kept as (insert into restricted_identifier (namespace, value, person_id, evidence, observed_at)
      select namespace, value, person_id, evidence, least(observed_at, $2) from moved)
    select count(*)::int as count from moved`),
]

/**
 * Contacts stay contacts of the reps who serve them, of a new person whom nothing joins to the old one. $1 person ids, $2 new person id,
 * $3 external-userid namespace, $4 now.
 */
export const detachContacts: Statement = {
  name: 'lifecycle_detach_contacts',
  text: `with contacts as (select external_user_id from external_contact where person_id = any($1::uuid[])),
    made as (insert into person (person_id, created_at) select $2, $4 where exists (select from contacts) returning person_id),
    moved as (update external_contact c set person_id = m.person_id from made m where c.person_id = any($1::uuid[]) returning c.external_user_id),
    named as (insert into identifier (namespace, value, person_id, evidence, observed_at)
      select $3, external_user_id, $2::uuid, 'externalContact', $4 from moved on conflict (namespace, value) do nothing)
    select f.external_user_id, f.staff_user_id from moved join follow_user f using (external_user_id) where f.ended_at is null`,
}
