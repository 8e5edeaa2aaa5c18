import type { Statement } from '../../db/pool.ts'

/**
 * One row per message. $1 ids, $2 media, $3 purpose, $4 person ids (with nulls), $5 channel id or null, $6 sealed recipients, $7 their indexes,
 * $8 subject or null, $9 sealed bodies, $10 who made them, $11 now.
 */
export const insertDeliveries: Statement = {
  name: 'delivery_insert',
  text: `insert into delivery (delivery_id, medium, purpose, person_id, channel_id, recipient_sealed, recipient_index, subject, body_sealed, created_by, created_at)
    select d.delivery_id, d.medium, $3, d.person_id, $5, d.recipient_sealed, d.recipient_index, $8, d.body_sealed, $10, $11
    from unnest($1::uuid[], $2::text[], $4::uuid[], $6::bytea[], $7::bytea[], $9::bytea[])
      as d(delivery_id, medium, person_id, recipient_sealed, recipient_index, body_sealed)`,
}

/** Who holds these numbers among the members. $1 phone indexes. */
export const selectHolders: Statement = {
  name: 'delivery_holders',
  text: 'select phone_index, person_id from member where phone_index = any($1::bytea[]) and absorbed_by is null',
}

/** $1 delivery id. */
export const selectQueued: Statement = {
  name: 'delivery_queued',
  text: `select medium, purpose, person_id, recipient_sealed, subject, body_sealed from delivery where delivery_id = $1 and state = 'queued'`,
}

/** Only what still waits changes: a message withdrawn meanwhile stays cancelled. $1 delivery id, $2 state, $3 reason or null, $4 now. */
export const finishDelivery: Statement = {
  name: 'delivery_finish',
  text: `update delivery set state = $2, reason = $3, finished_at = $4 where delivery_id = $1 and state = 'queued'`,
}

export const selectRecent: Statement = {
  name: 'delivery_recent',
  text: `select d.delivery_id, d.medium, d.purpose, d.recipient_sealed, d.state, d.reason, c.name as channel_name, d.created_at, d.finished_at
    from delivery d left join channel c using (channel_id) order by d.created_at desc, d.delivery_id desc limit 500`,
}
