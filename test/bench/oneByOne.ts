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
